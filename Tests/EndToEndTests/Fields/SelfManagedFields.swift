import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Sites that people run themselves, and fields of sites that only applications and links see.
    static let selfManaged = FieldChapter(
        name: "Self-managed sites", estate: selfManagedEstate,
        documents: { stage in
            let registry: JSONValue = ["credentials": Sites.pair]
            return Sites.documents(stage, of: ["west", "east"])
                + [
                    Documents.of("Environment", "home", ["schemaRegistry": registry]),
                    platform("one", "A").with("<brokers one>", at: ["spec", "bootstrapServers"]),
                    platform("three", "C").with("<rest three>", at: ["spec", "restEndpoint"]),
                    platform("two", "B").with("<brokers two>", at: ["spec", "bootstrapServers"]).with(
                        "<rest two>", at: ["spec", "restEndpoint"]),
                    Documents.of("Topic", "kept", ["cluster": "one", "partitions": 1]),
                    Documents.of("Topic", "signed", ["cluster": "west", "partitions": 1]),
                    Documents.of(
                        "ClusterLink", "both",
                        ["source": "one", "destination": "two", "mode": "Bidirectional"]),
                ]
                + [
                    ("one", "one"), ("west", "west"), ("three", "three"),
                ].map { name, cluster in
                    Documents.of(
                        "ClientBinding", name,
                        ["cluster": .text(cluster), "publish": [["file": ["path": .text("out/\(name).properties")]]]])
                }
        },
        entries: ownSites + addresses + signIns,
        environment: [
            "USER_A": "USER-A", "USER_B": "USER-B", "KEY_A": "KEY-A", "KEY_B": "KEY-B", "SECRET": "the-secret",
        ],
        files: ["password": "the-secret\n"],
        words: { stage in
            let clusters = try await stage.overview()["clusters"].array
            func rest(_ name: String) -> String {
                let cluster = clusters.first { $0["display_name"].string == name }
                return "\(cluster?["rest"].string ?? "")/kafka"
            }
            func brokers(_ name: String) -> String {
                clusters.first { $0["display_name"].string == name }?["bootstrap"].string ?? ""
            }
            return [
                "rest one": rest("one"), "rest two": rest("two"), "rest three": rest("three"),
                "brokers one": brokers("one"), "brokers two": brokers("two"),
                "registry": try await stage.registry(in: "dc-1"),
                "registry two": try await stage.registry(in: "dc-2"),
            ]
        })

    private static func platform(_ name: String, _ letter: String) -> JSONValue {
        let pair: JSONValue = ["username": ["env": "KAFKA_KEY"], "password": ["env": "KAFKA_SECRET"]]
        return Documents.of(
            "Cluster", name,
            [
                "environment": "home", "type": "ConfluentPlatform", "version": "7.6",
                "id": .text(String(repeating: letter, count: 22)), "credentials": pair, "linkCredentials": pair,
            ])
    }

    private static let selfManagedEstate: JSONValue = {
        var estate = Sites.estate(topics: ["west": ["t"]])
        let own = [("one", "A", "dc-1"), ("two", "B", "dc-2"), ("three", "C", "dc-3")].map {
            name, letter, region -> JSONValue in
            [
                "id": .text(String(repeating: letter, count: 22)), "kind": "ConfluentPlatform",
                "region": .text(region), "display_name": .text(name),
            ]
        }
        estate = estate.with(.list(estate["clusters"].array + own), at: ["clusters"])
        estate = estate.with(
            [["id": "sr-1", "region": "dc-1"], ["id": "sr-2", "region": "dc-2"]], at: ["registries"])
        let keys = [
            ("USER-A", String(repeating: "A", count: 22)), ("USER-B", String(repeating: "A", count: 22)),
            ("KEY-A", "lkc-w"), ("KEY-B", "lkc-w"),
        ].map { id, resource -> JSONValue in
            ["id": .text(id), "secret": "the-secret", "resource": .text(resource), "owner": "sa-1"]
        }
        return estate.with(.list(keys), at: ["keys"])
    }()

    private static func line(_ binding: String, _ key: String) -> FieldEntry.Wire {
        { stage in
            let text = (try? stage.read("out/\(binding).properties")) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(key)=") }
            return line.map { .text(String($0.dropFirst(key.count + 1))) } ?? .null
        }
    }

    /// Who made the last call that changed something at an endpoint.
    private static func caller(at endpoint: String) -> FieldEntry.Wire {
        { stage in
            let events = try await stage.http.get("\(stage.endpoints.admin)/events").array
            let calls = events.filter { $0["event"].string == "call" && $0["endpoint"].string == endpoint }
            return calls.last?["actor"]["client"] ?? .null
        }
    }

    private static let ownSites = [
        FieldEntry(
            "Cluster spec.version", of: "Cluster/two", set: .shows("7.6", "BIDIRECTIONAL"),
            changed: .refused("7.4", by: "bidirectional-not-possible"),
            removed: .refused(nil, by: "bidirectional-not-possible"), never: [.refused("new", by: "invalid-version")]
        ) { try await $0.config("link.mode", of: "links/both", on: "two") },
        FieldEntry(
            "Cluster spec.id", of: "Cluster/one", set: .shows("AAAAAAAAAAAAAAAAAAAAAA", "kept"),
            changed: .refused("DDDDDDDDDDDDDDDDDDDDDD", by: "Immutable"), removed: .shows(nil, "kept")
        ) { try await $0.live("topics/kept", on: "one")["topic_name"] },
        FieldEntry(
            "Cluster spec.restEndpoint", of: "Cluster/one", set: .shows("<rest one>", "kept"),
            changed: .refused("<rest two>", by: "exit 3"), removed: .refused(nil, by: "missing-field")
        ) { try await $0.live("topics/kept", on: "one")["topic_name"] },
        FieldEntry(
            "Cluster spec.bootstrapServers", of: "Cluster/three", set: .shows("one:9092", "one:9092"),
            changed: .shows("other:9092", "other:9092"), removed: .refused(nil, by: "missing-field"),
            wire: line("three", "bootstrap.servers")),
        FieldEntry(
            "Environment spec.schemaRegistry.endpoint", of: "Environment/home", set: .shows("<registry>", true),
            changed: .shows("<registry two>", false), removed: .refused(nil, by: "missing-endpoint")
        ) { stage in
            let published = try await line("one", "schema.registry.url")(stage).string
            return .bool(published == (try await stage.registry(in: "dc-1")))
        },
    ]

    private static let addresses = [
        FieldEntry(
            "Cluster spec.bootstrapServers", of: "Cluster/west", set: .shows("proxy:9092", "proxy:9092"),
            changed: .shows("proxy:9093", "proxy:9093"), removed: .shows(nil, "lkc-w.us-west-2.simulated:9092"),
            wire: line("west", "bootstrap.servers")),
        FieldEntry(
            "Environment spec.schemaRegistry.compatibility", of: "Environment/env-w", set: .shows("FULL", "FULL"),
            changed: .shows("NONE", "NONE"), removed: .shows(nil, "NONE"),
            never: [.refused("SOME", by: "unknown-value")]
        ) { try await $0.registered("config", at: "west")["compatibilityLevel"] },
        FieldEntry(
            "Environment spec.id", of: "Environment/env-w", set: .shows("env-w", true),
            changed: .refused("env-x", by: "Identity"), removed: .shows(nil, true)
        ) { stage in
            .bool(
                try await line("west", "schema.registry.url")(stage).string
                    == (try await stage.registry(in: "us-west-2")))
        },
        FieldEntry(
            "Cluster spec.id", of: "Cluster/west", set: .shows("lkc-w", "t"),
            changed: .refused("lkc-x", by: "exit 1"), removed: .shows(nil, "t")
        ) { try await $0.live("topics/t", on: "west")["topic_name"] },
    ]

    private static let signIns = [
        FieldEntry(
            "Credentials username", of: "Cluster/one", at: "spec.credentials.username",
            set: .shows(["env": "USER_A"], "USER-A"), changed: .shows(["env": "USER_B"], "USER-B"),
            removed: .refused(nil, by: "missing-companion"), wire: caller(at: "dc-1/kafka")),
        FieldEntry(
            "Credentials password", of: "Cluster/one", at: "spec.credentials.password",
            set: .shows(["env": "SECRET"], "USER-A"), changed: .shows(["file": "password"], "USER-B"),
            removed: .refused(nil, by: "missing-companion"), wire: caller(at: "dc-1/kafka")),
        FieldEntry(
            "Topic spec.replicationFactor", of: "Topic/kept", set: .shows(3, 3),
            changed: .refused(4, by: "Immutable"), removed: .shows(nil, 3)
        ) { try await $0.live("topics/kept", on: "one")["replication_factor"] },
        FieldEntry(
            "Topic spec.configs", of: "Topic/kept", set: .shows(["retention.ms": 60000], "60000"),
            changed: .shows(["retention.ms": 70000], "70000"), removed: .shows(nil, "604800000")
        ) { try await $0.config("retention.ms", of: "topics/kept", on: "one") },
        FieldEntry(
            "Credentials saslMechanism", of: "Cluster/one", at: "spec.linkCredentials.saslMechanism",
            set: .shows("SCRAM-SHA-256", "SCRAM-SHA-256"), changed: .shows("SCRAM-SHA-512", "SCRAM-SHA-512"),
            removed: .shows(nil, "PLAIN")
        ) { try await $0.config("sasl.mechanism", of: "links/both", on: "two") },
        FieldEntry(
            "Topic spec.configs", of: "Topic/signed", set: .shows(["retention.ms": 60000], "60000"),
            changed: .shows(["retention.ms": 70000], "70000"), removed: .shows(nil, "604800000")
        ) { try await $0.config("retention.ms", of: "topics/signed", on: "west") },
        FieldEntry(
            "Cluster spec.credentials", of: "Cluster/west",
            set: .shows(["apiKey": ["env": "KEY_A"], "apiSecret": ["env": "SECRET"]], "KEY-A"),
            changed: .shows(["apiKey": ["env": "KEY_B"], "apiSecret": ["env": "SECRET"]], "KEY-B"),
            removed: .refused(nil, by: "Unsupported"), wire: caller(at: "us-west-2/kafka")),
    ]
}
