import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Fields of workspaces and lists that are refused, or bound what is done")
struct WorkspaceFieldTests {
    private static func write(_ text: String, to file: String, on stage: Stage) throws {
        try text.write(to: stage.folder.appendingPathComponent(file), atomically: true, encoding: .utf8)
    }

    private static func workspace(_ spec: String) -> String {
        """
        apiVersion: spillway/v1
        kind: Workspace
        metadata: {name: quickstart}
        spec: \(spec)
        """
    }

    @Test(
        "stores of the ledger that do not answer end a run before anything is done, and tell how to go on",
        arguments: [
            "etcd: {connection: e, prefix: /p}",
            "s3: {connection: a, bucket: bucket, key: k, region: r, pathStyle: true, encryption: aws:kms, kmsKeyId: k}",
            "kubernetes: {connection: k, namespace: n, prefix: p}",
        ])
    func stores(state: String) async throws {
        try await Stage.withSites { stage in
            try Self.write(
                Self.workspace("{manifests: [manifests/], state: {\(state)}}"), to: "spillway.yaml", on: stage)
            let documents =
                Sites.documents(stage, of: ["west"]) + [
                    Documents.of("Connection", "e", ["etcd": ["endpoints": ["http://127.0.0.1:1"]]]),
                    Documents.of("Connection", "a", ["aws": ["region": "eu-west-1"]]),
                    Documents.of("Connection", "k", ["kubernetes": ["context": "c"]]),
                    Documents.of("Topic", "t", ["cluster": "west", "partitions": 1]),
                ]
            try Self.write(try Documents(documents).manifests, to: "manifests/fields.yaml", on: stage)
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 8, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try await stage.names("topic_name", in: "topics", on: "west") == [])
        }
    }

    @Test("defaults of a list are under its items, and the items win")
    func lists() async throws {
        try await Stage.withSites { stage in
            try Self.write(
                try Documents(Sites.documents(stage, of: ["west"])).manifests, to: "manifests/sites.yaml", on: stage)
            func apply(_ defaults: String, _ items: String) async throws -> [JSONValue] {
                try Self.write(
                    "apiVersion: spillway/v1\nkind: List\n\(defaults)\n\(items)\n", to: "manifests/list.yaml", on: stage
                )
                try await stage.apply()
                return try await [
                    stage.live("topics/a", on: "west")["partitions_count"],
                    stage.live("topics/b", on: "west")["partitions_count"],
                ]
            }
            let item = "apiVersion: spillway/v1, kind: Topic"
            let items = "items: [{metadata: {name: a}}, {metadata: {name: b}, spec: {partitions: 5}}]"
            let two =
                "defaults: {kind: Topic, spec: {cluster: west, partitions: 2, replicationFactor: 3, configs: {min.insync.replicas: 2}}}"
            #expect(try await apply(two, items) == [2, 5])
            #expect(
                try await apply(two.replacingOccurrences(of: "partitions: 2", with: "partitions: 3"), items) == [3, 5])
            let whole =
                "items: [{\(item), metadata: {name: a}, spec: {cluster: west, partitions: 4, replicationFactor: 3, configs: {min.insync.replicas: 2}}}]"
            #expect(try await apply("", whole) == [4, 5])
            try Self.write("apiVersion: spillway/v1\nkind: List\n\(two)\n", to: "manifests/list.yaml", on: stage)
            let none = try await stage.spillway("validate", "--output", "json")
            let codes = try JSONValue(parsing: none.output).array.compactMap { $0["code"].string }
            #expect(codes.contains("missing-field"), "\(none.output)")
        }
    }

    @Test(
        "provision bounds the making of a cluster, and request bounds one answer", arguments: ["provision", "request"])
    func timeouts(field: String) async throws {
        try await Stage.withSites { stage in
            let isRequest = field == "request"
            let documents =
                Sites.documents(stage, of: ["west"]) + [
                    Documents.of("Environment", "lab", ["connection": "c", "managementPolicy": "Manage"]),
                    Documents.of(
                        "Cluster", "lab",
                        [
                            "environment": "lab", "managementPolicy": "Manage", "type": "Basic", "cloud": "AWS",
                            "region": "us-west-2", "availability": "SINGLE_ZONE",
                        ]),
                    Documents.of("Topic", "t", ["cluster": "west", "partitions": 1]),
                ]
            try Self.write(try Documents(documents).manifests, to: "manifests/fields.yaml", on: stage)
            let fault =
                isRequest
                ? #"{"effect": "delay", "method": "POST", "path": "/kafka/v3", "delayMs": 3000}"#
                : #"{"effect": "edit", "method": "GET", "path": "/cmk/v2/clusters", "pointer": "/data/*/status/phase", "value": "PROVISIONING"}"#
            try await stage.http.send("POST", "\(stage.endpoints.admin)/faults", fault)
            let short = isRequest ? "request: 100ms" : "provision: 2s"
            try Self.write(
                Self.workspace("{manifests: [manifests/], timeouts: {\(short)}}"), to: "spillway.yaml", on: stage)
            let late = try await stage.spillway("apply", "--auto-approve")
            #expect(late.code != 0, "\(late.output)\(late.diagnostics)")
            try await stage.http.send("DELETE", "\(stage.endpoints.admin)/faults", nil)
            try Self.write(
                Self.workspace("{manifests: [manifests/], timeouts: {\(field): 1m}}"), to: "spillway.yaml", on: stage)
            try await stage.apply()
            try Self.write(Self.workspace("{manifests: [manifests/]}"), to: "spillway.yaml", on: stage)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("a hook has the workspace's time for restarts when it has none of its own")
    func restart() async throws {
        try await Stage.withSites { stage in
            try Self.write(
                Self.workspace("{manifests: [manifests/], policy: {allowCommands: true}, timeouts: {restart: 1s}}"),
                to: "spillway.yaml", on: stage)
            let documents =
                Sites.documents(stage, of: ["west"]) + [
                    Documents.of(
                        "ClientBinding", "app",
                        [
                            "cluster": "west", "publish": [["file": ["path": "out/app.properties"]]],
                            "restart": [["command": ["sh", "-c", "test -e ready || sleep 600"]]],
                        ])
                ]
            try Self.write(try Documents(documents).manifests, to: "manifests/fields.yaml", on: stage)
            let outcome = try await stage.spillway("apply", "--auto-approve")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            try Self.write("", to: "ready", on: stage)
            try Self.write(
                Self.workspace("{manifests: [manifests/], policy: {allowCommands: true}}"), to: "spillway.yaml",
                on: stage)
            try await stage.apply()
        }
    }
}
