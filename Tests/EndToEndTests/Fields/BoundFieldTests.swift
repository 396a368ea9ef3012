import Foundation
import NIOSSL
import SimulatorServer
import Testing
import TestSupport

@Suite("Fields that bound what is done, and whom hooks trust")
struct BoundFieldTests {
    /// Lets every mirror of west fail to be made.
    private static func refuseMirrors(on stage: Stage) async throws {
        let id = try await stage.clusterID("west")
        try await stage.http.send(
            "POST", "\(stage.endpoints.admin)/faults",
            #"""
            {"effect": "status", "method": "POST", "path": "/kafka/v3/clusters/\#(id)/links/payments-east-west/mirrors", \#
            "status": 400}
            """#)
    }

    /// Topics of the group that west still holds.
    private static func copies(_ stage: Stage) async throws -> Int {
        try await stage.names("topic_name", in: "topics", on: "west").array
            .filter { $0.string?.hasPrefix("payments.") == true }.count
    }

    @Test("copies are destroyed in waves of this many, and a wave waits for the mirrors of the one before")
    func wave() async throws {
        try await Stage.withPair { stage in
            try stage.edit("spillway.yaml", "policy: {", "policy: {wave: 1, ")
            let all = try await Self.copies(stage)
            try await Self.refuseMirrors(on: stage)
            let moved = try await stage.move(to: "east", from: "west")
            #expect(moved.code == 7, "\(moved.output)\(moved.diagnostics)")
            #expect(try await Self.copies(stage) == all - 1)
            for (old, new, left) in [("wave: 1, ", "wave: 3, ", all - 4), ("wave: 3, ", "", 0)] {
                try stage.edit("spillway.yaml", old, new)
                let outcome = try await stage.spillway("apply", "--auto-approve")
                #expect(outcome.code == 7, "\(outcome.output)\(outcome.diagnostics)")
                #expect(try await Self.copies(stage) == left, "\(outcome.output)")
            }
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            try await stage.apply()
            try await stage.expectSettled(primary: "east", standby: "west")
        }
    }

    @Test("a member has this long to return, longer and shorter than a transition")
    func reprotect() async throws {
        try await Stage.withPair { stage in
            try stage.edit("spillway.yaml", "transition: 30s", "transition: 30s, reprotect: 2s")
            let id = try await stage.clusterID("west")
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"""
                {"effect": "edit", "method": "GET", "path": "/kafka/v3/clusters/\#(id)/links/-/mirrors", \#
                "pointer": "/data/*/mirror_status", "value": "PENDING_MIRROR"}
                """#)
            let late = try await stage.move(to: "east", from: "west")
            #expect(late.code == 7, "\(late.output)\(late.diagnostics)")
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            try stage.edit("spillway.yaml", "reprotect: 2s", "reprotect: 5m")
            try await stage.apply()
            try await stage.expectSettled(primary: "east", standby: "west")
            try stage.edit("spillway.yaml", ", reprotect: 5m", "")
            let back = try await stage.move(to: "west", from: "east")
            #expect(back.code == 0, "\(back.output)\(back.diagnostics)")
        }
    }

    @Test("an attempt to connect has this long, within the time that an endpoint has to answer")
    func connect() async throws {
        try await Stage.withSites { stage in
            let deaf = try DeafServer()
            defer { deaf.close() }
            var documents = Documents(Sites.documents(stage, of: ["west"]))
            try documents.write(.text(deaf.url), to: "spec.confluentCloud.endpoint", of: "Connection/c")
            try documents.manifests.write(
                to: stage.folder.appendingPathComponent("manifests/fields.yaml"), atomically: true, encoding: .utf8)
            func silence(_ timeouts: String) async throws -> String {
                let workspace = """
                    apiVersion: spillway/v1
                    kind: Workspace
                    metadata: {name: quickstart}
                    spec: {manifests: [manifests/], timeouts: {\(timeouts)}}
                    """
                try workspace.write(
                    to: stage.folder.appendingPathComponent("spillway.yaml"), atomically: true, encoding: .utf8)
                let plan = try await stage.spillway("plan")
                #expect(plan.code == 3, "\(plan.output)\(plan.diagnostics)")
                return plan.output
            }
            #expect(try await silence("connect: 100ms, unreachableAfter: 4s").contains("connect timed out"))
            #expect(try await !silence("connect: 5m, unreachableAfter: 1s").contains("connect timed out"))
            #expect(try await silence("unreachableAfter: 10s").contains("connect timed out"), "the default is 3 s")
        }
    }

    @Test("a hook trusts the authority that is declared, and shows the certificate that is declared")
    func hookCertificates() async throws {
        let context = try Self.serverContext()
        try await LocalServer.with({ _, _ in .json("{}") }, tls: context) { server in
            try await Stage.withSites { stage in
                var stage = stage
                stage.spillway.environment.merge([
                    "CA": TestAuthority.authority, "OTHER": TestAuthority.otherAuthority,
                    "CERTIFICATE": TestAuthority.client, "CERTIFICATE_KEY": TestAuthority.clientKey,
                ]) { $1 }
                func hook(_ tls: JSONValue?) async throws -> (code: Int32, calls: Int, told: String) {
                    var documents = Documents(
                        Sites.documents(stage, of: ["west"]) + [
                            Documents.of(
                                "ClientBinding", "app",
                                [
                                    "cluster": "west", "publish": [["file": ["path": "out/app.properties"]]],
                                    "restart": [["timeout": "1m", "http": ["url": .text("\(server.url)/restart")]]],
                                ])
                        ])
                    try documents.write(tls, to: "spec.restart.0.http.tls", of: "ClientBinding/app")
                    try documents.manifests.write(
                        to: stage.folder.appendingPathComponent("manifests/fields.yaml"), atomically: true,
                        encoding: .utf8)
                    let before = server.seen.count
                    let outcome = try await stage.spillway("apply", "--auto-approve", "--rerun-hooks")
                    return (outcome.code, server.seen.count - before, outcome.output + outcome.diagnostics)
                }
                let own: JSONValue = ["certificate": ["env": "CERTIFICATE"], "key": ["env": "CERTIFICATE_KEY"]]
                let set = try await hook(own.with(["env": "CA"], at: ["ca"]))
                #expect(set.code == 0 && set.calls == 1, "\(set.told)")
                let changed = try await hook(own.with(["env": "OTHER"], at: ["ca"]))
                #expect(changed.code == 3 && changed.calls == 0 && changed.told.contains("TLS"), "\(changed.told)")
                let nobody = try await hook(["ca": ["env": "CA"]])
                #expect(nobody.code == 3 && nobody.calls == 0, "\(nobody.told)")
                let removed = try await hook(nil)
                #expect(removed.code == 3 && removed.calls == 0 && removed.told.contains("TLS"), "\(removed.told)")
            }
        }
    }

    /// A server that asks for a client certificate of the same authority as its own.
    private static func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(TestAuthority.server.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(TestAuthority.serverKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(TestAuthority.authority.utf8)))
        return try NIOSSLContext(configuration: configuration)
    }
}
