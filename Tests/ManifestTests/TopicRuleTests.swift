import Domain
import Testing

@testable import Manifest

@Suite("Rules: topics and selectors")
struct TopicRuleTests {
    @Test("Topics", arguments: topics)
    func topic(rule: RuleCase) { rule.check() }

    private static let policy = ", policy: {minReplicationFactor: 3, minInSyncReplicas: 2}"
    private static let group = """

        ---
        kind: FailoverGroup
        metadata: {name: g}
        spec: {primary: west, members: [west, east], topics: {include: ["g.*"], allowInternal: ["app-changelog"]}, schemas: {subjects: ["*"]}}
        """

    static let topics: [RuleCase] = [
        RuleCase(
            "every field",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, topicName: _x.y-Z, partitions: 3, replicationFactor: 3, configs: {retention.ms: 7d, min.insync.replicas: 2, segment.bytes: 1GiB, cleanup.policy: "compact, delete", retention.bytes: -1}}
            """, workspace: policy),
        RuleCase(
            "names Kafka refuses",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, topicName: 1️⃣"a b"}
            ---
            kind: Topic
            metadata: {name: u}
            spec: {cluster: west, topicName: 2️⃣".."}
            """, ["1️⃣ error invalid-topic-name", "2️⃣ error invalid-topic-name"]),
        RuleCase(
            "below the policy",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: new, replicationFactor: 1️⃣2, configs: {min.insync.replicas: 2️⃣1}}
            """, ["1️⃣ error below-policy", "2️⃣ error below-policy"], workspace: policy),
        RuleCase(
            "a replication factor Confluent Cloud refuses, and one nothing can be written with",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, replicationFactor: 1️⃣4}
            ---
            kind: Topic
            metadata: {name: u}
            spec: {cluster: new, replicationFactor: 2, configs: {min.insync.replicas: 2️⃣3}}
            """, ["1️⃣ error replication-factor-not-3", "2️⃣ error unwritable-topic"]),
        RuleCase(
            "configs that are no duration or size",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, configs: {retention.ms: 1️⃣a week, retention.bytes: 2️⃣1.5GiB}}
            """, ["1️⃣ error invalid-config-value", "2️⃣ error invalid-config-value"]),
        RuleCase(
            "configs that nobody knows",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: new, configs: {1️⃣retentoin.ms: 1000, 2️⃣log.retention.ms: 1000, 3️⃣whatever: x, 4️⃣confluent.tier.enabel: true, 5️⃣confluent.brand.new: x, 6️⃣retention_ms: 1}}
            """,
            [
                "1️⃣ error unknown-config", "2️⃣ error unknown-config", "3️⃣ error unknown-config",
                "4️⃣ error unknown-config", "5️⃣ warning unknown-config", "6️⃣ error unknown-config",
            ]),
        RuleCase(
            "values that no broker takes",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: new, configs: {min.insync.replicas: 1️⃣two, cleanup.policy: 2️⃣compcat, preallocate: 3️⃣1, min.cleanable.dirty.ratio: 4️⃣1.5, message.timestamp.type: 5️⃣createtime, segment.bytes: 6️⃣3GiB, retention.ms: 7️⃣-2}}
            """,
            [
                "1️⃣ error invalid-config-value", "2️⃣ error invalid-config-value", "3️⃣ error invalid-config-value",
                "4️⃣ error invalid-config-value", "5️⃣ error invalid-config-value", "6️⃣ error invalid-config-value",
                "7️⃣ error invalid-config-value",
            ]),
        RuleCase(
            "lists with an empty item, and throttled replicas that are none",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: new, configs: {cleanup.policy: 1️⃣"delete,,compact", leader.replication.throttled.replicas: 2️⃣a, follower.replication.throttled.replicas: 3️⃣"0:1,*"}}
            ---
            kind: Topic
            metadata: {name: u}
            spec: {cluster: new, configs: {cleanup.policy: 4️⃣"delete,", leader.replication.throttled.replicas: "0:101, 1:102", follower.replication.throttled.replicas: "*"}}
            """,
            [
                "1️⃣ error invalid-config-value", "2️⃣ error invalid-config-value", "3️⃣ error invalid-config-value",
                "4️⃣ error invalid-config-value",
            ]),
        RuleCase(
            "values as brokers read them",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: new, configs: {retention.ms: 0123, unclean.leader.election.enable: True, min.cleanable.dirty.ratio: 0.50, max.compaction.lag.ms: 9223372036854775807, cleanup.policy: "delete , compact", confluent.tier.enable: true, flush.ms: 1000}}
            """),
        RuleCase(
            "what Confluent Cloud does not let anybody set, and its limits",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, configs: {1️⃣min.cleanable.dirty.ratio: 0.3, min.insync.replicas: 2️⃣3, max.message.bytes: 3️⃣30MiB}}
            """,
            [
                "1️⃣ warning config-not-settable", "2️⃣ error invalid-config-value", "3️⃣ error invalid-config-value",
            ]),
        RuleCase(
            "records that must wait longer than they may",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west, configs: {min.compaction.lag.ms: 1️⃣2h, max.compaction.lag.ms: 1h}}
            """, ["1️⃣ error invalid-config-value"]),
        RuleCase(
            "names that Kafka takes for one",
            """
            kind: Topic
            metadata: {name: a.b_c}
            spec: {cluster: west}
            ---
            kind: Topic
            metadata: {name: 1️⃣a_b.c}
            spec: {cluster: west}
            ---
            kind: Topic
            metadata: {name: other}
            spec: {cluster: east, topicName: a_b_c}
            """, ["1️⃣ error colliding-topic-names"]),
        RuleCase(
            "a mirror's name that a declared topic has",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: new, prefix: w., mirrorTopics: {include: [orders, "bills*"]}}
            ---
            kind: Topic
            metadata: {name: 1️⃣w.orders}
            spec: {cluster: new}
            ---
            kind: Topic
            metadata: {name: 2️⃣w.bills-2}
            spec: {cluster: new}
            ---
            kind: Topic
            metadata: {name: orders}
            spec: {cluster: new}
            """, ["1️⃣ error topic-claimed-twice", "2️⃣ warning topic-claimed-twice"]),
        RuleCase(
            "on a cluster that is not managed", "kind: Topic\nmetadata: {name: t}\nspec: {cluster: 1️⃣kafka}",
            ["1️⃣ warning not-managed"]),
        RuleCase(
            "internal topics of a cluster and of a group",
            """
            kind: Topic
            metadata: {name: 1️⃣app-repartition}
            spec: {cluster: west}
            ---
            kind: Topic
            metadata: {name: 2️⃣app-store-changelog}
            spec: {failoverGroup: g}
            ---
            kind: Topic
            metadata: {name: app-changelog}
            spec: {failoverGroup: g}
            """ + group.replacing("[\"app-changelog\"]", with: "[3️⃣\"app-changelog\"]"),
            ["1️⃣ warning internal-topic", "2️⃣ error internal-topic", "3️⃣ warning internal-topic"]),
        RuleCase(
            "two manifests for one topic",
            """
            kind: Topic
            metadata: {name: t}
            spec: {cluster: west}
            ---
            kind: Topic
            metadata: {name: u}
            spec: {cluster: west, topicName: 1️⃣t}
            ---
            kind: Topic
            metadata: {name: v}
            spec: {cluster: east, topicName: t}
            """, ["1️⃣ error same-live-object"]),
    ]

    @Test("Selectors", arguments: selectors)
    func selector(rule: RuleCase) { rule.check() }

    private static func clusterLink(_ selector: String) -> String {
        "kind: ClusterLink\nmetadata: {name: l}\nspec: {source: west, destination: east, mirrorTopics: \(selector)}"
    }

    static let selectors: [RuleCase] = [
        RuleCase("globs", clusterLink("{include: [\"a.*.b?\"], exclude: [\"a.x.*\"]}")),
        RuleCase(
            "what the link knows", clusterLink("{include: [a, \"b.*\", \"*\"], exclude: [\"c*\"], autoCreate: true}")),
        RuleCase(
            "what only Spillway knows",
            clusterLink("{include: [1️⃣\"a*b\", 2️⃣\"a?\"], exclude: [3️⃣\"*x\"], autoCreate: true}"),
            ["1️⃣ error auto-create-pattern", "2️⃣ error auto-create-pattern", "3️⃣ error auto-create-pattern"]),
        RuleCase(
            "patterns of internal topics",
            clusterLink("{include: [1️⃣\"__*\", 2️⃣\"*-changelog\", 3️⃣mm2-offsets, \"a-*\"]}"),
            ["1️⃣ error internal-topic-pattern", "2️⃣ error internal-topic-pattern", "3️⃣ error internal-topic-pattern"]),
        RuleCase(
            "exceptions are literal and warned of",
            clusterLink("{include: [a], allowInternal: [1️⃣\"x-*\", 2️⃣_schemas, 3️⃣ordinary]}"),
            ["1️⃣ error invalid-pattern", "2️⃣ warning internal-topic", "3️⃣ warning not-internal"]),
        RuleCase(
            "nothing selected", clusterLink("{exclude: [a]}").replacing("mirrorTopics", with: "1️⃣mirrorTopics"),
            ["1️⃣ warning selects-nothing"]),
        RuleCase(
            "included and excluded", clusterLink("{include: [a, 1️⃣b], exclude: [\"b*\"]}"), ["1️⃣ warning selects-nothing"]
        ),
    ]

    @Test("Who owns a topic", arguments: owners)
    func owner(rule: RuleCase) { rule.check() }

    private static func groups(_ first: String, _ second: String, members: String = "[west, east]") -> String {
        """
        kind: FailoverGroup
        metadata: {name: a}
        spec: {primary: west, members: [west, east], topics: \(first), schemas: {subjects: [":.a:*"]}}
        ---
        kind: FailoverGroup
        metadata: {name: b}
        spec: {primary: west, members: [west, east], 1️⃣topics: \(second), schemas: {subjects: [":.b:*"]}}
        """
    }

    static let owners: [RuleCase] = [
        RuleCase("apart", groups("{include: [\"a.*\"]}", "{include: [\"b.*\"]}")),
        RuleCase("apart by an exclusion", groups("{include: [\"a.*\"], exclude: [a.b]}", "{include: [a.b]}")),
        RuleCase(
            "one name in two groups", groups("{include: [\"a.*\"]}", "{include: [a.b]}"),
            ["1️⃣ error topic-claimed-twice"]),
        RuleCase(
            "patterns that could meet", groups("{include: [\"a.*\"]}", "{include: [\"*.b\"]}"),
            ["1️⃣ warning topic-claimed-twice"]),
        RuleCase(
            "a declared topic that another group takes",
            groups("{include: [\"a.*\"]}", "{include: [\"b.*\"]}").replacing("1️⃣", with: "")
                + "\n---\nkind: Topic\nmetadata: {name: 1️⃣b.x}\nspec: {failoverGroup: a}",
            ["1️⃣ error topic-claimed-twice"]),
        RuleCase(
            "a topic of a member that the group takes, and the same name elsewhere",
            groups("{include: [\"a.*\"]}", "{include: [\"b.*\"]}").replacing("1️⃣", with: "")
                + """

                ---
                kind: Topic
                metadata: {name: 1️⃣a.x}
                spec: {cluster: east}
                ---
                kind: Topic
                metadata: {name: new.a.x}
                spec: {cluster: new, topicName: a.x}
                """, ["1️⃣ error topic-claimed-twice"]),
        RuleCase(
            "a group and a link",
            groups("{include: [\"a.*\"]}", "{include: [\"b.*\"]}").replacing("1️⃣", with: "")
                + """

                ---
                kind: ClusterLink
                metadata: {name: l}
                spec: {source: west, destination: new, 1️⃣mirrorTopics: {include: [a.x]}}
                ---
                kind: ClusterLink
                metadata: {name: m}
                spec: {source: new, destination: old, mirrorTopics: {include: [a.x]}}
                """, ["1️⃣ error topic-claimed-twice"]),
        RuleCase(
            "two links may mirror one topic to two places",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: new, mirrorTopics: {include: [a.x]}}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: west, destination: east, mirrorTopics: {include: [a.x]}}
            """),
    ]

    @Test(
        "Patterns meet in a name both match, or nowhere",
        arguments: [
            ("a*", "*b", true), ("a*", "b*", false), ("a?c", "abc", true), ("a?c", "ac", false), ("*", "*", true),
            ("*x*y*", "y*x", true), ("a*bb*c", "a?c", false), ("a.*.z", "a.b.*", true), ("", "*", true),
            ("", "?", false),
            ("x*", "*x", true), ("ab*cd", "a*d", true), ("???", "??", false),
        ])
    func overlap(left: String, right: String, meets: Bool) {
        for (first, second) in [(left, right), (right, left)] {
            let name = GlobOverlap.commonName(first, second)
            #expect((name != nil) == meets)
            if let name {
                #expect(Glob(first).matches(name) && Glob(second).matches(name), "\(name)")
            }
        }
    }
}
