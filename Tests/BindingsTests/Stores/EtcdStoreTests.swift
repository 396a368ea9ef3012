import Domain
import Execution
import Foundation
import TestSupport
import Testing

@testable import Bindings

/// Against a real etcd.
@Suite("etcd as a store of bindings", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"))
struct EtcdStoreTests {
    @Test("etcd keeps what every store keeps")
    func conformance() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await StoreConformance(EtcdRig(server: server)).check()
    }

    @Test("users sign in, are refused with another password, and sign in again when their token is forgotten")
    func users() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        try await server.requireUsers()
        var rig = EtcdRig(server: server, isSignedIn: true)
        #expect(try await rig.observation().snapshot == StoreSnapshot())
        let folder = try ScratchFolder()
        let connections = connected(
            rig.workspace(), in: folder, environment: applicationSecrets.merging(rig.environment) { $1 })
        let observer = BindingStoreObserver(
            folder: folder.path, connections: connections, fingerprinter: fingerprinter)
        let binding = try #require(rig.workspace().clientBindings["checkout"])
        #expect(await observer.observe(binding, targetIndex: 0).snapshot == StoreSnapshot())
        try await rig.publish()
        // A server that starts again knows none of the tokens it gave.
        try await server.setAwake(false)
        try await server.setAwake(true)
        let seen = await observer.observe(binding, targetIndex: 0)
        #expect(seen.snapshot?.bookkeeping?.primary == "west", "\(seen)")
        rig.password = "another"
        guard case .denied(let reason, _) = try await rig.observation() else {
            Issue.record("another password was accepted")
            return
        }
        #expect(!reason.contains("another"))
        rig.password = "s"
        rig.key = "/elsewhere/checkout"
        if case .denied = try await rig.observation() {} else { Issue.record("a key of others was read") }
    }

    @Test("a server that an authority of the connection signed is trusted, and no other is")
    func tls() async throws {
        let server = try await EtcdServer.start(.server)
        defer { server.stop() }
        var rig = EtcdRig(server: server)
        #expect(try await rig.observation().isWrong, "the system's authorities do not know it")
        rig.tls = TLSSpec(ca: .environment("OTHER_CA"))
        #expect(try await rig.observation().isWrong)
        rig.tls = TLSSpec(ca: .environment("CA"))
        #expect(try await rig.observation().snapshot == StoreSnapshot())
    }

    @Test("a server may ask for a certificate of the client")
    func clientCertificate() async throws {
        let server = try await EtcdServer.start(.mutual)
        defer { server.stop() }
        var rig = EtcdRig(server: server)
        rig.tls = TLSSpec(ca: .environment("OTHER_CA"))
        #expect(try await rig.observation().isUnreachable)
        rig.tls = TLSSpec(
            ca: .environment("OTHER_CA"), certificate: .environment("CERTIFICATE"), key: .environment("KEY"))
        try await rig.publish()
        #expect(try await rig.observation().snapshot?.bookkeeping?.primary == "west")
    }

    @Test("the bookkeeping is a readable key beside the document, of the same revision; a lease of others stays")
    func bookkeeping() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        let rig = EtcdRig(server: server)
        let lease = try #require(
            try await server.http.json("POST", "v3/lease/grant", #"{"TTL": "3600"}"#)["ID"].string)
        let theirs = #"{ "their.own" : 1 }"#
        try await server.http.send(
            "POST", "v3/kv/put",
            #"{"key": "\#(rig.key.base64)", "value": "\#(theirs.base64)", "lease": "\#(lease)"}"#)
        try await rig.publish()
        let range = #"{"key": "\#(rig.key.base64)", "range_end": "\#("/apps/checkou~".base64)"}"#
        let pairs = try await server.http.json("POST", "v3/kv/range", range)["kvs"].array
        #expect(pairs.map { $0["key"].base64 } == ["/apps/checkout", "/apps/checkout.spillway"])
        #expect(pairs.first?["value"].base64?.hasPrefix(#"{ "their.own" : 1"#) == true)
        #expect(
            pairs.last?["value"].base64
                == #"{"checkout":{"epoch":0,"generation":1,"ledger":"led1","primary":"west"}}"#)
        #expect(Set(pairs.map { $0["mod_revision"].string }).count == 1, "one transaction")
        #expect(pairs.map { $0["lease"].string } == [lease, nil])
    }

    @Test("a document that becomes too large is refused with etcd's words, and stays")
    func tooLarge() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        let rig = EtcdRig(server: server)
        let large = #"{"their.own": "\#(String(repeating: "x", count: 1_572_800))"}"#
        try await server.http.send(
            "POST", "v3/kv/put", #"{"key": "\#(rig.key.base64)", "value": "\#(large.base64)"}"#)
        await #expect {
            try await rig.publish()
        } throws: { error in
            (error as? StepFailure)?.kind == .rejected && "\(error)".contains("too large")
        }
    }

    @Test("another member is asked when one is silent")
    func members() async throws {
        let server = try await EtcdServer.start()
        defer { server.stop() }
        var rig = EtcdRig(server: server)
        rig.silentMembers = ["http://127.0.0.1:1", "http://127.0.0.1:2"]
        try await rig.publish()
        #expect(try await rig.observation().snapshot?.bookkeeping?.primary == "west")
        try await server.setAwake(false)
        guard case .unreachable(let reason, _) = try await rig.observation() else {
            Issue.record("nobody answered, and something was read")
            return
        }
        #expect(reason.contains("none of the 3 members answers"))
    }
}

