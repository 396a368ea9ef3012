import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Workspaces for what exists already")
struct ImportTests {
    @Test("a group with its link, mirrors and exporter is found, in both modes, and moves", arguments: [false, true])
    func group(isBidirectional: Bool) async throws {
        try await Stage.withPair(.init(isBidirectional: isBidirectional)) { stage in
            defer { stage.clearImport() }
            let outcome = try await stage.runImport()
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("12 topics and 1 failover group"), "\(outcome.output)")
            let group = try stage.importedFile("manifests/groups.yaml")
            #expect(group.contains("primary: west"))
            #expect(group.contains("mode: Bidirectional") == isBidirectional)
            let topics = try stage.importedFile("manifests/topics-group-payments.yaml")
            #expect(
                topics.contains("configs: {cleanup.policy: delete, min.insync.replicas: 2, retention.ms: 604800000}"))
            #expect(
                topics.contains(
                    "- {metadata: {name: payments.ledger}, spec: {partitions: 12, configs: {retention.ms: -1}}}"))
            #expect(!(try stage.importedText()).contains(stage.endpoints.credentials.secret))
            try await stage.expectAdoption { own in
                let url = stage.imported.appendingPathComponent("manifests/groups.yaml")
                let moved = try String(contentsOf: url, encoding: .utf8)
                    .replacingOccurrences(
                        of: "primary: west", with: "primary: east\n  fence: {denyWrites: [\"User:*\"]}")
                try moved.write(to: url, atomically: true, encoding: .utf8)
                let outcome = try await own("apply", "--auto-approve", "--confirm-primary", "payments=east")
                #expect([0, 3].contains(outcome.code), "\(outcome.output)\(outcome.diagnostics)")
                #expect(outcome.output.contains("serves   ✓ east"), "\(outcome.output)")
            }
        }
    }

    /// A link that names its mirrors, an exporter into a context, topics of two clusters with one name, and a third site.
    private static func layOut(_ stage: Stage) async throws {
        for file in ["group.yaml", "clients.yaml", "topics.yaml"] {
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests/\(file)"))
        }
        try """
        apiVersion: spillway/v1
        kind: List
        items:
          - kind: Topic
            metadata: {name: orders}
            spec: {cluster: west, partitions: 3, configs: {cleanup.policy: "compact,delete", retention.ms: 1h}}
          - {kind: Topic, metadata: {name: orders-east}, spec: {cluster: east, topicName: orders, partitions: 1}}
          - {kind: Topic, metadata: {name: tmp.x}, spec: {cluster: west, partitions: 1}}
          - kind: ClusterLink
            metadata: {name: copy}
            spec:
              source: west
              destination: east
              prefix: west.
              mirrorTopics: {include: [orders]}
              consumerOffsetSync: {interval: 15s, groups: {include: ["app*"], exclude: [app-test]}}
              configs: {topic.config.sync.ms: 10s}
          - kind: ClusterLink
            metadata: {name: acls}
            spec:
              source: east
              destination: west
              aclSync: {enabled: true, filters: [{resourceType: TOPIC, operation: READ}]}
          - kind: SchemaLink
            metadata: {name: backup}
            spec: {source: prod-west, destination: prod-east, subjects: ["orders*"], contextType: CUSTOM, context: west}

        """.write(to: stage.folder.appendingPathComponent("manifests/objects.yaml"), atomically: true, encoding: .utf8)
        try await stage.apply()
    }

    @Test("plain links, exporters into contexts, and names that two clusters share are written as they are")
    func plain() async throws {
        try await Stage.with { stage in
            defer { stage.clearImport() }
            try await Self.layOut(stage)
            let outcome = try await stage.runImport("--name", "estate")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let text = try stage.importedText()
            for part in [
                "metadata: {name: estate}", "prefix: west.", "mirrorTopics: {include: [orders]}",
                "consumerOffsetSync: {interval: 15s, groups: {include: [\"app*\"], exclude: [app-test]}}",
                "contextType: CUSTOM", "context: west", "topicName: orders", "cleanup.policy: \"compact,delete\"",
                "topic.config.sync.ms: 10000",
                "aclSync: {enabled: true, filters: [{resourceType: TOPIC, operation: READ}]}",
            ] {
                #expect(text.contains(part), "\(part)\n\(text)")
            }
            try await stage.expectAdoption()
        }
    }

    @Test("what is left out by a pattern is in no file, and a pattern that names nothing is a wrong command line")
    func filters() async throws {
        try await Stage.with { stage in
            defer { stage.clearImport() }
            try await Self.layOut(stage)
            let nothing = try await stage.runImport("--exclude", "topic/*/nope*")
            #expect(nothing.code == 64)
            #expect(nothing.diagnostics.contains("topic/*/nope*"), "\(nothing.diagnostics)")
            let wrong = try await stage.runImport("--include", "orders*")
            #expect(wrong.code == 64)
            #expect(wrong.diagnostics.contains("topic/…"), "\(wrong.diagnostics)")
            #expect(!FileManager.default.fileExists(atPath: stage.imported.path))
            let some = try await stage.runImport("--exclude", "topic/*/tmp.*", "--exclude", "exporter/*")
            #expect(some.code == 0, "\(some.output)\(some.diagnostics)")
            let text = try stage.importedText()
            #expect(!text.contains("tmp.x"))
            #expect(!text.contains("SchemaLink"))
            try await stage.expectAdoption()
            let full = try await stage.runImport()
            #expect(full.code == 1)
            #expect(full.diagnostics.contains("is not empty"), "\(full.diagnostics)")
            #expect(try stage.importedText() == text)
        }
        try await Stage.with { stage in
            defer { stage.clearImport() }
            try await Self.layOut(stage)
            let one = try await stage.runImport("--include", "cluster/west")
            #expect(one.code == 0, "\(one.output)\(one.diagnostics)")
            let text = try stage.importedText()
            #expect(text.contains("name: tmp.x"))
            #expect(!text.contains("ClusterLink"))
            try await stage.expectAdoption()
        }
    }

    @Test("a group is written as its parts where none is wanted")
    func withoutGroups() async throws {
        try await Stage.withPair { stage in
            defer { stage.clearImport() }
            let outcome = try await stage.runImport("--no-groups")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let text = try stage.importedText()
            #expect(!text.contains("FailoverGroup"))
            #expect(text.contains("kind: ClusterLink") && text.contains("kind: SchemaLink"))
            try await stage.expectAdoption()
        }
    }

    @Test("sites that people run themselves are imported by their endpoints")
    func platform() async throws {
        try await Stage.with { stage in
            defer { stage.clearImport() }
            let ids = ["dc1": String(repeating: "A", count: 22), "dc2": String(repeating: "B", count: 22)]
            let clusters = ids.map { name, id -> JSONValue in
                [
                    "id": .text(id), "kind": "ConfluentPlatform", "region": .text(name), "display_name": .text(name),
                    "topics": .list(name == "dc1" ? [["name": "core.orders", "partitions": 2]] : []),
                ]
            }
            let keys = ids.values.map { id -> JSONValue in
                ["id": .text("user-\(id)"), "secret": "the-password", "resource": .text(id), "owner": "sa-1"]
            }
            let estate = JSONValue.object(["clusters": .list(clusters), "keys": .list(keys)])
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/estate",
                String(decoding: try JSONEncoder().encode(estate), as: UTF8.self))
            var own = stage
            var flags: [String] = []
            for cluster in try await stage.overview()["clusters"].array {
                guard let name = cluster["display_name"].string, let id = ids[name] else { continue }
                own.spillway.environment["KAFKA_\(name.uppercased())_USERNAME"] = "user-\(id)"
                own.spillway.environment["KAFKA_\(name.uppercased())_PASSWORD"] = "the-password"
                flags += ["--platform", "\(name)=\(cluster["rest"].string ?? "")/kafka"]
                flags += ["--bootstrap", "\(name)=\(cluster["bootstrap"].string ?? "")"]
            }
            let outcome = try await own.spillway.start(["import", own.imported.path] + flags).outcome()
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let text = try own.importedText()
            #expect(text.contains("type: ConfluentPlatform"), "\(text)")
            #expect(text.contains("{username: {env: KAFKA_DC1_USERNAME}"), "\(text)")
            #expect(text.contains("name: core.orders") && !text.contains("the-password"), "\(text)")
            try await own.expectAdoption()
        }
    }

    @Test("what could not be read is named, nothing of it is written, and the end is not 0")
    func unread() async throws {
        try await Stage.withPair { stage in
            defer { stage.clearImport() }
            var poor = stage
            poor.spillway.environment["KAFKA_KEY"] = nil
            poor.spillway.environment["KAFKA_WEST_KEY"] = stage.endpoints.credentials.key
            poor.spillway.environment["KAFKA_WEST_SECRET"] = stage.endpoints.credentials.secret
            let outcome = try await poor.runImport()
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("cluster east"), "\(outcome.output)")
            #expect(outcome.output.contains("KAFKA_EAST_KEY"), "\(outcome.output)")
            let text = try stage.importedText()
            #expect(text.contains("{env: KAFKA_WEST_KEY}") && text.contains("{env: KAFKA_EAST_KEY}"))
            #expect(text.contains("KAFKA_EAST_SECRET="))
            #expect(!text.contains("FailoverGroup"))
        }
        try await Stage.withPair { stage in
            defer { stage.clearImport() }
            try await stage.set("control", "down")
            let outcome = try await stage.runImport()
            #expect(outcome.code == 1)
            #expect(outcome.diagnostics.contains("the control plane cannot be read"), "\(outcome.diagnostics)")
            #expect(!FileManager.default.fileExists(atPath: stage.imported.path))
        }
    }
}
