import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("What a refusal of topics, links and schemas prints leads out, as printed")
struct ResourceWaysOutTests {
    private typealias Document = Manifests.Document

    @Test("fields that cannot change, and deletions")
    func fields() async throws {
        let documents: [Document] = .payments(["west", "east"], [:]) + Self.plain
        try await Desk.with(["west", "east", "south"], documents, workspace: ["policy.maxDeletions": "1"]) { desk in
            try await desk.settle()
            try await desk.goOutOfFixedFields()
            try await desk.goOutOfDeletions()
            try await desk.goOutOfSecondOwners()
        }
    }

    /// Topics, a link and an exporter that belong to no group.
    private static let plain: [Document] = [
        .topic("plain", ["cluster": "west", "deletionPolicy": "Delete"]),
        .topic("loose", ["cluster": "west", "deletionPolicy": "Delete"]),
        .topic("loose2", ["cluster": "west", "deletionPolicy": "Delete"]),
        .topic("locked", ["cluster": "west", "deletionPolicy": "Delete"], protect: true),
        Document(
            "ClusterLink", "copy",
            ["source": "west", "destination": "south", "mirrorTopics.include": "[plain]", "deletionPolicy": "Delete"]),
        Document(
            "SchemaLink", "backup",
            [
                "source": "env-west", "destination": "env-south", "contextType": "CUSTOM", "context": "west",
                "subjects": #"["*"]"#,
            ]),
    ]

    @Test("topics and links of others that stand in the way")
    func others() async throws {
        try await Desk.with(["west", "east"], [.topic("mine", ["cluster": "west"])]) { desk in
            let stage = desk.stage
            try await stage.topics(["a", "b", "c", "dot_x"], on: "west")
            try await stage.topics(["b"], on: "east")
            try await desk.settle()
            for name in ["one", "two"] { try await stage.link(name, from: "west", on: "east") }
            try await stage.mirror("a", over: "two", on: "east")
            func link(_ more: [String: String]) -> (inout Manifests) -> Void {
                let usual = ["source": "west", "destination": "east", "mirrorTopics.include": "[c]"]
                return { $0.add("ClusterLink", "copy", usual.merging(more) { $1 }) }
            }
            try await desk.during(link([:])) { try await $0.goOut("Identity") }
            try await desk.during(link(["linkName": "one", "mirrorTopics.include": "[a]"])) { desk in
                try await desk.goOut(
                    "Transition", ["exclude them": { $0.set("ClusterLink copy", "mirrorTopics.include", "[c]") }])
            }
            try await desk.during(link(["linkName": "one", "mirrorTopics.include": "[b]"])) { desk in
                try await desk.goOut(
                    "Transition",
                    [
                        "exclude them": { $0.set("ClusterLink copy", "mirrorTopics.include", "[c]") },
                        "delete them on east by hand": { _ in try await stage.delete("topics", "b", on: "east") },
                    ])
            }
            try await desk.during(link(["linkName": "one", "mode": "Bidirectional"])) { desk in
                try await desk.goOut(
                    "Immutable",
                    [
                        "write `mode: Unidirectional`": { $0.set("ClusterLink copy", "mode", "Unidirectional") },
                        "delete it on east by hand": { _ in try await stage.delete("links", "one", on: "east") },
                    ])
            }
            try await desk.during({ $0.add(.topic("dot.x", ["cluster": "west"])) }) { desk in
                try await desk.goOut(
                    "Unsupported",
                    [
                        "rename dot.x": { $0.set("Topic dot.x", "topicName", "dot-x") },
                        "exclude it": { $0.manifests.documents["Topic dot.x"] = nil },
                    ])
            }
        }
    }

    @Test("a file in another format, which holds what others wrote")
    func formats() async throws {
        try await Desk.withPayments { desk in
            let file = desk.stage.folder.appendingPathComponent("out/app.properties")
            let published = try String(contentsOf: file, encoding: .utf8)
            try (published + "client.id=ours\n").write(to: file, atomically: true, encoding: .utf8)
            let json = "[{file: {path: out/app.properties, format: JSON}}]"
            try await desk.during({ $0.set("ClientBinding app", "publish", json) }) { desk in
                try await desk.goOut(
                    "Immutable",
                    [
                        "move those entries": { _ in
                            try published.write(to: file, atomically: true, encoding: .utf8)
                        },
                        "another `path`": {
                            $0.set("ClientBinding app", "publish", "[{file: {path: out/app.json, format: JSON}}]")
                        },
                    ])
            }
        }
    }
}

extension Desk {
    /// Writes a field of a manifest.
    mutating func set(_ key: String, _ path: String, _ value: String?) {
        manifests.set(key, path, value)
    }

