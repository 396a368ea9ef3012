import Domain
import Execution
import Foundation
import Planning
import SimulatorServer
import Testing
import TestSupport

@testable import Bindings

@Suite("Vault as a store of bindings and of secrets")
struct VaultStoreTests {
    private static func withVault(
        tls: SimulatedStoreConfiguration.TLS? = nil, clock: SimulatorConfiguration.Clock = .real,
        _ body: @escaping @Sendable (VaultRig) async throws -> Void
    ) async throws {
        let configuration = SimulatorConfiguration(
            clock: clock, stores: [.init(.vault, name: "vault", tls: tls)])
        try await Simulator.withRunning(configuration) { endpoints in
            try await body(
                VaultRig(url: try #require(endpoints.stores["vault"]), admin: endpoints.admin))
        }
    }

    @Test("Vault keeps what every store keeps", arguments: [PublishedContents.secrets, .all])
    func conformance(contents: PublishedContents) async throws {
        try await Self.withVault { rig in
            var rig = rig
            rig.contents = contents
            try await StoreConformance(rig).check()
        }
    }

    @Test("a path of KV v1 is published to while it is the binding's alone, and refused else")
    func plainEngine() async throws {
        try await Self.withVault { rig in
            var rig = rig
            rig.mount = "kv1"
            try await rig.publish(publication(generation: 2))
            #expect(try await rig.values()["sasl.username"] == "WKEY")
            #expect(try await rig.observation().snapshot?.bookkeeping?.generation == 2)
            try await rig.publish(publication(to: "east", epoch: 1, generation: 3))
            #expect(try await rig.values()["sasl.username"] == "EKEY")
            do throws(StepFailure) {
                try await rig.publish(publication(epoch: 0, generation: 4))
                Issue.record("an older epoch was published")
            } catch {
                #expect(error.kind == .conflict)
            }
            try await rig.http.send(
                "POST", "v1/kv1/apps/checkout", #"{"sasl.username": "EKEY", "their.own": "hunter2"}"#)
            do throws(StepFailure) {
                try await rig.publish(publication(epoch: 2, generation: 5))
                Issue.record("a path that others use was written to")
            } catch {
                #expect(error.message.contains("their.own") && error.message.contains("v1"))
                #expect(!error.message.contains("hunter2"))
            }
            #expect(try await rig.values()["their.own"] == "hunter2")
            try await rig.http.send("DELETE", "v1/kv1/apps/checkout.spillway", nil)
            guard case .broken(let reason, _) = try await rig.observation() else {
                Issue.record("a path that others use was taken for ours")
                return
            }
            #expect(reason.contains("their.own") && !reason.contains("hunter2"))
        }
    }

    @Test("a field that left the binding is no stranger in KV v1, and goes with the next publication")
    func plainEngineDrops() async throws {
        try await Self.withVault { rig in
            var rig = rig
            rig.mount = "kv1"
            try await rig.publish(publication(generation: 2))
            var smaller = rig.workspace()
            smaller.clientBindings["checkout"]?.secrets["sasl.jaas"] = nil
            let binding = try #require(smaller.clientBindings["checkout"])
            let folder = try ScratchFolder()
            let environment = applicationSecrets.merging(rig.environment) { $1 }
            let observer = BindingStoreObserver(
                folder: folder.path, connections: connected(smaller, in: folder, environment: environment),
                fingerprinter: fingerprinter)
            let seen = await observer.observe(binding, targetIndex: 0)
            #expect(seen.snapshot?.secrets == ["sasl.username": fingerprint("WKEY")], "\(seen)")
            try await performer(smaller, in: folder, environment: environment)
                .perform(publication(generation: 3, dropped: ["sasl.jaas"]))
            #expect(try await rig.values() == ["sasl.username": "WKEY"])
        }
    }

    @Test("a write whose answer was lost is sent again and recognised", arguments: [false, true])
    func lostAnswer(isFirst: Bool) async throws {
        try await Self.withVault { rig in
            if !isFirst { try await rig.publish(publication()) }
            try await PlainHTTP.simulator(rig.admin).send(
                "POST", "faults",
                #"{"path": "/v1/secret/data/apps/checkout", "method": "\#(isFirst ? "POST" : "PATCH")", "#
                    + #""effect": "loseResponse", "count": 1}"#)
            try await rig.publish(publication(to: "east", epoch: 1, generation: 2))
            #expect(try await rig.values()["sasl.username"] == "EKEY")
            #expect(try await rig.observation().snapshot?.bookkeeping?.epoch == 1)
        }
    }

    @Test("a version that was deleted is followed by the next, and other custom metadata stays")
    func deletedVersion() async throws {
        try await Self.withVault { rig in
            try await rig.http.send(
                "POST", "v1/secret/metadata/apps/checkout", #"{"custom_metadata": {"owner": "shop"}}"#)
            try await rig.http.send("POST", "v1/secret/data/apps/checkout", #"{"data": {"a": "b"}}"#)
            try await rig.http.send("DELETE", "v1/secret/data/apps/checkout", nil)
            try await rig.publish(publication())
            let metadata = try await rig.http.json("GET", "v1/secret/metadata/apps/checkout")["data"]
            #expect(metadata["custom_metadata"]["owner"].string == "shop")
            #expect(metadata["custom_metadata"]["spillway-checkout"].string?.contains("primary=west") == true)
            #expect(try await rig.values()["sasl.username"] == "WKEY")
        }
    }

    @Test(
        "every login is made once, and again when its token has ended",
        arguments: [
            VaultSpec.Login.jwt(role: "ci", mount: "jwt", token: .environment("VAULT_SECRET")),
            .appRole(roleID: .environment("VAULT_ROLE"), secretID: .environment("VAULT_SECRET"), mount: "approle"),
            .kubernetes(role: "spillway", mount: "kubernetes"),
        ])
    func logins(login: VaultSpec.Login) async throws {
        try await Self.withVault(clock: .virtual(start: 1_700_000_000_000)) { rig in
            let folder = try ScratchFolder()
            try folder.write("simulator-secret", to: "token", mode: 0o600)
            var rig = rig
            rig.login = login
            rig.serviceAccount = "\(folder.path)/token"
            try await rig.http.send("POST", "v1/secret/data/clients", #"{"data": {"west": "WKEY", "port": 9092}}"#)
            let connections = connected(
                rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
            func read(_ field: String) async throws -> String {
                try await connections.read(
                    .vault(connection: "vault", mount: "secret", path: "clients", field: field)
                ).reveal { $0 }
            }
            async let one = read("west")
            async let other = read("port")
            #expect(try await [one, other] == ["WKEY", "9092"])
            #expect(try await rig.logins() == 1)
            try await PlainHTTP.simulator(rig.admin).send("POST", "clock", #"{"advanceMs": 3700000}"#)
            #expect(try await read("west") == "WKEY")
            #expect(try await rig.logins() == 2)
        }
    }

    @Test("secrets that are not there are told with their path, and without any value")
    func missingSecrets() async throws {
        try await Self.withVault { rig in
            try await rig.http.send(
                "POST", "v1/secret/data/clients", #"{"data": {"west": "hunter2", "deep": {"a": 1}}}"#)
            let folder = try ScratchFolder()
            let reader = connected(
                rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 }
            ).secrets
            for (path, field, words) in [
                ("nowhere", "west", "there is no secret secret/nowhere"), ("clients", "east", "has no field 'east'"),
                ("clients", "deep", "is no text"),
            ] {
                let reference = SecretReference.vault(connection: "vault", mount: "secret", path: path, field: field)
                do throws(UnresolvedSecret) {
                    _ = try await reader.resolve(reference)
                    Issue.record("\(path) was read")
                } catch {
                    #expect(error.reason.contains(words), "\(error.reason)")
                    #expect(!error.reason.contains("hunter2"))
                }
            }
            let first = SecretReference.firstOf([
                .vault(connection: "vault", mount: "secret", path: "nowhere", field: "a"),
                .vault(connection: "vault", mount: "secret", path: "clients", field: "west"),
            ])
            #expect(try await reader.resolve(first).reveal { $0 } == "hunter2")
        }
    }

    @Test("a server that an authority of the connection signed is trusted, and no other is")
    func tls() async throws {
        let tls = SimulatedStoreConfiguration.TLS(certificate: TestAuthority.server, key: TestAuthority.serverKey)
        try await Self.withVault(tls: tls) { rig in
            var rig = rig
            let distrusted = try await rig.observation()
            #expect(distrusted.isWrong)
            rig.tls = TLSSpec(ca: .environment("CA"))
            let trusted = try await rig.observation()
            #expect(trusted.snapshot == StoreSnapshot())
        }
    }
}

/// A secret in the simulator's Vault, edited with plain calls.
private struct VaultRig: StoreRig {
    let url: String
    let admin: String
    var contents = PublishedContents.secrets
    var mount = "secret"
    var login = VaultSpec.Login.token(.environment("VAULT_SECRET"))
    var tls: TLSSpec?
    var serviceAccount = "/nonexistent"

    var http: PlainHTTP { PlainHTTP(base: url, headers: ["X-Vault-Token": "simulator-secret"]) }

    var target: PublishTarget {
        .vault(VaultPlace(connection: "vault", mount: mount, path: "apps/checkout", contents: contents))
    }
    var connections: [ConnectionSpec] {
        [
            ConnectionSpec(
                metadata: Metadata(name: "vault"), system: .vault(VaultSpec(endpoint: url, login: login, tls: tls)))
        ]
    }
    var environment: [String: String] {
        [
            "VAULT_ROLE": "SIMULATOR", "VAULT_SECRET": "simulator-secret", "CA": TestAuthority.authority,
            "SPILLWAY_SERVICE_ACCOUNT_TOKEN": serviceAccount,
        ]
    }
    var deniedEnvironment: [String: String]? { ["VAULT_SECRET": "somebody-elses"] }

    func publish(_ step: Step) async throws(StepFailure) {
        guard let folder = try? ScratchFolder() else { throw StepFailure(.broken, "there is no folder") }
        try await performer(
            workspace(), in: folder, environment: applicationSecrets.merging(environment) { $1 }
        ).perform(step)
    }

    /// How often somebody signed in.
    func logins() async throws -> Int {
        let overview = try await PlainHTTP(base: admin).text("GET", "")
        return overview.matches(of: /\/login": ?(\d+)/).reduce(0) { $0 + (Int($1.1) ?? 0) }
    }

    func values() async throws -> [String: String] {
        let path = mount == "kv1" ? "v1/kv1/apps/checkout" : "v1/secret/data/apps/checkout"
        let answer = try await http.json("GET", path, allowing: 404)
        let fields = mount == "kv1" ? answer["data"] : answer["data"]["data"]
        guard case .object(let members) = fields else { return [:] }
        return members.compactMapValues(\.string)
    }

    func set(_ key: String, to value: String) async throws {
        let fields = try await values().merging([key: value]) { $1 }
        let text = String(decoding: try JSONEncoder().encode(["data": fields]), as: UTF8.self)
        try await http.send("POST", "v1/secret/data/apps/checkout", text)
    }

    func wipe() async throws {
        try await http.send("DELETE", "v1/secret/metadata/apps/checkout", nil)
    }

    func version() async throws -> String {
        let answer = try await http.text("GET", "v1/secret/metadata/apps/checkout", allowing: 404)
        return answer.components(separatedBy: "\"current_version\":").last.map { String($0.prefix(4)) } ?? ""
    }

    func setReachable(_ isReachable: Bool) async throws {
        try await PlainHTTP.simulator(admin).send(
            "PUT", "regions/vault", #"{"state": "\#(isReachable ? "up" : "down")"}"#)
    }
}
