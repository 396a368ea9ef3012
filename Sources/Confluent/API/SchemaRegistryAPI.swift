import Domain
import Planning
import Transport

/// Operations of a Schema Registry that Spillway uses.
struct SchemaRegistryAPI: Sendable {
    private static let mediaType = "application/vnd.schemaregistry.v1+json"

    let endpoint: HTTPEndpoint

    /// The mode in effect in a context: its own, or the one it inherits.
    func mode(of context: RegistryContext) async throws(TransportFailure) -> RegistryMode {
        let path = Self.modePath(context).querying("defaultToGlobal", "true")
        do throws(TransportFailure) {
            return RegistryMode(wire: try await endpoint.get(path, as: ModeWire.self).mode)
        } catch  where error.code == "40409" || error.code == "40401" {
            return .readWrite
        }
    }

    func setMode(_ mode: RegistryMode, of context: RegistryContext, force: Bool) async throws(TransportFailure) {
        let path = Self.modePath(context).querying("force", force ? "true" : nil)
        try await put(path, ModeWire(mode: mode.description))
    }

    /// Global compatibility level; `nil` for a word this version does not know.
    func compatibility() async throws(TransportFailure) -> CompatibilityLevel? {
        let level = try await endpoint.get(RequestPath("/config"), as: CompatibilityWire.self).level
        return level.flatMap(CompatibilityLevel.init(rawValue:))
    }

    func setCompatibility(_ level: CompatibilityLevel) async throws(TransportFailure) {
        try await put(RequestPath("/config"), RegistryBody.Compatibility(compatibility: level.rawValue))
    }

    /// Subjects of all contexts that are not deleted, by context.
    func subjects() async throws(TransportFailure) -> [RegistryContext: Set<String>] {
        let path = RequestPath("/subjects").querying("subjectPrefix", ":*:").querying("deleted", "false")
        var subjects: [RegistryContext: Set<String>] = [:]
        let names = try await everything { offset throws(TransportFailure) in
            let names = try await endpoint.get(path.starting(at: offset), as: [String].self)
            return (rows: Set(names), count: names.count)
        }
        for name in names {
            let (context, subject) = Self.split(name)
            subjects[context, default: []].insert(subject)
        }
        return subjects
    }

    // MARK: Exporters

    func exporters() async throws(TransportFailure) -> [String] {
        try await endpoint.get(Self.exportersPath, as: [String].self).sorted()
    }

    func exporter(_ name: String) async throws(TransportFailure) -> ExporterWire {
        try await endpoint.get(Self.exporterPath(name), as: ExporterWire.self)
    }

    func exporterStatus(_ name: String) async throws(TransportFailure) -> ExporterStatusWire {
        try await endpoint.get(Self.exporterPath(name).with("/status"), as: ExporterStatusWire.self)
    }

    func createExporter(
        _ definition: ExporterDefinition, config: [String: String], secrets: [Secret]
    ) async throws(TransportFailure) {
        var call = HTTPCall(.post, Self.exportersPath).repeatable()
        call.secrets = secrets
        let body = Self.body(definition, name: definition.exporter, config)
        _ = try await endpoint.send(try endpoint.encoding(body, into: call, mediaType: Self.mediaType))
    }

    /// Replaces definition and config; refused unless the exporter is PAUSED.
    func updateExporter(
        _ definition: ExporterDefinition, config: [String: String], secrets: [Secret]
    ) async throws(TransportFailure) {
        try await put(Self.exporterPath(definition.exporter), Self.body(definition, name: nil, config), secrets)
    }

    func pauseExporter(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.put, Self.exporterPath(name).with("/pause")))
    }

    func resumeExporter(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.put, Self.exporterPath(name).with("/resume")))
    }

    /// Lets an exporter begin from the start; refused unless it is PAUSED.
    func resetExporter(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.put, Self.exporterPath(name).with("/reset")))
    }

    func deleteExporter(_ name: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.delete, Self.exporterPath(name)))
    }

    // MARK: Parts

    /// All rows of a list that a registry may cut at a length of its own without saying so: it is read on until nothing new
    /// comes.
    func everything<Row: Hashable>(
        _ page: (Int) async throws(TransportFailure) -> (rows: Set<Row>, count: Int)
    ) async throws(TransportFailure) -> Set<Row> {
        var (all, offset) = try await page(0)
        while offset > 0 {
            let (rows, count) = try await page(offset)
            guard !rows.isSubset(of: all) else { break }
            all.formUnion(rows)
            offset += count
        }
        return all
    }

    private static let exportersPath = RequestPath("/exporters")

    private static func exporterPath(_ name: String) -> RequestPath { exportersPath.appending(name) }

    private static func modePath(_ context: RegistryContext) -> RequestPath {
        let path = RequestPath("/mode")
        return context == .standard ? path : path.appending(context.qualifier)
    }

    /// `:.dr:orders` → context `dr`, subject `orders`; a name without qualifier is of the default context.
    static func split(_ name: String) -> (RegistryContext, String) {
        guard name.hasPrefix(":.") else { return (.standard, name) }
        let rest = name.dropFirst()
        guard let end = rest.firstIndex(of: ":") else { return (.standard, name) }
        return (RegistryContext(rest[..<end]), String(rest[rest.index(after: end)...]))
    }

    private static func body(
        _ definition: ExporterDefinition, name: String?, _ config: [String: String]
    ) -> RegistryBody.Exporter {
        RegistryBody.Exporter(
            name: name, contextType: definition.contextType.rawValue, context: definition.context,
            subjects: definition.subjects, subjectRenameFormat: definition.subjectRenameFormat,
            kekRenameFormat: definition.kekRenameFormat, config: config)
    }

    private func put(
        _ path: RequestPath, _ body: some Encodable, _ secrets: [Secret] = []
    ) async throws(TransportFailure) {
        var call = HTTPCall(.put, path)
        call.secrets = secrets
        _ = try await endpoint.send(try endpoint.encoding(body, into: call, mediaType: Self.mediaType))
    }
}

extension RequestPath {
    /// The part of a list that begins behind so many rows.
    func starting(at offset: Int) -> RequestPath {
        offset == 0 ? self : querying("offset", String(offset))
    }
}
