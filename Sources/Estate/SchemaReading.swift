import Domain

/// An exporter between two registries of an estate.
struct FoundExporter {
    let observed: ObservedExporter
    let source: String
    let destination: String
    let contextType: ExporterContextType

    /// What manifests say so that it is as it is.
    var settings: SchemaSettings {
        var settings = SchemaSettings(subjects: observed.subjects.isEmpty ? ["*"] : observed.subjects)
        if let format = observed.subjectRenameFormat, !format.isEmpty { settings.subjectRenameFormat = format }
        settings.paused = observed.state == .paused
        return settings
    }
}

/// Finds out where exporters lead.
struct SchemaReading {
    private(set) var exporters: [FoundExporter] = []
    private(set) var remarks: [Remark] = []

    init(_ estate: Estate) {
        for environment in estate.environments {
            for exporter in (environment.registry?.exporters ?? []).sorted(by: { $0.name < $1.name }) {
                take(exporter, of: environment.name, in: estate)
            }
        }
    }

    private mutating func take(_ exporter: ObservedExporter, of environment: String, in estate: Estate) {
        let url = exporter.destinationURL.map(Self.plain)
        guard let url, let other = estate.environments.first(where: { $0.registryEndpoint.map(Self.plain) == url })
        else {
            remarks.append(
                .exporterToElsewhere(exporter: exporter.name, environment: environment, url: exporter.destinationURL))
            return
        }
        guard let contextType = exporter.contextType else {
            remarks.append(.exporterContext(exporter: exporter.name, environment: environment))
            return
        }
        exporters.append(
            FoundExporter(observed: exporter, source: environment, destination: other.name, contextType: contextType))
    }

    /// An address as it is compared: without a trailing slash, in small letters.
    private static func plain(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url.removeLast() }
        return url.lowercased()
    }
}

extension RegistrySnapshot {
    /// Whether clients cannot register schemas where an exporter of these subjects writes to; `nil` = it is not known.
    func isStandby(for subjects: [String]) -> Bool? {
        let contexts = RegistryContext.reached(bySubjects: subjects) ?? Array(Set(modes.keys).union([.standard]))
        let seen = contexts.compactMap { modes[$0] ?? modes[.standard] }
        return seen.count == contexts.count ? seen.allSatisfy { $0 == .import } : nil
    }
}
