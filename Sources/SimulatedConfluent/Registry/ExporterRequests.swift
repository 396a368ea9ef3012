package import SimulatorCore

extension RegistryRefusal {
    static func exporterNotFound(_ name: String) -> RegistryRefusal {
        RegistryRefusal(40450, "Exporter '\(name)' not found")
    }

    static let exporterName = RegistryRefusal(40950, "Missing or invalid exporter name")
    static let exporterConfig = RegistryRefusal(40951, "Missing or invalid exporter config")
    static let exporterSubjects = RegistryRefusal(40952, "Invalid exporter subjects")

    static func exporterExists(_ name: String) -> RegistryRefusal {
        RegistryRefusal(40960, "Exporter '\(name)' already exists")
    }

    static func exporterRunning(_ name: String) -> RegistryRefusal {
        RegistryRefusal(40961, "Exporter '\(name)' is already running")
    }

    static func exporterNotPaused(_ name: String) -> RegistryRefusal {
        RegistryRefusal(40963, "Exporter '\(name)' is not paused")
    }

    static let tooManyExporters = RegistryRefusal(40964, "Too many exporters")
}

extension Registry {
    /// Confluent Cloud's default quota of exporters per registry.
    static let maximalExporters = 10

    func exporter(_ name: String) throws(RegistryRefusal) -> SchemaExporter {
        guard let exporter = exporters[name] else { throw .exporterNotFound(name) }
        return exporter
    }

    /// Creates an exporter, which starts by itself.
    ///
    /// - Throws: 40950, 40951, 40952, 40960, 40964.
    mutating func createExporter(
        _ body: JSON?, pace: SchemaExporter.Pace, at time: Milliseconds
    ) throws(RegistryRefusal) -> String {
        guard let name = body?["name"]?.string, Self.isExporterName(name) else { throw .exporterName }
        guard exporters[name] == nil else { throw .exporterExists(name) }
        guard exporters.count < Self.maximalExporters else { throw .tooManyExporters }
        var exporter = SchemaExporter(
            name: name, contextType: .automatic, subjects: ["*"], config: [:], notBefore: time + pace.start)
        try exporter.apply(body)
        guard exporter.config["schema.registry.url"] != nil else { throw .exporterConfig }
        exporters[name] = exporter
        noteState(of: name)
        return name
    }

    private static func isExporterName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && name.unicodeScalars.allSatisfy { $0.value > 0x20 }
    }

    /// Changes a paused exporter's definition.
    ///
    /// - Throws: 40450, 40951, 40952, 40963.
    mutating func updateExporter(_ name: String, _ body: JSON?) throws(RegistryRefusal) {
        var exporter = try pausedExporter(name)
        let config = exporter.config
        try exporter.apply(body)
        if lies.contains(.maskedSecretsKept) { exporter.keepMasked(config) }
        exporters[name] = exporter
    }

    mutating func replaceExporterConfig(_ name: String, _ body: JSON?) throws(RegistryRefusal) {
        try updateExporter(name, ["config": body?["config"] ?? body ?? .null])
    }

    private func pausedExporter(_ name: String) throws(RegistryRefusal) -> SchemaExporter {
        let exporter = try self.exporter(name)
        guard exporter.state == .paused || lies.contains(.exportersChangedWhileRunning) else {
            throw .exporterNotPaused(name)
        }
        return exporter
    }

    mutating func pauseExporter(_ name: String) throws(RegistryRefusal) {
        _ = try exporter(name)
        exporters[name]?.state = .paused
        noteState(of: name)
    }

    private mutating func noteState(of name: String) {
        pendingEffects.append(.exporter(registry: id, name: name, state: exporters[name]?.state.rawValue))
    }

    mutating func resumeExporter(
        _ name: String, pace: SchemaExporter.Pace, at time: Milliseconds
    ) throws(RegistryRefusal) {
        guard try exporter(name).state == .paused else { throw .exporterRunning(name) }
        exporters[name]?.start(at: time, pace: pace)
        noteState(of: name)
    }

    mutating func resetExporter(_ name: String) throws(RegistryRefusal) {
        _ = try pausedExporter(name)
        exporters[name]?.position = 0
        exporters[name]?.progressed = 0
        exporters[name]?.trace = ""
    }

    mutating func deleteExporter(_ name: String) throws(RegistryRefusal) {
        _ = try pausedExporter(name)
        exporters[name] = nil
        noteState(of: name)
    }
}

extension SchemaExporter {
    package mutating func start(at time: Milliseconds, pace: Pace) {
        state = .starting
        trace = ""
        isConnected = false
        notBefore = time + pace.start
    }

    /// Puts the secrets back that were written back as their mask.
    fileprivate mutating func keepMasked(_ before: [String: String]) {
        for (key, value) in config where value == Self.hidden { config[key] = before[key] ?? value }
    }

    /// Takes over the fields that a create or update body holds.
    fileprivate mutating func apply(_ body: JSON?) throws(RegistryRefusal) {
        guard let body, body.members != nil else { throw .badRequest }
        if let subjects = body["subjects"], subjects != .null {
            guard let names = subjects.array?.compactMap(\.string), !names.isEmpty,
                names.allSatisfy({ !$0.isEmpty && QualifiedSubject($0).hasNoControlCharacters })
            else { throw .exporterSubjects }
            self.subjects = names
        }
        if let format = body["subjectRenameFormat"]?.string { subjectRenameFormat = format }
        if let format = body["kekRenameFormat"]?.string { kekRenameFormat = format }
        if let config = body["config"], config != .null { self.config = try Self.config(config) }
        try applyContext(body)
    }

    private mutating func applyContext(_ body: JSON) throws(RegistryRefusal) {
        if let name = body["contextType"]?.string {
            guard name != "DEFAULT" else { throw .unmodelled("the exporter context type DEFAULT") }
            guard let type = ContextType(rawValue: name) else { throw .exporterConfig }
            contextType = type
        }
        if let given = body["context"]?.string, !given.isEmpty {
            givenContext = given
            context = given.hasPrefix(".") ? given : ".\(given)"
        }
        guard contextType != .custom || context != nil else { throw .exporterConfig }
    }

    private static func config(_ value: JSON) throws(RegistryRefusal) -> [String: String] {
        guard let members = value.members else { throw .exporterConfig }
        var config: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else { throw .exporterConfig }
            guard !member.name.hasPrefix("bearer.auth.") else {
                throw .unmodelled("bearer authentication of exporters")
            }
            config[member.name] = text
        }
        guard config["schema.registry.url"]?.isEmpty == false else { throw .exporterConfig }
        return config
    }
}
