import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import SimulatedConfluent
@testable import SimulatedStores
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("The simulated Consul answers as its HTTP API documents it")
struct SimulatedConsulTests {
    @Test("a key is put, read in every form, and deleted")
    func oneKey() async throws {
        try await ConsulBench.run { consul in
            #expect(try await consul.call("GET", "kv/apps/checkout").status == 404)
            #expect(try await consul.call("PUT", "kv/apps/checkout?flags=7", "hello").text == "true")
            let answer = try await consul.call("GET", "kv/apps/checkout")
            let entry = try #require(answer.json.array?.first)
            #expect(entry["Key"] == "apps/checkout")
            #expect(entry["Value"] == .string(Base64.encode(Array("hello".utf8))))
            #expect(entry["Flags"] == 7)
            #expect(entry["LockIndex"] == 0)
            #expect(answer.headers["x-consul-index"] == entry["ModifyIndex"]?.int.map { String($0) })
            let raw = try await consul.call("GET", "kv/apps/checkout?raw")
            #expect(raw.text == "hello")
            #expect(raw.headers["content-type"] == "text/plain")
            #expect(try await consul.call("DELETE", "kv/apps/checkout").text == "true")
            let gone = try await consul.call("GET", "kv/apps/checkout")
            #expect(gone.status == 404)
            #expect(gone.headers["x-consul-index"] != nil, "clients wait for the key to appear from here")
        }
    }

    @Test("keys are listed below a prefix, up to a separator, and `apps` is another key than `apps/`")
    func prefixes() async throws {
        try await ConsulBench.run { consul in
            for key in ["apps", "apps/", "apps/a/x", "apps/a/y", "apps/b", "appstore"] {
                try await consul.call("PUT", "kv/\(key)", key)
            }
            #expect(try await consul.call("GET", "kv/apps/?keys").json == ["apps/", "apps/a/x", "apps/a/y", "apps/b"])
            #expect(try await consul.call("GET", "kv/apps/?keys&separator=/").json == ["apps/", "apps/a/", "apps/b"])
            #expect(try await consul.call("GET", "kv/apps?recurse").json.array?.count == 6)
            #expect(try await consul.call("GET", "kv/?keys").json.array?.count == 6)
            #expect(try await consul.call("GET", "kv/apps/?raw").text == "apps/")
            #expect(try await consul.call("GET", "kv/none/?recurse").status == 404)
            try await consul.call("DELETE", "kv/apps/?recurse")
            #expect(try await consul.call("GET", "kv/?keys").json == ["apps", "appstore"])
            #expect(try await consul.call("GET", "kv/").status == 400)
        }
    }

    @Test("a put and a delete compare with the index of the last change, which the same value does not move")
    func compareAndSwap() async throws {
        try await ConsulBench.run { consul in
            #expect(try await consul.call("PUT", "kv/k?cas=9", "a").text == "false")
            #expect(try await consul.call("PUT", "kv/k?cas=0", "a").text == "true")
            #expect(try await consul.call("PUT", "kv/k?cas=0", "b").text == "false")
            let index = try await consul.index(of: "k")
            try await consul.call("PUT", "kv/k", "a")
            #expect(try await consul.index(of: "k") == index)
            #expect(try await consul.call("PUT", "kv/k?cas=\(index)", "b").text == "true")
            #expect(try await consul.call("PUT", "kv/k?cas=\(index)", "c").text == "false")
            #expect(try await consul.call("GET", "kv/k?raw").text == "b")
            #expect(try await consul.call("DELETE", "kv/k?cas=0").text == "false")
            #expect(try await consul.call("DELETE", "kv/k?cas=\(index)").text == "false")
            let now = try await consul.index(of: "k")
            #expect(now > index)
            #expect(try await consul.call("DELETE", "kv/k?cas=\(now)").text == "true")
            #expect(try await consul.call("PUT", "kv/k?cas=x", "a").status == 500)
            #expect(try await consul.call("PUT", "kv/k?cas=0&release=s", "a").status == 400)
        }
    }

