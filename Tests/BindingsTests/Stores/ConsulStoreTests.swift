import Domain
import Execution
import Foundation
import Simulator
import TestSupport
import Testing

@testable import Bindings

@Suite("Consul as a store of bindings")
struct ConsulStoreTests {
    @Test("Consul keeps what every store keeps", arguments: PublishTarget.ConsulFormat.allCases)
    func conformance(format: PublishTarget.ConsulFormat) async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await SimulatorServer.withRunning(configuration) { endpoints in
            let url = try #require(endpoints.stores["consul"])
            try await StoreConformance(
                ConsulRig(format: format, url: url, admin: endpoints.admin)
            ).check()
        }
    }

    @Test("a server that an authority of the connection signed is trusted, and no other is")
    func tls() async throws {
        let tls = SimulatedStoreConfiguration.TLS(certificate: TestAuthority.server, key: TestAuthority.serverKey)
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul", tls: tls)])
        try await SimulatorServer.withRunning(configuration) { endpoints in
            var rig = ConsulRig(format: .json, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin)
            #expect(try await rig.observation().isUnreachable)
            rig.tls = TLSSpec(ca: .environment("CA"))
            #expect(try await rig.observation().snapshot == StoreSnapshot())
        }
    }

    @Test("a document that is none of the format is refused and left alone")
    func foreignDocument() async throws {
        let configuration = SimulatorConfiguration(stores: [.init(.consul, name: "consul")])
        try await SimulatorServer.withRunning(configuration) { endpoints in
            let rig = ConsulRig(format: .json, url: try #require(endpoints.stores["consul"]), admin: endpoints.admin)
            try await rig.http.send("PUT", "v1/kv/apps/checkout", "no JSON at all")
            guard case .broken(let reason) = try await rig.observation() else {
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
        try await SimulatorServer.withRunning(configuration) { endpoints in
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

extension Reach {
    var isUnreachable: Bool { if case .unreachable = self { true } else { false } }
}

/// A place in the simulator's Consul, edited with plain calls.
private struct ConsulRig: StoreRig {
    let format: PublishTarget.ConsulFormat
    let url: String
    let admin: String
    var tls: TLSSpec?

    var http: PlainHTTP {
        PlainHTTP(base: url, headers: ["X-Consul-Token": "simulator-secret"])
    }

    var target: PublishTarget { .consul(connection: "consul", key: "apps/checkout", format: format) }
    var connections: [ConnectionSpec] {
        [
            ConnectionSpec(
                metadata: Metadata(name: "consul"),
                system: .consul(ConsulSpec(endpoint: url, token: .environment("CONSUL_TOKEN"), tls: tls)))
        ]
    }
    var environment: [String: String] { ["CONSUL_TOKEN": "simulator-secret", "CA": TestAuthority.authority] }
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

    private var fileFormat: PublishTarget.FileFormat { format == .properties ? .properties : .json }
}
