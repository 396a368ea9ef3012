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
        /// What others keep beside the value; a write would set it to 0.
        let flags: UInt64
        let modifyIndex: UInt64
    }

    /// One operation of a transaction.
    enum Operation: Sendable {
        /// Sets a key if it still is the entry that was read; `nil` = if it is not there.
        case set(key: String, value: [UInt8], over: Entry?)
        /// Deletes a key if it still has an index.
        case delete(key: String, index: UInt64)
    }

    /// Operations of one transaction at most: 64, and 128 in newer versions.
    static let largestTransaction = 64

    let endpoint: HTTPEndpoint
    let datacenter: String?
    let namespace: String?

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
        let body = operations.map(wire)
        do throws(TransportFailure) {
            guard
                let call = try? HTTPCall(.put, RequestPath("/v1/txn").querying("dc", datacenter)).json(body)
            else { throw endpoint.failure(.malformed("a transaction has no JSON form"), HTTPCall(.put, "/v1/txn")) }
            _ = try await endpoint.send(call)
            return true
        } catch {
            // What is wrong with an operation stands in the body of a 409, as text: an index that has moved on, or a
            // token that may not write one of the keys (Consul HTTP API, *Txn*).
            guard error.status == 409 else { throw error.consulFailure }
            let failure = error.consulFailure
            if failure.kind != .denied, error.message.contains("failed to ") { return false }
            throw failure
        }
    }

    // MARK: Wire

    private func path(_ key: String) -> RequestPath {
        key.split(separator: "/").reduce(RequestPath("/v1/kv")) { $0.appending(String($1)) }
            .querying("dc", datacenter).querying("ns", namespace)
    }

    private func entries(_ call: HTTPCall) async throws(StepFailure) -> [Entry] {
        let items: [Item]
        do throws(TransportFailure) {
            items = try await endpoint.send(call, as: [Item].self)
        } catch {
            if error.status == 404 { return [] }
            throw error.consulFailure
        }
        return try items.map { item throws(StepFailure) in
            guard let value = Data(base64Encoded: item.value ?? "") else {
                throw StepFailure(.broken, "Consul answered a value of \(item.key) that is not Base64")
            }
            return Entry(key: item.key, value: Array(value), flags: item.flags, modifyIndex: item.modifyIndex)
        }
    }

    private struct Item: Decodable, Sendable {
        let key: String
        let value: String?
        let flags: UInt64
        let modifyIndex: UInt64

        enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
            case flags = "Flags"
            case modifyIndex = "ModifyIndex"
        }
    }

    private struct Verb: Encodable {
        let name: String
        let key: String
        let value: String?
        let flags: UInt64?
        let index: UInt64
        /// The namespace of a request is not that of its operations.
        let namespace: String?

        enum CodingKeys: String, CodingKey {
            case name = "Verb"
            case key = "Key"
            case value = "Value"
            case flags = "Flags"
            case index = "Index"
            case namespace = "Namespace"
        }
    }

    private func wire(_ operation: Operation) -> [String: Verb] {
        switch operation {
        case .set(let key, let value, let held):
            [
                "KV": Verb(
                    name: "cas", key: key, value: Data(value).base64EncodedString(), flags: held?.flags ?? 0,
                    index: held?.modifyIndex ?? 0, namespace: namespace)
            ]
        case .delete(let key, let index):
            ["KV": Verb(name: "delete-cas", key: key, value: nil, flags: nil, index: index, namespace: namespace)]
        }
    }
}

extension TransportFailure {
    /// What Consul says in plain text, since it has no codes: a server that cannot reach its leader or another
    /// datacenter is out of reach, whatever answers in its place.
    fileprivate var consulFailure: StepFailure {
        let silences = ["No cluster leader", "No path to datacenter", "No known Consul servers"]
        if status == 500, silences.contains(where: message.contains) {
            return StepFailure(.unreachable, reason, endpoint: endpoint)
        }
        let denials = ["Permission denied", "ACL not found"]
        if denials.contains(where: message.contains) {
            return StepFailure(.denied, reason, endpoint: endpoint)
        }
        return StepFailure(self)
    }
}

extension Connections {
    func consul(_ name: String) async throws(StepFailure) -> ConsulAPI {
        guard case .consul(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to Consul")
        }
        let endpoint = try await opened(name) { connections async throws(StepFailure) in
            // The header's name is Consul's own; `Authorization: Bearer` is accepted in its place (Consul HTTP API,
            // *Authentication*), and is what the transport keeps out of every message.
            let authorization: Authorization =
                if let token = spec.token { .bearer(try await connections.secret(token)) } else { .none }
            return try connections.endpoint(
                spec.endpoint, authorization: authorization, tls: try await connections.material(spec.tls))
        }
        return ConsulAPI(endpoint: endpoint, datacenter: spec.datacenter, namespace: spec.namespace)
    }
}