    @Test("a transaction is done whole, under one index, or not at all")
    func transactions() async throws {
        try await ConsulBench.run { consul in
            let both = try await consul.transact([
                ["Verb": "set", "Key": "t/a", "Value": "YQ==", "Flags": 3],
                ["Verb": "cas", "Key": "t/b", "Value": "Yg==", "Index": 0], ["Verb": "get", "Key": "t/a"],
            ])
            #expect(both.status == 200)
            let results = try #require(both.json["Results"]?.array)
            #expect(results.map { $0["KV"]?["Value"] } == [.null, .null, "YQ=="])
            #expect(Set(results.map { $0["KV"]?["ModifyIndex"]?.int }).count == 1)

            let index = try await consul.index(of: "t/a")
            let refused = try await consul.transact([
                ["Verb": "delete", "Key": "t/b"], ["Verb": "cas", "Key": "t/a", "Value": "Yw==", "Index": 1],
                ["Verb": "check-not-exists", "Key": "t/a"],
            ])
            #expect(refused.status == 409)
            #expect(refused.json["Results"] == .null)
            #expect(refused.json["Errors"]?.array?.map { $0["OpIndex"]?.int } == [1, 2])
            #expect(
                refused.json["Errors"]?.array?.first?["What"] == "failed to set key \"t/a\", index is stale")
            #expect(try await consul.call("GET", "kv/t/b?raw").text == "b")

            let tree = try await consul.transact([
                ["Verb": "check-index", "Key": "t/a", "Index": JSON(index)], ["Verb": "get-tree", "Key": "t/"],
                ["Verb": "get-or-empty", "Key": "t/none"], ["Verb": "delete-cas", "Key": "t/none", "Index": 5],
                ["Verb": "delete-tree", "Key": "t/"],
            ])
            #expect(
                tree.json["Results"]?.array?.map { $0["KV"]?["Key"]?.string } == ["t/a", "t/a", "t/b", "t/none"])
            #expect(try await consul.call("GET", "kv/t/?recurse").status == 404)

