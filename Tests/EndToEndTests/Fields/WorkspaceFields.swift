import Foundation
import SimulatorServer
import TestSupport

extension FieldChapters {
    /// What the workspace loads, requires, and where it keeps what it knows.
    static let workspace = FieldChapter(
        name: "Workspace", estate: Sites.estate(),
        documents: { stage in
            [Documents.of("Workspace", "quickstart", [:])] + Sites.documents(stage, of: ["west"]) + [
                Documents.of(
                    "Topic", "own",
                    [
                        "cluster": "west", "partitions": 1, "replicationFactor": 3,
                        "configs": ["retention.ms": 50000, "min.insync.replicas": 2],
                    ]),
                Documents.of(
                    "ClientBinding", "app",
                    [
                        "cluster": "west", "credentials": ["west": ["kafka": Sites.pair]],
                        "secrets": ["password": "${credentials.kafka.apiSecret}"],
                        "publish": [["file": ["path": "out/app.properties", "contents": "All"]]],
                    ]),
            ]
        },
        entries: loading + keeping + minima, environment: ["KEY_A": "fingerprints-a", "KEY_B": "fingerprints-b"],
        files: [
            ".base-a/topic.yaml": topic("base.a"), ".base-b/topic.yaml": topic("base.b"),
            "extra/topic.yaml": topic("extra"), ".patches/a.yaml": patch(60000), ".patches/b.yaml": patch(70000),
        ])

    private static func topic(_ name: String) -> String {
        """
        apiVersion: spillway/v1
        kind: Topic
        metadata: {name: \(name)}
        spec: {cluster: west, partitions: 1, replicationFactor: 3, configs: {min.insync.replicas: 2}}
        """
    }

    private static func patch(_ retention: Int) -> String {
        """
        apiVersion: spillway/v1
        kind: Topic
        metadata: {name: own}
        spec: {configs: {retention.ms: \(retention)}}
        """
    }

    /// Topics of a list that are there.
    private static func topics(_ names: String...) -> FieldEntry.Wire {
        { stage in
            let live = try await stage.names("topic_name", in: "topics", on: "west").array
            return .list(names.map { .text($0) }.filter(live.contains))
        }
    }

    private static func files(_ paths: String...) -> FieldEntry.Wire {
        { stage in
            .list(
                paths.map {
                    .bool(FileManager.default.fileExists(atPath: stage.folder.appendingPathComponent($0).path))
                })
        }
    }

    private static let loading = [
        FieldEntry(
            "Workspace spec.requiredVersion", of: "Workspace/quickstart", set: .shows(">=0.9 <2", ["own"]),
            changed: .refused(">=99", by: "version-mismatch"), removed: .shows(nil, ["own"]),
            never: [.refused("new", by: "invalid-version-range")], wire: topics("own")),
        FieldEntry(
            "Workspace spec.manifests", of: "Workspace/quickstart", set: .shows(["manifests/"], ["own"]),
            changed: .shows(["manifests/", "extra/"], ["own", "extra"]), removed: .shows(nil, ["own", "extra"]),
            wire: topics("own", "extra")),
        FieldEntry(
            "Workspace spec.bases", of: "Workspace/quickstart", set: .shows([".base-a"], ["base.a"]),
            changed: .shows([".base-a", ".base-b"], ["base.a", "base.b"]), removed: .shows(nil, ["base.a", "base.b"]),
            wire: topics("base.a", "base.b")),
        FieldEntry(
            "Workspace spec.patches", of: "Workspace/quickstart", set: .shows([".patches/a.yaml"], "60000"),
            changed: .shows([".patches/b.yaml"], "70000"), removed: .shows(nil, "50000")
        ) { try await $0.config("retention.ms", of: "topics/own", on: "west") },
    ]

    private static let keeping = [
        FieldEntry(
            "Workspace spec.state.sqlite.path", of: "Workspace/quickstart",
            set: .shows("kept/a.db", [true, false, false]), changed: .shows("kept/b.db", [true, true, false]),
            removed: .shows(nil, [true, true, true]), wire: files("kept/a.db", "kept/b.db", ".spillway/state.db")),
        FieldEntry(
            "Workspace spec.state.snapshot", of: "Workspace/quickstart", set: .shows("kept/a.json", [true, false]),
            changed: .shows("kept/b.json", [true, true]), removed: .shows(nil, [true, true]),
            wire: files("kept/a.json", "kept/b.json")),
        FieldEntry(
            "Workspace spec.state.fingerprintKey", of: "Workspace/quickstart", set: .shows(["env": "KEY_A"], ["own"]),
            changed: .refused(["env": "KEY_B"], by: "exit 1"), removed: .refused(nil, by: "exit 1"), wire: topics("own")
        ),
    ]

    private static let minima = [
        FieldEntry(
            "Workspace spec.policy.minReplicationFactor", of: "Workspace/quickstart", set: .shows(3, 3),
            changed: .refused(4, by: "below-policy"), removed: .shows(nil, 3)
        ) { try await $0.live("topics/own", on: "west")["replication_factor"] },
        FieldEntry(
            "Workspace spec.policy.minInSyncReplicas", of: "Workspace/quickstart", set: .shows(2, "2"),
            changed: .refused(3, by: "below-policy"), removed: .shows(nil, "2")
        ) { try await $0.config("min.insync.replicas", of: "topics/own", on: "west") },
    ]
}
