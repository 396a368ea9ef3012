import Domain
import Execution
import Foundation
import SimulatorServer
import TestSupport
import Testing
import TextForms

@testable import Bindings

@Suite("Consul as a store of bindings")
struct ConsulStoreTests {
    @Test("Consul keeps what every store keeps", arguments: ConsulPlace.Format.allCases)
    func conformance(format: ConsulPlace.Format) async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            let url = try #require(endpoints.stores["consul"])
            try await StoreConformance(
                ConsulRig(format: format, url: url, admin: endpoints.admin)
            ).check()
        }
    }

    @Test(
        "a server that an authority of the connection signed is trusted, and no other is; it may ask for a certificate")
    func tls() async throws {
        let tls = SimulatedStoreConfiguration.TLS(
            certificate: TestAuthority.server, key: TestAuthority.serverKey, clientAuthorities: TestAuthority.authority)
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul", tls: tls)])
        try await Simulator.withRunning(configuration) { endpoints in
            var rig = ConsulRig(format: .json, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin)
            let certificate = (SecretReference.environment("CERTIFICATE"), SecretReference.environment("KEY"))
            rig.tls = TLSSpec(certificate: certificate.0, key: certificate.1)
            #expect(try await rig.observation().isWrong, "the system's authorities do not know it")
            rig.tls = TLSSpec(ca: .environment("OTHER_CA"), certificate: certificate.0, key: certificate.1)
            #expect(try await rig.observation().isWrong)
            rig.tls = TLSSpec(ca: .environment("CA"))
            #expect(try await rig.observation().isWrong, "it asks for a certificate")
            rig.tls = TLSSpec(ca: .environment("CA"), certificate: certificate.0, key: certificate.1)
            #expect(try await rig.observation().snapshot == StoreSnapshot())
        }
    }

    @Test("the bookkeeping of a document is a readable key beside it, written with it or not at all")
    func bookkeeping() async throws {
        try await Self.run { rig in
            try await rig.http.send("PUT", "v1/kv/apps/checkout?flags=42", #"{ "their.own" : 1 }"#)
            try await rig.publish()
            let text = try await rig.http.text("GET", "v1/kv/apps/checkout.spillway?raw")
            #expect(text == #"{"checkout":{"epoch":0,"generation":1,"ledger":"led1","primary":"west"}}"#)
            let document = try await rig.http.text("GET", "v1/kv/apps/checkout?raw")
            #expect(document.hasPrefix(#"{ "their.own" : 1"#), "\(document)")
            let entries = try await rig.http.text("GET", "v1/kv/apps/checkout?recurse")
            #expect(entries.contains(#""Flags":42"#), "flags of others stay: \(entries)")
            let indexes = try await rig.http.text("GET", "v1/kv/apps/checkout?recurse").split(
                separator: "\"ModifyIndex\":"
            )
            .dropFirst().map { $0.prefix { $0.isNumber } }
            #expect(indexes.count == 2 && Set(indexes).count == 1, "one transaction: \(indexes)")
        }
    }

    @Test("a token is asked for, and one that may not write is told as denied")
    func denied() async throws {
        try await Self.run { rig in
            var rig = rig
            rig.hasToken = false
            guard case .denied(let reason, _) = try await rig.observation() else {
                Issue.record("it answered without a token")
                return
            }
            #expect(reason.contains("Permission denied"))
            rig.hasToken = true
            let what = #"Permission denied: token lacks permission 'key:write' on "apps/checkout""#
            try await rig.fault(
                """
                {"effect": "status", "path": "/v1/txn", "status": 409,
                 "body": {"Results": null, "Errors": [{"OpIndex": 0, "What": \(what.quoted)}]}}
                """)
            await #expect {
                try await rig.publish()
            } throws: { error in
                (error as? StepFailure)?.kind == .denied && "\(error)".contains("key:write")
            }
        }
    }

    @Test("a server without a leader is out of reach")
    func leaderless() async throws {
        try await Self.run { rig in
            try await rig.fault(#"{"effect": "status", "path": "/v1/kv", "status": 500, "body": "No cluster leader"}"#)
            #expect(try await rig.observation().isUnreachable)
        }
    }

    @Test("another datacenter and a namespace go with every call")
    func places() async throws {
        try await Self.run { rig in
            var rig = rig
            rig.datacenter = "elsewhere"
            guard case .unreachable(let reason, _) = try await rig.observation() else {
                Issue.record("another datacenter answered")
                return
            }
            #expect(reason.contains("No path to datacenter"))
            rig.datacenter = "dc1"
            #expect(try await rig.observation().snapshot == StoreSnapshot())
            rig.namespace = "team"
            guard case .broken(let reason, _) = try await rig.observation() else {
                Issue.record("a namespace was ignored")
                return
            }
            #expect(reason.contains("Namespaces are a Consul Enterprise feature"))
        }
    }

    @Test("an answer that was lost is no second write")
    func lostAnswer() async throws {
        try await Self.run { rig in
            try await rig.fault(#"{"path": "/v1/txn", "effect": "loseResponse", "count": 1}"#)
            try await rig.publish()
            let snapshot = try #require(try await rig.observation().snapshot)
            #expect(snapshot.bookkeeping?.generation == 1)
        }
    }

    @Test("a document that becomes too large is refused with Consul's words, and stays")
    func tooLarge() async throws {
        try await Self.run { rig in
            let large = #"{"their.own": "\#(String(repeating: "x", count: 500_000))"}"#
            try await rig.http.send("PUT", "v1/kv/apps/checkout", large)
            await #expect {
                try await rig.publish()
            } throws: { error in
                (error as? StepFailure)?.kind == .rejected && "\(error)".contains("too large")
            }
            #expect(try await rig.http.text("GET", "v1/kv/apps/checkout?raw") == large)
        }
    }

    @Test("keys that name no key of Consul are refused", arguments: ["/", "apps/../checkout"])
    func keys(key: String) async throws {
        try await Self.run { rig in
            var rig = rig
            rig.key = key
            if case .broken = try await rig.observation() {} else { Issue.record("\(key) was read") }
        }
    }

    @Test("a document that is none of the format is refused and left alone")
    func foreignDocument() async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            let rig = ConsulRig(format: .json, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin)
            try await rig.http.send("PUT", "v1/kv/apps/checkout", "no JSON at all")
            guard case .broken(let reason, _) = try await rig.observation() else {
                Issue.record("it was read")
                return
            }
            #expect(reason.contains("consul consul: apps/checkout"))
            #expect(!reason.contains("no JSON at all"))
        }
    }

    @Test("more keys than one transaction takes are refused before anything is written")
    func tooManyKeys() async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            let rig = ConsulRig(format: .keys, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin)
            var workspace = rig.workspace()
            for number in 0..<70 { workspace.clientBindings["checkout"]?.properties["key.\(number)"] = "\(number)" }
            let folder = try ScratchFolder()
            let performer = performer(
                workspace, in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
            await #expect {
                try await performer.perform(publication())
            } throws: { error in
                (error as? StepFailure)?.kind == .rejected && "\(error)".contains("format: JSON")
            }
            #expect(try await rig.values().isEmpty)
        }
    }
}

