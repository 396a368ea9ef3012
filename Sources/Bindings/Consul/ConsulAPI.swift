import Domain
import Execution
import FoundationEssentials
import Transport

/// Consul's key-value store (Consul HTTP API, *KV Store* and *Txn*).
struct ConsulAPI: Sendable {
    /// A value, with the index of its last change: what a write compares with.
    struct Entry: Sendable {
        let key: String
        let value: [UInt8]
        let modifyIndex: UInt64
    }

    /// One operation of a transaction.
    enum Operation: Sendable {
        /// Sets a key if it still has an index; 0 = if it is not there.
        case set(key: String, value: [UInt8], index: UInt64)
        /// Deletes a key if it still has an index.
        case delete(key: String, index: UInt64)
    }

    /// Operations of one transaction at most.
    static let largestTransaction = 64

    let endpoint: HTTPEndpoint
    let datacenter: String?

    /// Reads one key; `nil` when it is not there.
    func entry(_ key: String) async throws(StepFailure) -> Entry? {
        try await entries(HTTPCall(.get, path(key).querying("consistent", ""))).first
    }

    /// Reads every key that begins with a prefix.
    func entries(below prefix: String) async throws(StepFailure) -> [Entry] {
        try await entries(HTTPCall(.get, path(prefix).with("/").querying("recurse", "").querying("consistent", "")))
    }

    /// Does all of it or nothing.
    ///
    /// - Returns: Whether it was done; `false` when one of the keys has another index by now.
    func commit(_ operations: [Operation]) async throws(StepFailure) -> Bool {
        let body = operations.map(Self.wire)
        do throws(TransportFailure) {
            guard
                let call = try? HTTPCall(.put, RequestPath("/v1/txn").querying("dc", datacenter)).json(body)
            else { throw endpoint.failure(.malformed("a transaction has no JSON form"), HTTPCall(.put, "/v1/txn")) }
            _ = try await endpoint.send(call)
            return true
        } catch {
            guard error.status == 409 else { throw StepFailure(error) }
            if error.message.contains("ermission denied") {
                throw StepFailure(.denied, error.reason, endpoint: endpoint.base)
            }
            return false
        }
    }

    // MARK: Wire

    private func path(_ key: String) -> RequestPath {
        key.split(separator: "/").reduce(RequestPath("/v1/kv")) { $0.appending(String($1)) }
            .querying("dc", datacenter)
    }

    private func entries(_ call: HTTPCall) async throws(StepFailure) -> [Entry] {
        let items: [Item]
        do throws(TransportFailure) {
            items = try await endpoint.send(call, as: [Item].self)
        } catch {
            if error.status == 404 { return [] }
            throw StepFailure(error)
        }
        return items.map { item in
            Entry(
                key: item.key, value: item.value.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? [],
                modifyIndex: item.modifyIndex)
        }
    }

    private struct Item: Decodable, Sendable {
        let key: String
        let value: String?
        let modifyIndex: UInt64

        enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
            case modifyIndex = "ModifyIndex"
        }
    }

    private struct Verb: Encodable {
        let name: String
        let key: String
        let value: String?
        let index: UInt64

        enum CodingKeys: String, CodingKey {
            case name = "Verb"
            case key = "Key"
            case value = "Value"
            case index = "Index"
        }
    }

    private static func wire(_ operation: Operation) -> [String: Verb] {
        switch operation {
        case .set(let key, let value, let index):
            ["KV": Verb(name: "cas", key: key, value: Data(value).base64EncodedString(), index: index)]
        case .delete(let key, let index): ["KV": Verb(name: "delete-cas", key: key, value: nil, index: index)]
        }
    }
}

extension Connections {
    /// A connection to Consul.
    func consul(_ name: String) async throws(StepFailure) -> ConsulAPI {
        guard case .consul(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to Consul")
        }
        let endpoint = try await opened(name) { connections async throws(StepFailure) in
            // The header's name is Consul's own; `Authorization: Bearer` is accepted in its place (Consul HTTP API,
            // *Authentication*), and is what the transport keeps out of every message.
            let authorization: Authorization =
                if let token = spec.token { .bearer(try await connections.secret(token)) } else { .none }
            let headers = spec.namespace.map { ["X-Consul-Namespace": $0] } ?? [:]
            return try connections.endpoint(
                spec.endpoint, authorization: authorization, tls: try await connections.material(spec.tls),
                headers: headers)
        }
        return ConsulAPI(endpoint: endpoint, datacenter: spec.datacenter)
    }
}
