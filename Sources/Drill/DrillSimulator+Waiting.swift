import Domain
import Execution
import Session
import SimulatorServer
import Transport

/// Waiting for what the simulated world does by itself.
extension DrillSimulator {
    private static let patience: Duration = .seconds(60)
    private static let pause: Duration = .milliseconds(100)

    /// Waits until the applications are in a state.
    ///
    /// - Throws: ``CommandFailure`` with the reason, and with what they were refused with, when they are not in time.
    @discardableResult
    func wait(
        _ reason: String, until isThere: (Workload) -> Bool
    ) async throws -> Workload {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let workload = try await workload()
            if isThere(workload) { return workload }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure(.error, "\(reason) within \(Self.patience): \(workload.refusalsInWords)")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Waits until something is so.
    func wait(upTo limit: Duration, _ reason: String, until isSo: () async throws -> Bool) async throws {
        guard try await !reaches(upTo: limit, isSo) else { return }
        throw CommandFailure(.error, "\(reason) within \(limit)")
    }

    /// Waits until something is so.
    ///
    /// - Returns: Whether it was in time.
    func reaches(upTo limit: Duration, _ isSo: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: Self.pause)
        }
        return true
    }

    // MARK: What a standby has

    private struct List<Item: Decodable & Sendable>: Decodable, Sendable {
        let data: [Item]
    }

    private struct Mirror: Decodable {
        struct Lag: Decodable {
            let lastSourceFetchOffset: Int64

            private enum CodingKeys: String, CodingKey {
                case lastSourceFetchOffset = "last_source_fetch_offset"
            }
        }

        let topic: String
        let lags: [Lag]

        private enum CodingKeys: String, CodingKey {
            case topic = "mirror_topic_name"
            case lags = "mirror_lags"
        }
    }

    private struct ConsumerGroup: Decodable {
        let id: String

        private enum CodingKeys: String, CodingKey {
            case id = "consumer_group_id"
        }
    }

    /// Mirror topics on a cluster that hold records.
    func replicatedTopics(on cluster: Overview.Cluster) async throws -> Set<String> {
        let rows: [Mirror] = try await list("/links/-/mirrors", on: cluster)
        return Set(rows.filter { $0.lags.contains { $0.lastSourceFetchOffset > 0 } }.map(\.topic))
    }

    /// Consumer groups a cluster knows.
    func consumerGroups(on cluster: Overview.Cluster) async throws -> Set<String> {
        let groups: [ConsumerGroup] = try await list("/consumer-groups", on: cluster)
        return Set(groups.map(\.id))
    }

    private func list<Item: Decodable & Sendable>(
        _ path: StaticString, on cluster: Overview.Cluster
    ) async throws(CommandFailure) -> [Item] {
        let authorization = Authorization.basic(
            user: Secret(endpoints.credentials.key), password: Secret(endpoints.credentials.secret))
        guard let endpoint = HTTPEndpoint(cluster.rest, transport: transport, authorization: authorization) else {
            throw CommandFailure(.error, "the simulator gave \(cluster.rest) as URL of \(cluster.displayName)")
        }
        do throws(TransportFailure) {
            let whole = RequestPath("/kafka/v3/clusters").appending(cluster.id).with(path)
            return try await endpoint.get(whole, as: List<Item>.self).data
        } catch {
            throw CommandFailure(.error, "the simulator: \(error.reason)")
        }
    }
}

extension DrillSimulator.Workload {
    /// Why applications get nowhere, in words.
    fileprivate var refusalsInWords: String {
        var counts: [String: Int64] = [:]
        for client in clients {
            counts.merge(client.refused) { $0 + $1 }
            counts.merge(client.unread) { $0 + $1 }
        }
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return words.isEmpty ? "nothing was refused" : "refused so far: \(words.joined(separator: ", "))"
    }
}
