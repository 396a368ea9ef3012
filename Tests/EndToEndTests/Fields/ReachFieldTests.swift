import Foundation
import NIOSSL
import Testing
import TestSupport

@Suite("Fields of whom Spillway trusts, and of what may go by plain http")
struct ReachFieldTests {
    private static let control: [String: JSONValue] = [
        "apiKey": ["env": "CLOUD_KEY"], "apiSecret": ["env": "CLOUD_SECRET"],
    ]

    private static func write(_ documents: [JSONValue], state: String = "", on stage: Stage) throws {
        let workspace = """
            apiVersion: spillway/v1
            kind: Workspace
            metadata: {name: quickstart}
            spec: {manifests: [manifests/], timeouts: {unreachableAfter: 5s}\(state)}
            """
        try workspace.write(
            to: stage.folder.appendingPathComponent("spillway.yaml"), atomically: true, encoding: .utf8)
        try Documents(documents).manifests.write(
            to: stage.folder.appendingPathComponent("manifests/fields.yaml"), atomically: true, encoding: .utf8)
    }

    private static func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(TestAuthority.server.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(TestAuthority.serverKey.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
    }

    @Test("a control plane and an S3 service of a private authority: `tls.ca`, or the file of SSL_CERT_FILE")
    func authorities() async throws {
        let context = try Self.serverContext()
        try await LocalServer.with({ _, _ in .json(#"{"data": []}"#) }, tls: context) { server in
            try await Stage.withSites { stage in
                let folder = stage.folder
                try TestAuthority.authority.write(
                    to: folder.appendingPathComponent("ca.pem"), atomically: true, encoding: .utf8)
                try "no certificate".write(
                    to: folder.appendingPathComponent("bad.pem"), atomically: true, encoding: .utf8)
                func calls(
                    _ tls: JSONValue?, _ file: String? = nil, isStore: Bool = false
                ) async throws -> (calls: Int, told: String) {
                    var stage = stage
                    stage.spillway.environment.merge([
                        "CA": TestAuthority.authority, "OTHER": TestAuthority.otherAuthority,
                        "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret-of-aws",
                    ]) { $1 }
                    if let file {
                        stage.spillway.environment["SSL_CERT_FILE"] = folder.appendingPathComponent(file).path
                    }
                    var spec: [String: JSONValue] =
                        isStore ? ["region": "eu-west-1"] : Self.control
                    spec["endpoint"] = .text(server.url)
                    spec["tls"] = tls
                    let connection = Documents.of(
                        "Connection", "c", .object([isStore ? "aws" : "confluentCloud": .object(spec)]))
                    let environment = Documents.of("Environment", "e", isStore ? [:] : ["connection": "c"])
                    try Self.write(
                        [connection] + (isStore ? [] : [environment]),
                        state: isStore ? ", state: {s3: {connection: c, bucket: state}}" : "", on: stage)
                    let before = server.seen.count
                    let outcome = try await stage.spillway("plan")
                    return (server.seen.count - before, outcome.output + outcome.diagnostics)
                }
                for isStore in [false, true] {
                    let nobody = try await calls(nil, isStore: isStore)
                    #expect(nobody.calls == 0 && nobody.told.contains("TLS"), "\(nobody.told)")
                    #expect(try await calls(["ca": ["env": "CA"]], isStore: isStore).calls > 0)
                    let other = try await calls(["ca": ["env": "OTHER"]], isStore: isStore)
                    #expect(other.calls == 0 && other.told.contains("TLS"), "\(other.told)")
                    #expect(try await calls(nil, "ca.pem", isStore: isStore).calls > 0)
                    let declared = try await calls(["ca": ["env": "OTHER"]], "ca.pem", isStore: isStore)
                    #expect(declared.calls == 0, "what the manifests say goes before the machine's file")
                }
                let unusable = try await calls(nil, "bad.pem")
                #expect(unusable.told.contains("SSL_CERT_FILE cannot be used"), "\(unusable.told)")
                #expect(unusable.calls == 0)
            }
        }
    }

    /// One object of every kind that names addresses.
    private static func documents(_ host: String, allowed: Bool) -> [JSONValue] {
        let signIn: JSONValue = ["apiKey": ["env": "CLOUD_KEY"], "apiSecret": ["env": "CLOUD_SECRET"]]
        func url(_ host: String) -> JSONValue { .text("http://\(host):8080") }
        let flag: JSONValue = .bool(allowed)
        return [
            Documents.of(
                "Connection", "cloud",
                .object([
                    "confluentCloud": .object(
                        Self.control.merging(["endpoint": url(host), "allowInsecure": flag]) { $1 })
                ])),
            Documents.of("Connection", "consul", ["consul": ["endpoint": url(host), "allowInsecure": flag]]),
            Documents.of(
                "Connection", "vault",
                ["vault": ["endpoint": url(host), "token": ["env": "CLOUD_KEY"], "allowInsecure": flag]]),
            Documents.of("Connection", "etcd", ["etcd": ["endpoints": [url(host)], "allowInsecure": flag]]),
            Documents.of("Connection", "aws", ["aws": ["endpoint": url(host), "allowInsecure": flag]]),
            Documents.of(
                "Environment", "home",
                ["schemaRegistry": ["endpoint": url(host), "credentials": signIn, "allowInsecure": flag]]),
            Documents.of(
                "Cluster", "one",
                [
                    "environment": "home", "type": "ConfluentPlatform", "bootstrapServers": "b:9092",
                    "restEndpoint": url(host), "credentials": signIn, "allowInsecure": flag,
                ]),
            Documents.of(
                "ClientBinding", "app",
                [
                    "cluster": "one", "publish": [["file": ["path": "out/app.properties"]]],
                    "restart": [
                        [
                            "http": [
                                "url": url(host), "headers": ["x-token": ["env": "CLOUD_KEY"]],
                                "allowInsecure": flag,
                            ]
                        ]
                    ],
                ]),
        ]
    }

    @Test(
        "plain http to another machine is an error where it stands, unless it is allowed there; to this machine it is fine"
    )
    func plainHTTP() async throws {
        try await Stage.withSites { (stage: Stage) async throws -> Void in
            func refused(_ host: String, allowed: Bool) async throws -> [String] {
                try Self.write(Self.documents(host, allowed: allowed), on: stage)
                let outcome = try await stage.spillway("validate", "--output", "json")
                return try JSONValue(parsing: outcome.output).array.filter { $0["code"].string == "plain-http" }
                    .compactMap { $0["message"].string }
            }
            #expect(try await refused("kafka.example.com", allowed: false).count == 8)
            #expect(try await stage.spillway("plan").code == 1)
            #expect(try await refused("kafka.example.com", allowed: true).isEmpty)
            #expect(try await refused("127.0.0.1", allowed: false).isEmpty)
        }
    }
}
