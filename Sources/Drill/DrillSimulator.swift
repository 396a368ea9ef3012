import Domain
import Execution
import Session
import SimulatorServer
import Transport

/// The admin side of the simulator a rehearsal runs against.
struct DrillSimulator {
    let endpoints: SimulatorEndpoints
    let transport: HTTPTransport
    private let admin: HTTPEndpoint

    init(_ endpoints: SimulatorEndpoints, transport: HTTPTransport) throws(CommandFailure) {
        self.endpoints = endpoints
        self.transport = transport
        guard let admin = HTTPEndpoint(endpoints.admin, transport: transport) else {
            throw CommandFailure(.error, "the simulator listens at \(endpoints.admin), which is no URL")
        }
        self.admin = admin
    }

    // MARK: The world

    struct Overview: Decodable {
        struct Cluster: Decodable {
            let id: String
            let displayName: String
            let kind: String
            let region: String
            let bootstrap: String
            let rest: String
        }

        struct Registry: Decodable {
            let id: String
            let environment: String
            let region: String
            let url: String?
        }

        let clusters: [Cluster]
        let registries: [Registry]
    }

    func overview() async throws(CommandFailure) -> Overview {
        try await send(HTTPCall(.get, ""))
    }

    /// Adds to the estate.
    func seed(_ estate: SimulatedEstate) async throws(CommandFailure) {
        let _: Ignored = try await send(.post, "/estate", estate)
    }

    /// Takes a region away from everybody, or gives it back.
    func set(region: String, isSilent: Bool) async throws(CommandFailure) {
        let call = HTTPCall(.put, RequestPath("/regions").appending(region))
        let _: Ignored = try await send(call, RegionState(state: isSilent ? "blackhole" : "up"))
    }

    private struct RegionState: Encodable {
        let state: String
    }

    // MARK: Applications

    /// How the applications fare.
    struct Workload: Decodable {
        struct Move: Decodable {
            let to: String
            let lastAckBefore: Int64
            let firstAckAfter: Int64
        }

        struct Client: Decodable {
            let name: String
            let cluster: String?
            let acknowledged: Int64
            let refused: [String: Int64]
            let lastAckOn: String?
            let moves: [Move]
            let consumed: Int64
            let unread: [String: Int64]
        }

        struct Group: Decodable {
            let acknowledged: Int64
            let lost: Int64
            let oldestLostAckedAt: Int64?
        }

        struct ConsumerGroup: Decodable {
            let duplicates: Int64
            let gaps: Int64
        }

        let clients: [Client]
        let groups: [Group]
        let consumerGroups: [ConsumerGroup]
    }

    /// Starts applications.
    func start(_ clients: [DrillClient]) async throws(CommandFailure) {
        let _: Ignored = try await send(.post, "/workload", ["clients": clients])
    }

    func workload() async throws(CommandFailure) -> Workload {
        try await send(HTTPCall(.get, "/workload"))
    }

    /// Where a restart hook restarts applications.
    var restartURL: String { "\(endpoints.admin)/workload/restart" }

    // MARK: Calls

    /// An answer of which nothing is used.
    private struct Ignored: Decodable {}

    private func send<Answer: Decodable & Sendable>(
        _ method: HTTPCall.Method, _ path: RequestPath, _ body: some Encodable
    ) async throws(CommandFailure) -> Answer {
        try await send(HTTPCall(method, path), body)
    }

    private func send<Answer: Decodable & Sendable>(
        _ call: HTTPCall, _ body: some Encodable
    ) async throws(CommandFailure) -> Answer {
        let whole: HTTPCall
        do throws(HTTPCall.BodyNotEncodable) {
            whole = try call.json(body)
        } catch {
            throw CommandFailure(.error, "a body for the simulator cannot be written as JSON")
        }
        return try await send(whole)
    }

    private func send<Answer: Decodable & Sendable>(_ call: HTTPCall) async throws(CommandFailure) -> Answer {
        do throws(TransportFailure) {
            return try await admin.send(call, as: Answer.self)
        } catch {
            throw CommandFailure(.error, "the simulator: \(error.reason)")
        }
    }
}

extension DrillSimulator.Overview.Cluster {
    private enum CodingKeys: String, CodingKey {
        case id
        case displayName = "display_name"
        case kind
        case region
        case bootstrap
        case rest
    }
}
