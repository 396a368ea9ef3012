import Domain
import Transport

struct ModeWire: Codable, Sendable {
    let mode: String
}

struct CompatibilityWire: Decodable, Sendable {
    let level: String?

    enum CodingKeys: String, CodingKey {
        case level = "compatibilityLevel"
    }
}

struct ExporterWire: Decodable, Sendable {
    let name: String?
    let contextType: String?
    let context: String?
    let subjects: [String]?
    let subjectRenameFormat: String?
    let config: [String: String]?
}

struct ExporterStatusWire: Decodable, Sendable {
    let state: String?
    let trace: ServiceText?

    /// The failure text, when there is one.
    var failure: String? {
        guard let trace = trace?.text, !trace.isEmpty else { return nil }
        return trace
    }
}

extension ExporterWire {
    func observed(name: String, status: ExporterStatusWire) -> ObservedExporter {
        ObservedExporter(
            name: name, contextType: contextType.map { ExporterContextType(rawValue: $0) } ?? .auto,
            context: context.flatMap { $0.isEmpty ? nil : $0 }, subjects: subjects ?? [],
            subjectRenameFormat: subjectRenameFormat, destinationURL: config?["schema.registry.url"],
            state: ExporterState(wire: status.state), trace: status.failure)
    }
}

/// Bodies that are sent to a registry.
enum RegistryBody {
    struct Compatibility: Encodable {
        let compatibility: String
    }

    struct Exporter: Encodable {
        let name: String?
        let contextType: String
        let context: String?
        let subjects: [String]
        let subjectRenameFormat: String
        let kekRenameFormat: String
        let config: [String: String]
    }
}
