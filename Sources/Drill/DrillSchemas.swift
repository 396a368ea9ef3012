import Domain
import Execution
import Rendering
import Session
import SimulatorServer
import Transport

/// A schema that applications register while the primary is lost: whether it is on both sides in the end.
struct DrillSchemas {
    /// Subject in the registry's own notation.
    let subject: String
    /// Id that the successor's registry gave it.
    private(set) var id: Int?

    /// A schema among those the family moves.
    ///
    /// - Returns: `nil` when it moves none, or only subjects that are named in full, of which the content is not known.
    init?(of family: GroupFamily) {
        let subjects = family.groups.compactMap(\.schemas).flatMap(\.subjects)
        guard let pattern = subjects.first(where: { $0.hasSuffix("*") }) else { return nil }
        subject = pattern.hasSuffix(":*:") || pattern == ":*:" ? "drill-value" : pattern.dropLast() + "drill-value"
    }

    private struct Version: Encodable {
        let schema: String
    }

    private struct Answer: Decodable {
        let id: Int
    }

    mutating func register(at registry: HTTPEndpoint) async throws(CommandFailure) {
        let schema = Version(schema: #"{"type": "record", "name": "Drill", "fields": []}"#)
        do {
            let path = RequestPath("/subjects").appending(subject).with("/versions")
            id = try await registry.send(HTTPCall(.post, path).json(schema), as: Answer.self).id
        } catch {
            throw CommandFailure(.error, "the new primary's registry takes no schema \(subject): \(error)")
        }
    }

    /// Whether a registry holds it under the same id.
    func isHeld(by registry: HTTPEndpoint) async -> Bool {
        let path = RequestPath("/subjects").appending(subject).with("/versions/latest")
        let held = try? await registry.get(path, as: Answer.self)
        return held != nil && held?.id == id
    }
}

extension DrillSimulator {
    func registry(in region: String) async throws(CommandFailure) -> HTTPEndpoint {
        let url = try await overview().registries.first { $0.region == region }?.url
        let authorization = Authorization.basic(
            user: Secret(endpoints.credentials.key), password: Secret(endpoints.credentials.secret))
        guard let url, let endpoint = HTTPEndpoint(url, transport: transport, authorization: authorization) else {
            throw CommandFailure(.error, "the simulator has no registry in \(region)")
        }
        return endpoint
    }
}

extension Rehearsal {
    /// Registers a schema while the primary is lost.
    mutating func registerDuringTheOutage(_ phase: inout DrillReport.Phase) async throws(CommandFailure) {
        guard let environment = environment(of: successor), environment != self.environment(of: primary),
            var schemas = DrillSchemas(of: family)
        else { return }
        try await schemas.register(at: try await registry(of: environment))
        self.schemas = schemas
        phase.schemas = DrillReport.Schemas(subject: schemas.subject)
    }

    /// Looks whether the lost member's registry has what was registered while it was lost.
    func lookForSchemas(_ phase: inout DrillReport.Phase) async throws(CommandFailure) {
        guard let schemas, let environment = environment(of: primary) else { return }
        var found = DrillReport.Schemas(subject: schemas.subject)
        found.isOn = await schemas.isHeld(by: try await registry(of: environment)) ? primary : nil
        found.wasExpectedOn = primary
        phase.schemas = found
        guard found.isOn == nil else { return }
        throw CommandFailure(
            .error,
            "\(phase.kind.rawValue): schema \(schemas.subject), registered during the outage, is not on \(primary)")
    }

    private func environment(of member: String) -> String? {
        rehearsed.workspace.clusters[member]?.environment
    }

    private func registry(of environment: String) async throws(CommandFailure) -> HTTPEndpoint {
        try await simulator.registry(in: rehearsed.estate.region(ofEnvironment: environment))
    }
}
