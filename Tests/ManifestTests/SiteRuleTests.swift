import Testing

@Suite("Rules: references, connections, environments, clusters")
struct SiteRuleTests {
    @Test("References", arguments: references)
    func reference(rule: RuleCase) { rule.check() }

    static let references: [RuleCase] = [
        RuleCase(
            "names that exist, of the right kind",
            "kind: Environment\nmetadata: {name: e}\nspec: {connection: cloud}"),
        RuleCase(
            "a name nobody has", "kind: Environment\nmetadata: {name: e}\nspec: {connection: 1️⃣claud}",
            ["1️⃣ error dangling-reference"]),
        RuleCase(
            "a connection to another system",
            "kind: Environment\nmetadata: {name: e}\nspec: {connection: 1️⃣vault}", ["1️⃣ error wrong-connection-type"]),
        RuleCase(
            "a connection inside a secret reference",
            """
            kind: Connection
            metadata: {name: c}
            spec:
              consul:
                endpoint: "https://c.example"
                token: {firstOf: [{vault: {connection: 1️⃣consul, path: p, field: f}}, {vault: {connection: 2️⃣volt, path: p, field: f}}]}
            """, ["1️⃣ error wrong-connection-type", "2️⃣ error dangling-reference"]),
        RuleCase(
            "the state store's connection", "kind: Environment\nmetadata: {name: e}",
            ["spillway.yaml:4:70 error wrong-connection-type"],
            workspace: ", state: {etcd: {connection: aws}}"),
        RuleCase(
            "keys of a binding's credentials",
            """
            kind: ClientBinding
            metadata: {name: b}
            spec: {cluster: west, credentials: {1️⃣wset: {}}, publish: [{file: {path: a}}]}
            """, ["1️⃣ error dangling-reference"]),
        RuleCase(
            "two manifests of one kind and name",
            "kind: Environment\nmetadata: {name: 1️⃣west-env}\nspec: {connection: cloud, displayName: x}",
            ["1️⃣ error duplicate-name"]),
        RuleCase(
            "one name for two kinds is fine", "kind: Environment\nmetadata: {name: west}\nspec: {connection: cloud}"),
        RuleCase(
            "a secret that is read through itself",
            """
            kind: Connection
            metadata: {name: 1️⃣a}
            spec: {vault: {endpoint: "https://a.example", token: {vault: {connection: b, path: p, field: f}}}}
            ---
            kind: Connection
            metadata: {name: 2️⃣b}
            spec: {vault: {endpoint: "https://b.example", token: {vault: {connection: a, path: p, field: f}}}}
            """, ["1️⃣ error secret-cycle", "2️⃣ error secret-cycle"]),
        RuleCase(
            "a way out of the circle",
            """
            kind: Connection
            metadata: {name: a}
            spec: {vault: {endpoint: "https://a.example", token: {firstOf: [{vault: {connection: a, path: p, field: f}}, {env: T}]}}}
            """),
    ]

    @Test("Environments", arguments: environments)
    func environment(rule: RuleCase) { rule.check() }

    static let environments: [RuleCase] = [
        RuleCase(
            "managed, with a control plane",
            "kind: Environment\nmetadata: {name: e}\nspec: {connection: cloud, managementPolicy: Manage, deletionPolicy: Delete}"
        ),
        RuleCase(
            "managed without a control plane",
            "kind: Environment\nmetadata: {name: e}\nspec: {managementPolicy: 1️⃣Manage}",
            ["1️⃣ error manage-needs-connection"]),
        RuleCase(
            "deleted without being managed",
            "kind: Environment\nmetadata: {name: e}\nspec: {connection: cloud, deletionPolicy: 1️⃣Delete}",
            ["1️⃣ error delete-needs-manage"]),
        RuleCase(
            "a self-managed registry without an endpoint",
            "kind: Environment\nmetadata: {name: e}\nspec: {1️⃣schemaRegistry: {compatibility: FULL}}",
            ["1️⃣ error missing-endpoint"]),
        RuleCase(
            "a self-managed environment with a package",
            "kind: Environment\nmetadata: {name: e}\nspec: {1️⃣streamGovernance: {package: ADVANCED}}",
            ["1️⃣ error field-not-applicable"]),
        RuleCase(
            "two manifests for one live environment",
            """
            kind: Environment
            metadata: {name: e}
            spec: {connection: cloud, id: env-1}
            ---
            kind: Environment
            metadata: {name: f}
            spec: {connection: cloud, id: 1️⃣env-1}
            ---
            kind: Environment
            metadata: {name: zest}
            spec: {connection: cloud, displayName: 2️⃣west-env}
            """, ["1️⃣ error same-live-object", "2️⃣ error same-live-object"]),
    ]

