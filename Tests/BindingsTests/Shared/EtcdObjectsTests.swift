import Domain
import Execution
import TestSupport
import Testing

@testable import Bindings

/// Against a real etcd.
@Suite("etcd as a place of shared objects", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"))
struct EtcdObjectsTests {
    private static let name = SharedObjectName("ledger")

    /// The objects as one more machine sees them.
    private func objects(
        _ endpoints: [String], user: String? = nil, password: String = "s", ca: SecretReference? = nil,
        prefix: String = "/apps/ledgers"
    ) async throws -> any SharedObjects {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "shop")))
        workspace.spec.timeouts.unreachableAfter = .seconds(30)
        workspace.connections["etcd"] = ConnectionSpec(
            metadata: Metadata(name: "etcd"),
            system: .etcd(
                EtcdSpec(
                    endpoints: endpoints, username: user.map { _ in .environment("ETCD_USER") },
                    password: user.map { _ in .environment("ETCD_PASSWORD") }, tls: ca.map { TLSSpec(ca: $0) })))
        var environment = ["ETCD_PASSWORD": password, "CA": TestAuthority.authority]
        environment["ETCD_USER"] = user
        return try await connected(workspace, in: try ScratchFolder(), environment: environment)
            .etcdObjects(of: "etcd", under: prefix)
    }

    @Test("etcd keeps shared objects")
    func conformance() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        let machines = [try await objects([server.url]), try await objects([server.url])]
        #expect(machines.first?.location == "etcd:/apps/ledgers")
        try await SharedObjectsConformance(machines).check()
    }

    @Test(
        "a member that ends takes nothing with it, and fails no reading and no write; without most of them none is made"
    )
    func members() async throws {
        let servers = try await EtcdServer.startCluster(of: 3)
        defer { for server in servers { server.stop() } }
        let urls = servers.map(\.url)
        let machines = [try await objects(urls), try await objects(urls.reversed())]
        let version = try #require(try await machines[0].write([1], to: Self.name, over: .absent))
        try await servers[0].setAwake(false)
        #expect(try await machines[1].read(Self.name)?.version == version)
        #expect(try await machines[0].write([2], to: Self.name, over: .version(version)) != nil)
        #expect(try await machines[1].read(Self.name)?.bytes == [2])
        try await machines[0].remove(Self.name)
        try await SharedObjectsConformance(machines).check()
        try await servers[1].setAwake(false)
        await #expect {
            _ = try await machines[0].read(Self.name)
        } throws: { error in
            (error as? StepFailure)?.kind == .unreachable
        }
    }

    @Test("users sign in over TLS; another password, other keys and other authorities are refused, and tell no secret")
    func users() async throws {
        let server = try await EtcdServer.start(.server)
        defer { server.stop() }
        try await server.requireUsers()
        let ca = SecretReference.environment("CA")
        let machines = [
            try await objects([server.url], user: "spillway", ca: ca),
            try await objects([server.url], user: "spillway", ca: ca),
        ]
        try await SharedObjectsConformance(machines).check()
        let wrong = [
            try await objects([server.url], user: "spillway", password: "hunter2", ca: ca),
            try await objects([server.url], user: "spillway", ca: ca, prefix: "/elsewhere"),
        ]
        for objects in wrong {
            await #expect {
                _ = try await objects.read(Self.name)
            } throws: { error in
                (error as? StepFailure)?.kind == .denied && !"\(error)".contains("hunter2")
            }
            await #expect {
                _ = try await objects.write([1], to: Self.name, over: .absent)
            } throws: { error in
                (error as? StepFailure)?.kind == .denied && (error as? StepFailure)?.effect == StepFailure.Effect.none
            }
        }
        let distrusting = try await objects([server.url], user: "spillway")
        await #expect {
            try await distrusting.remove(Self.name)
        } throws: { error in
            (error as? StepFailure)?.kind == .untrusted
        }
    }

    @Test("a write whose answer is lost is sent again, and may have been made whatever is answered then")
    func lostAnswer() async throws {
        for (answer, isRefusal) in [
            (LocalServer.Answer.json(#"{"header": {"revision": "7"}}"#), false),
            (.json(#"{"code": 7, "message": "etcdserver: permission denied"}"#, status: 403), true),
        ] {
            try await LocalServer.with { number, _ in
                var lost = LocalServer.Answer(bytes: [])
                lost.breaksOff = true
                return number == 1 ? lost : answer
            } _: { server in
                let objects = try await objects([server.url])
                do throws(StepFailure) {
                    #expect(try await objects.write([1], to: Self.name, over: .absent) == nil)
                    #expect(!isRefusal)
                } catch {
                    #expect(isRefusal && error.kind == .denied && error.effect == .unknown, "\(error)")
                }
                #expect(server.seen.map(\.target) == ["/v3/kv/txn", "/v3/kv/txn"])
            }
        }
    }

    @Test("what another kind of service calls a version is refused before anything is sent")
    func foreignVersion() async throws {
        let objects = try await objects(["http://127.0.0.1:1"])
        await #expect {
            _ = try await objects.write([1], to: Self.name, over: .version(.init("\"etag\"")))
        } throws: { error in
            (error as? StepFailure)?.kind == .rejected
        }
    }
}