extension String {
    /// The text as a JSON string.
    fileprivate var quoted: String { JSONString.quoted(self) }
}

extension ConsulStoreTests {
    /// Runs a test with a Consul of its own.
    fileprivate static func run(
        _ format: ConsulPlace.Format = .json,
        _ body: @escaping @Sendable (ConsulRig) async throws -> Void
    ) async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await Simulator.withRunning(configuration) { endpoints in
            try await body(
                ConsulRig(format: format, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin))
        }
    }
}

extension Reach {
    var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
    /// What answers is not trusted: somebody has to repair that, and waiting brings nothing.
    var isWrong: Bool { if case .wrong = self { true } else { false } }
}

/// A place in the simulator's Consul, edited with plain calls.
private struct ConsulRig: StoreRig {
    let format: ConsulPlace.Format
    let url: String
    let admin: String
    var key = "apps/checkout"
    var tls: TLSSpec?
    var hasToken = true
    var datacenter: String?
    var namespace: String?

    /// Publishes the binding.
    func publish() async throws {
        try await performer(
            workspace(), in: try ScratchFolder(), environment: applicationSecrets.merging(environment) { $1 }
        ).perform(publication())
    }

    /// Makes something go wrong.
    func fault(_ rule: String) async throws {
        try await PlainHTTP.simulator(admin).send("POST", "faults", rule)
    }

    var http: PlainHTTP {
        PlainHTTP(base: url, headers: ["X-Consul-Token": "simulator-secret"])
    }

    var target: PublishTarget { .consul(ConsulPlace(connection: "consul", key: key, format: format)) }
    var connections: [ConnectionSpec] {
        [
            ConnectionSpec(
                metadata: Metadata(name: "consul"),
                system: .consul(
                    ConsulSpec(
                        endpoint: url, token: hasToken ? .environment("CONSUL_TOKEN") : nil, datacenter: datacenter,
                        namespace: namespace, tls: tls)))
        ]
    }
    var environment: [String: String] {
        [
            "CONSUL_TOKEN": "simulator-secret", "CA": TestAuthority.authority, "OTHER_CA": TestAuthority.otherAuthority,
            "CERTIFICATE": TestAuthority.client, "KEY": TestAuthority.clientKey,
        ]
    }
    var deniedEnvironment: [String: String]? { ["CONSUL_TOKEN": "somebody-elses"] }
    /// Somebody else's key is another key, not another version of ours.
    var comparesAndSwaps: Bool { format != .keys }

    func values() async throws -> [String: String] {
        if format == .keys {
            let items = try await http.json("GET", "v1/kv/apps/checkout/?recurse", allowing: 404)
            return items.array.reduce(into: [:]) { values, item in
                values[String((item["Key"].string ?? "").dropFirst("apps/checkout/".count))] = item["Value"].base64
            }
        }
        let text = try await http.text("GET", "v1/kv/apps/checkout?raw", allowing: 404)
        let document = try fileFormat.document(of: text)
        let keys = ["bootstrap.servers", "schema.registry.url", "client.id", "sasl.jaas", "their.own"]
        return keys.reduce(into: [:]) { values, key in values[key] = document.value(for: key) }
    }

    func set(_ key: String, to value: String) async throws {
        if format == .keys {
            try await http.send("PUT", "v1/kv/apps/checkout/\(key)", value)
        } else {
            var document = try fileFormat.document(of: try await http.text("GET", "v1/kv/apps/checkout?raw"))
            document.set(key, to: value)
            try await http.send("PUT", "v1/kv/apps/checkout", document.text)
        }
    }

    func wipe() async throws {
        try await http.send("DELETE", "v1/kv/apps/checkout?recurse", nil)
    }

    func version() async throws -> String {
        try await http.text("GET", "v1/kv/apps/checkout?recurse", allowing: 404)
    }

    func setReachable(_ isReachable: Bool) async throws {
        try await PlainHTTP.simulator(admin).send(
            "PUT", "regions/consul", #"{"state": "\#(isReachable ? "up" : "down")"}"#)
    }

    private var fileFormat: FilePlace.Format { format == .properties ? .properties : .json }
}
