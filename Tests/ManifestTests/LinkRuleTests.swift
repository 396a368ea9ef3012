import Testing

@Suite("Rules: cluster links and schema links")
struct LinkRuleTests {
    @Test("Cluster links", arguments: links)
    func link(rule: RuleCase) { rule.check() }

    private static func clusterLink(_ spec: String) -> String {
        "kind: ClusterLink\nmetadata: {name: l}\nspec: {\(spec)}"
    }

    static let links: [RuleCase] = [
        RuleCase(
            "every setting",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec:
              source: basic
              destination: east
              prefix: p.
              linkName: x
              consumerOffsetSync: {interval: 10s, groups: {include: ["a*", b], exclude: [c]}}
              mirrorTopics: {include: ["*"]}
              configs: {topic.config.sync.ms: 5000}
            """),
        RuleCase(
            "bidirectional",
            clusterLink(
                "source: west, destination: east, mode: Bidirectional, reverseMirrorTopics: {include: [\"r.*\"]}")),
        RuleCase("to itself", clusterLink("source: west, destination: 1️⃣west"), ["1️⃣ error link-to-itself"]),
        RuleCase("to a Basic cluster", clusterLink("source: west, destination: 1️⃣basic"), ["1️⃣ error cannot-hold-link"]),
        RuleCase(
            "from a Freight cluster", clusterLink("source: 1️⃣freight, destination: east"), ["1️⃣ error cannot-hold-link"]),
        RuleCase(
            "initiated by a source that cannot", clusterLink("source: basic, destination: east, initiator: 1️⃣basic"),
            ["1️⃣ error cannot-hold-link"]),
        RuleCase(
            "initiated by a third", clusterLink("source: west, destination: east, initiator: 1️⃣new"),
            ["1️⃣ error initiator-not-an-end"]),
        RuleCase(
            "bidirectional with a platform that is too old, one that says nothing, and a Basic cluster",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: new, destination: old, mode: 1️⃣Bidirectional}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: new, destination: unsaid, mode: 2️⃣Bidirectional}
            ---
            kind: ClusterLink
            metadata: {name: n}
            spec: {source: basic, destination: west, mode: 3️⃣Bidirectional}
            """,
            [
                "1️⃣ error bidirectional-not-possible", "2️⃣ error bidirectional-not-possible",
                "3️⃣ error bidirectional-not-possible",
            ]),
        RuleCase(
            "a prefix with Bidirectional, and with ACL sync",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, mode: Bidirectional, prefix: 1️⃣p}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: west, destination: east, prefix: 2️⃣p, aclSync: {enabled: true, filters: [{}]}}
            """, ["1️⃣ error prefix-not-possible", "2️⃣ error prefix-not-possible"]),
        RuleCase(
            "reverse topics of a one-way link",
            clusterLink("source: west, destination: east, 1️⃣reverseMirrorTopics: {include: [a]}"),
            ["1️⃣ error field-not-applicable"]),
        RuleCase(
            "configs that have a field, or are derived",
            clusterLink(
                "source: west, destination: east, configs: {1️⃣consumer.offset.sync.ms: 1, 2️⃣ssl.protocol: TLS, "
                    + "3️⃣security.protocol: SSL, 4️⃣local.sasl.mechanism: PLAIN, 5️⃣connection.mode: INBOUND}"),
            (1...5).map { "\($0)\u{FE0F}\u{20E3} error config-has-field" }),
        RuleCase(
            "an operation that no ACL has",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, aclSync: {filters: [{operation: 1️⃣REED}]}}
            """, ["1️⃣ error unknown-value"]),
        RuleCase(
            "a principal that no ACL has",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, aclSync: {filters: [{principal: 1️⃣x}, {principal: "User:x"}]}}
            """, ["1️⃣ error invalid-principal"]),
        RuleCase(
            "ACL filters may match ALLOW only, and there must be some",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, aclSync: {filters: [{permissionType: 1️⃣DENY}]}}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: west, destination: new, aclSync: {2️⃣filters: []}}
            """, ["1️⃣ error unknown-value", "2️⃣ error missing-field"]),
        RuleCase(
            "syncing more often than every second",
            clusterLink("source: west, destination: east, consumerOffsetSync: {interval: 1️⃣500ms}"),
            ["1️⃣ error out-of-range"]),
        RuleCase(
            "without credentials to read the source, and to manage the link",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: 1️⃣mute, destination: east}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: west, destination: 2️⃣mute}
            ---
            kind: ClusterLink
            metadata: {name: n}
            spec: {source: west, destination: 3️⃣mute, mode: Bidirectional}
            """,
            [
                "1️⃣ error link-credentials-missing", "2️⃣ warning not-managed", "3️⃣ error link-credentials-missing",
                "3️⃣ warning not-managed",
            ]),
        RuleCase(
            "two links of one destination with one prefix",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, prefix: p.}
            ---
            kind: ClusterLink
            metadata: {name: m}
            spec: {source: basic, destination: east, prefix: 1️⃣p.}
            ---
            kind: ClusterLink
            metadata: {name: n}
            spec: {source: east, destination: west, prefix: p.}
            """, ["1️⃣ error prefix-taken"]),
        RuleCase(
            "two manifests for one link",
            """
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east}
            ---
            kind: ClusterLink
            metadata: {name: 1️⃣m}
            spec: {source: west, destination: east, linkName: other}
            ---
            kind: ClusterLink
            metadata: {name: n}
            spec: {source: west, destination: east, prefix: p}
            """, ["1️⃣ error same-live-object"]),
    ]

    @Test("Schema links", arguments: schemaLinks)
    func schemaLink(rule: RuleCase) { rule.check() }

    private static func exporter(_ spec: String) -> String {
        "kind: SchemaLink\nmetadata: {name: s}\nspec: {\(spec)}"
    }

    static let schemaLinks: [RuleCase] = [
        RuleCase(
            "every setting",
            exporter(
                "source: west-env, destination: east-env, contextType: CUSTOM, context: us, subjects: [\"*\", a, \"b*\", "
                    + "\":.c:*\", \":.c:d\", \":*:\"], subjectRenameFormat: \"dc-${subject}\", paused: true")),
        RuleCase(
            "to itself", exporter("source: west-env, destination: 1️⃣west-env, subjects: [a]"),
            ["1️⃣ error link-to-itself"]),
        RuleCase(
            "subjects that are none",
            exporter("source: west-env, destination: east-env, subjects: [1️⃣\"a*b\", 2️⃣\":c:*\", 3️⃣\":.c\", 4️⃣\":.c*:a\"]"),
            (1...4).map { "\($0)\u{FE0F}\u{20E3} error invalid-subject" }),
        RuleCase(
            "no subjects", exporter("source: west-env, destination: east-env, 1️⃣subjects: []"),
            ["1️⃣ error missing-field"]),
        RuleCase(
            "CUSTOM and its context belong together",
            """
            kind: SchemaLink
            metadata: {name: s}
            spec: {source: west-env, destination: east-env, subjects: [a], contextType: 1️⃣CUSTOM}
            ---
            kind: SchemaLink
            metadata: {name: t}
            spec: {source: west-env, destination: east-env, subjects: [a], context: 2️⃣us}
            """, ["1️⃣ error missing-field", "2️⃣ error field-not-applicable"]),
        RuleCase(
            "a rename that gives all one name",
            exporter("source: west-env, destination: east-env, subjects: [a], subjectRenameFormat: 1️⃣all"),
            ["1️⃣ error invalid-rename-format"]),
        RuleCase(
            "without credentials",
            """
            kind: SchemaLink
            metadata: {name: s}
            spec: {source: west-env, destination: 1️⃣bare-env, subjects: [a]}
            ---
            kind: SchemaLink
            metadata: {name: t}
            spec: {source: 2️⃣bare-env, destination: west-env, subjects: [a]}
            """, ["1️⃣ error link-credentials-missing", "2️⃣ warning not-managed"]),
        RuleCase(
            "two manifests for one exporter",
            """
            kind: SchemaLink
            metadata: {name: s}
            spec: {source: west-env, destination: east-env, subjects: [a]}
            ---
            kind: SchemaLink
            metadata: {name: t}
            spec: {source: west-env, destination: own-env, subjects: [b], exporterName: 1️⃣s}
            """, ["1️⃣ error same-live-object"]),
    ]
}