    fileprivate mutating func goOutOfFixedFields() async throws {
        let stage = stage
        let changes: [(document: String, path: String, value: String, gate: String)] = [
            ("Topic loose", "partitions", "1", "Partitions"),
            ("Topic loose", "topicName", "other", "Immutable"), ("Topic loose", "cluster", "east", "Immutable"),
            ("ClusterLink copy", "linkName", "other", "Immutable"),
            ("ClusterLink copy", "destination", "east", "Immutable"),
            ("ClusterLink copy", "initiator", "west", "Immutable"),
            ("SchemaLink backup", "exporterName", "other", "Immutable"),
            ("SchemaLink backup", "source", "env-east", "Immutable"),
            ("SchemaLink backup", "context", "other", "Immutable"),
            ("FailoverGroup payments", "link.names", "{west-east: other}", "Immutable"),
        ]
        for (document, path, value, gate) in changes {
            let original = manifests.documents[document]?.fields["spec.\(path)"]
            let isUndone: Hand = { $0.set(document, path, original) }
            try await during({ $0.set(document, path, value) }) { desk in
                try await desk.goOut(
                    gate,
                    [
                        // Another object has a manifest of its own, so that this one says again what it is.
                        "create another topic": isUndone, "another one beside it": isUndone,
                        "end the mirrors": isUndone,
                        "delete the live one by hand": { _ in
                            try await stage.registry("west", "PUT", "/exporters/backup/pause")
                            try await stage.registry("west", "DELETE", "/exporters/backup")
                        },
                    ])
            }
        }
    }

    fileprivate mutating func goOutOfDeletions() async throws {
        try await during({ $0.remove("Topic loose", "Topic loose2") }) { try await $0.goOut("MaxDeletions") }
        try await during({ $0.remove("Topic plain") }) { desk in
            try await desk.goOut(
                "Links", ["exclude it from": { $0.set("ClusterLink copy", "mirrorTopics.exclude", "[plain]") }])
        }
        try await during({ $0.remove("ClusterLink copy") }) { try await $0.goOut("LinkMirrors") }
        try await during({ $0.remove("Topic locked") }) { try await $0.goOut("Protect") }
        let wrong = try await run(["plan", "--target", "topic/west/lose"])
        #expect(wrong.code == 64)
        #expect(wrong.diagnostics.contains("did you mean topic/west/loose?"))
        // Nobody can say that somebody silent has no such object.
        try await stage.set("control", "down")
        try await during({ _ in }, flags: ["--target", "topic/west/lose"]) { desk in
            try await desk.goOut("Identity", ["correct it": { $0.flags = ["--target", "topic/west/loose"] }])
        }
        try await stage.set("control", "up")
    }

    fileprivate mutating func goOutOfSecondOwners() async throws {
        let second = [
            "primary": "west", "members": "[west, east]", "topics.include": #"["audit.*"]"#,
            "link.names": "{west-east: payments-west-east}", "fence.denyWrites": #"["User:*"]"#,
        ]
        try await during({ $0.add("FailoverGroup", "audit", second) }) { desk in
            try await desk.goOut(
                "Links",
                [
                    "the same settings": { $0.set("FailoverGroup audit", "link.consumerOffsetSync.interval", "1s") },
                    "different link names": { $0.set("FailoverGroup audit", "link.names", nil) },
                    "let one group follow": { desk in
                        for path in ["primary", "members", "link.names"] { desk.set("FailoverGroup audit", path, nil) }
                        desk.set("FailoverGroup audit", "follows", "payments")
                    },
                ])
        }
        let back = [
            "source": "env-east", "destination": "env-west", "contextType": "NONE", "subjects": #"["*"]"#,
        ]
        try await during({ $0.add("SchemaLink", "back", back) }) { desk in
            try await desk.goOut(
                "Links",
                [
                    "a context of its own": {
                        $0.set("SchemaLink back", "contextType", "CUSTOM")
                        $0.set("SchemaLink back", "context", "east")
                    }
                ])
        }
        try await stage.register("own-value", at: "south")
        let over = ["source": "env-west", "destination": "env-south", "contextType": "NONE", "subjects": #"["*"]"#]
        try await during({ $0.add("SchemaLink", "over", over) }) { desk in
            try await desk.goOut(
                "ImportMode",
                [
                    "a context of its own": {
                        $0.set("SchemaLink over", "contextType", "CUSTOM")
                        $0.set("SchemaLink over", "context", "over")
                    }
                ])
        }
    }
}

extension Manifests {
    mutating func remove(_ keys: String...) {
        for key in keys { documents[key] = nil }
    }
}

extension Stage {
    /// Makes a link as somebody else would.
    func link(_ name: String, from source: String, on cluster: String) async throws {
        let (key, secret) = (endpoints.credentials.key, endpoints.credentials.secret)
        let jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required "
        let configs = [
            ("bootstrap.servers", "lkc-\(source).\(Desk.regions[source] ?? source).simulated:9092"),
            ("security.protocol", "SASL_SSL"), ("sasl.mechanism", "PLAIN"),
            ("sasl.jaas.config", #"\#(jaas)username=\"\#(key)\" password=\"\#(secret)\";"#),
        ].map { #"{"name": "\#($0)", "value": "\#($1)"}"# }.joined(separator: ",")
        try await kafka(
            cluster, "POST", "/links?link_name=\(name)",
            #"{"source_cluster_id": "lkc-\#(source)", "configs": [\#(configs)]}"#)
        try await eventually {
            try await kafka(cluster, "GET", "/links")["data"].array.contains { $0["link_name"].string == name }
                ? () : nil
        }
    }

    /// Makes a mirror as somebody else would.
    func mirror(_ topic: String, over link: String, on cluster: String) async throws {
        let url = "\(try await kafka(cluster))/links/\(link)/mirrors"
        try await eventually {
            let answer = try await http.answer(
                "POST", url, #"{"source_topic_name": "\#(topic)"}"#, headers: http.signIn)
            return (200..<300).contains(answer.status) ? () : nil
        }
        try await mirrors(on: cluster, are: "ACTIVE", topic)
    }
}