    @Test("Clusters", arguments: clusters)
    func cluster(rule: RuleCase) { rule.check() }

    static let clusters: [RuleCase] = [
        RuleCase(
            "a managed Dedicated cluster",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {environment: west-env, type: Dedicated, managementPolicy: Manage, cloud: AWS, region: r, availability: MULTI_ZONE, cku: 2, deletionPolicy: Delete}
            """),
        RuleCase(
            "a managed cluster without its fields",
            "kind: Cluster\nmetadata: {name: c}\nspec: {environment: west-env, type: 1️⃣Dedicated, managementPolicy: Manage}",
            Array(repeating: "1️⃣ error missing-field", count: 4)),
        RuleCase(
            "a managed cluster of a self-managed environment, and one that is none of the cloud's",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {environment: own-env, type: Basic, managementPolicy: 1️⃣Manage, cloud: AWS, region: r, availability: SINGLE_ZONE}
            ---
            kind: Cluster
            metadata: {name: d}
            spec: {type: ApacheKafka, id: x, bootstrapServers: "k:9", managementPolicy: 2️⃣Manage}
            """, ["1️⃣ error manage-needs-connection", "2️⃣ error manage-needs-connection"]),
        RuleCase(
            "deleted without being managed",
            "kind: Cluster\nmetadata: {name: c}\nspec: {environment: west-env, type: Basic, deletionPolicy: 1️⃣Delete}",
            ["1️⃣ error delete-needs-manage"]),
        RuleCase(
            "fields of other types",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {environment: west-env, type: Standard, 1️⃣cku: 2, version: 2️⃣"7.5"}
            ---
            kind: Cluster
            metadata: {name: d}
            spec: {type: ApacheKafka, id: x, bootstrapServers: "k:9", network: 3️⃣n-1, byok: 4️⃣b, maxEcku: 5️⃣2, accessPoint: 6️⃣PUBLIC}
            """.replacing("1️⃣cku: 2", with: "cku: 1️⃣2"),
            (1...6).map { "\($0)\u{FE0F}\u{20E3} error field-not-applicable" }),
        RuleCase(
            "what no control plane tells",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {type: 1️⃣ApacheKafka}
            ---
            kind: Cluster
            metadata: {name: d}
            spec: {type: 2️⃣ConfluentPlatform}
            ---
            kind: Cluster
            metadata: {name: e}
            spec: {type: 3️⃣Basic}
            ---
            kind: Cluster
            metadata: {name: f}
            spec: {type: 4️⃣Basic, environment: own-env}
            """,
            ["1️⃣", "1️⃣", "2️⃣", "2️⃣", "2️⃣", "3️⃣", "4️⃣", "4️⃣", "4️⃣"].map { "\($0) error missing-field" }),
        RuleCase(
            "a version that is none",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {type: ConfluentPlatform, environment: own-env, restEndpoint: "https://c.example", bootstrapServers: "c:9", version: 1️⃣latest}
            """, ["1️⃣ error invalid-version"]),
        RuleCase(
            "two manifests for one live cluster",
            """
            kind: Cluster
            metadata: {name: c}
            spec: {environment: west-env, type: Basic, id: lkc-1}
            ---
            kind: Cluster
            metadata: {name: d}
            spec: {environment: east-env, type: Basic, id: 1️⃣lkc-1}
            ---
            kind: Cluster
            metadata: {name: zz}
            spec: {environment: west-env, type: Basic, displayName: 2️⃣west}
            """, ["1️⃣ error same-live-object", "2️⃣ error same-live-object"]),
    ]
}