            let tooMany = [JSON](repeating: ["Verb": "get-or-empty", "Key": "k"], count: 129)
            #expect(try await consul.transact(tooMany).status == 413)
        }
    }

    @Test("what is too large, not there, or not modelled is told as such")
    func limits() async throws {
        let value = String(repeating: "x", count: 512 << 10)
        try await ConsulBench.run { (consul: ConsulBench) async throws -> Void in
            #expect(try await consul.call("PUT", "kv/large", value).text == "true")
            #expect(try await consul.call("PUT", "kv/large", value + "x").status == 413)
            #expect(try await consul.call("GET", "kv/k?dc=elsewhere").status == 500)
            #expect(try await consul.call("GET", "kv/k?dc=dc1").status == 404)
            #expect(try await consul.call("GET", "kv/k?ns=team").status == 400)
            #expect(try await consul.call("PUT", "kv/k?acquire=s", "").status == 501)
            #expect(try await consul.call("PUT", "session/create", "{}").status == 501)
            #expect(try await consul.call("GET", "catalog/services").status == 501)
            #expect(try await consul.transact([["Verb": "lock", "Key": "k"]]).status == 501)
            let agent = try await consul.call("GET", "agent/self").json
            #expect(agent["Config"]?["Datacenter"] == "dc1")
            let leader = try await consul.call("GET", "status/leader").json
            #expect(leader == "127.0.0.1:8300")
        }
    }

    @Test("a token is asked for, in any of its places, and another one is refused")
    func tokens() async throws {
        try await ConsulBench.run { consul in
            try await consul.call("PUT", "kv/k", "v")
            var anonymous = consul
            anonymous.headers = [:]
            let refusal = try await anonymous.call("GET", "kv/k")
            #expect(refusal.status == 403)
            #expect(refusal.text.contains("Permission denied") && refusal.text.contains("\"k\""))
            let transaction = try await anonymous.transact([["Verb": "set", "Key": "k", "Value": ""]])
            #expect(transaction.status == 409, "a transaction tells it by operation")
            #expect(transaction.text.contains("Permission denied"))
            #expect(try await anonymous.call("GET", "status/leader").status == 200)
            var other = consul
            other.headers = ["x-consul-token": "another"]
            #expect(try await other.call("GET", "kv/k").text == "ACL not found")
            other.headers = ["authorization": "Bearer simulator-secret"]
            #expect(try await other.call("GET", "kv/k?raw").text == "v")
        }
    }

    @Test("an application reads a document of either format, or the keys below a prefix")
    func readers() async throws {
        try await ConsulBench.run { consul in
            try await consul.call("PUT", "kv/apps/checkout", #"{"bootstrap.servers": "west:9092"}"#)
            try await consul.call("PUT", "kv/apps/checkout.spillway", "{}")
            try await consul.call("PUT", "kv/apps/plain", "# a comment\nbootstrap.servers=east:9092\n")
            try await consul.call("PUT", "kv/apps/keys/bootstrap.servers", "north:9092")
            let described: [JSON] = ["apps/checkout", "apps/plain", "apps/keys", "apps/keys/"].map { place in
                [
                    "name": .string(place), "group": "g",
                    "binding": ["stores": [["store": "consul", "place": .string(place)]], "readEveryMs": 1],
                ]
            }
            try await consul.admin("POST", "workload", ["clients": .array(described)])
            let report = try await consul.admin("GET", "workload").json
            let addresses = report["clients"]?.array?.map { $0["bootstrap"]?.string }
            #expect(Set(addresses ?? []) == ["west:9092", "east:9092", "north:9092"])
            #expect(addresses?.count == 4)
        }
    }

    @Test("a lost race is no effect in the event log, and faults reach the store")
    func eventsAndFaults() async throws {
        try await ConsulBench.run { consul in
            try await consul.call("PUT", "kv/k?cas=0", "a")
            try await consul.call("PUT", "kv/k?cas=0", "b")
            let calls = try await consul.admin("GET", "events").json.array?.filter { $0["event"] == "call" }
            #expect(calls?.map { $0["effect"]?.bool } == [true, false])
            #expect(calls?.map { $0["endpoint"]?.string } == ["consul", "consul"])
            try await consul.admin("PUT", "regions/consul", ["state": "down"])
            await #expect(throws: (any Error).self) { try await consul.call("GET", "kv/k") }
            try await consul.admin("PUT", "regions/consul", ["state": "up"])
            #expect(try await consul.call("GET", "kv/k?raw").text == "a", "what it held is still there")
        }
    }
}

/// A simulator with a Consul, and plain calls to it with the token that opens it.
private struct ConsulBench: Sendable {
    let url: String
    let adminURL: String
    var headers = ["x-consul-token": "simulator-secret"]

    static func run(_ body: @escaping @Sendable (ConsulBench) async throws -> Void) async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            let url = try #require(endpoints.stores["consul"])
            try await body(ConsulBench(url: url, adminURL: endpoints.admin))
        }
    }

    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
        try await send(method, "\(url)/v1/\(path)", body.map { Array($0.utf8) })
    }

    func transact(_ operations: [JSON]) async throws -> Answer {
        try await send("PUT", "\(url)/v1/txn", JSON.array(operations.map { ["KV": $0] }).bytes)
    }

    @discardableResult
    func admin(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> Answer {
        let answer = try await send(method, "\(adminURL)/\(path)", body?.bytes)
        try #require((200..<300).contains(answer.status), "\(method) \(path): \(answer.text)")
        return answer
    }

    func index(of key: String) async throws -> Int64 {
        let answer = try await self.call("GET", "kv/\(key)")
        return try #require(answer.json.array?.first?["ModifyIndex"]?.int)
    }

    private func send(_ method: String, _ url: String, _ body: [UInt8]?) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 22)
        var headers: [String: String] = [:]
        for (name, value) in response.headers { headers[name.lowercased()] = value }
        return Answer(status: Int(response.status.code), headers: headers, body: Array(buffer: bytes))
    }

    /// Refused connections fail at once instead of being tried again.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }()
}