extension String {
    fileprivate var base64: String { Data(utf8).base64EncodedString() }
}

/// A key of a real etcd, edited with plain calls to its gateway.
private struct EtcdRig: StoreRig {
    let server: EtcdServer
    var isSignedIn = false
    var password = "s"
    var key = "/apps/checkout"
    var tls: TLSSpec?
    var silentMembers: [String] = []

    var target: PublishTarget { .etcd(EtcdPlace(connection: "etcd", key: key)) }
    var connections: [ConnectionSpec] {
        [
            ConnectionSpec(
                metadata: Metadata(name: "etcd"),
                system: .etcd(
                    EtcdSpec(
                        endpoints: silentMembers + [server.url],
                        username: isSignedIn ? .environment("ETCD_USER") : nil,
                        password: isSignedIn ? .environment("ETCD_PASSWORD") : nil, tls: tls)))
        ]
    }
    var environment: [String: String] {
        [
            "ETCD_USER": "spillway", "ETCD_PASSWORD": password, "CA": TestAuthority.authority,
            "OTHER_CA": TestAuthority.otherAuthority, "CERTIFICATE": TestAuthority.otherMember,
            "KEY": TestAuthority.otherMemberKey,
        ]
    }

    /// Publishes the binding.
    func publish() async throws {
        try await performer(
            workspace(), in: try ScratchFolder(), environment: applicationSecrets.merging(environment) { $1 }
        ).perform(publication())
    }
    var canBeCutOff: Bool { true }

    func values() async throws -> [String: String] {
        let document = try JSONDocument(try await text() ?? "")
        let keys = ["bootstrap.servers", "schema.registry.url", "client.id", "sasl.jaas", "their.own"]
        return keys.reduce(into: [:]) { values, key in values[key] = document.value(for: key) }
    }

    func set(_ key: String, to value: String) async throws {
        var document = try JSONDocument(try await text() ?? "")
        document.set(key, to: value)
        try await server.http.send(
            "POST", "v3/kv/put", #"{"key": "\#(self.key.base64)", "value": "\#(document.text.base64)"}"#)
    }

    func wipe() async throws {
        for key in [key, "\(key).spillway"] {
            try await server.http.send("POST", "v3/kv/deleterange", #"{"key": "\#(key.base64)"}"#)
        }
    }

    func version() async throws -> String {
        let answer = try await server.http.json("POST", "v3/kv/range", #"{"key": "\#(key.base64)"}"#)
        return answer["kvs"].array.first?["mod_revision"].string ?? "none"
    }

    func setReachable(_ isReachable: Bool) async throws {
        try await server.setAwake(isReachable)
    }

    private func text() async throws -> String? {
        let answer = try await server.http.json("POST", "v3/kv/range", #"{"key": "\#(key.base64)"}"#)
        return answer["kvs"].array.first?["value"].base64
    }
}
