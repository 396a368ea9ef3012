import Diagnostics
import Manifest
import Testing

@Suite("Rules: client bindings")
struct BindingRuleTests {
    private static let groups = """

        ---
        kind: FailoverGroup
        metadata: {name: g}
        spec: {primary: west, members: [west, east], topics: {include: ["g.*"]}, schemas: {subjects: ["*"]}}
        ---
        kind: FailoverGroup
        metadata: {name: f}
        spec: {follows: g, topics: {include: ["f.*"]}}
        ---
        kind: FailoverGroup
        metadata: {name: n}
        spec: {primary: new, members: [new, unsaid], topics: {include: ["n.*"]}}
        """

    private static func binding(_ spec: String, target: String = "failoverGroup: g") -> String {
        "kind: ClientBinding\nmetadata: {name: b}\nspec: {\(target), \(spec)}" + groups
    }

    private static let file = "publish: [{file: {path: out/b.properties, contents: All}}]"
    private static let credentials = """
        credentials: {west: {kafka: {apiKey: {env: K}, apiSecret: {env: S}}}, \
        east: {kafka: {apiKey: {env: K}, apiSecret: {env: S}}}}
        """

    @Test("References of the closed set", arguments: templates)
    func template(rule: RuleCase) { rule.check() }

    static let templates: [RuleCase] = [
        RuleCase("the default properties", binding(file)),
        RuleCase(
            "everything there is",
            binding(
                """
                \(credentials), \(file), properties: {a: "${cluster.name} ${cluster.id} ${cluster.region} ${group.name}", \
                b: "${cluster.bootstrapServers}/${cluster.restEndpoint}/${schemaRegistry.endpoint}", c: "$${literal} $x"}, \
                secrets: {d: "${credentials.kafka.apiKey}:${credentials.kafka.apiSecret}"}
                """)),
        RuleCase(
            "an unquoted text on a line of its own",
            """
            kind: ClientBinding
            metadata: {name: b}
            spec:
              cluster: west
              publish: [{file: {path: b}}]
              properties:
                a: x/1️⃣${cluster.nmae}/${cluster.name}
            """, ["1️⃣ error unknown-binding-reference"]),
        RuleCase(
            "a name outside the set, in both kinds of quotes",
            binding("\(file), properties: {a: \"x1️⃣${cluster.nmae}\", b: \"é 2️⃣${cluster.port}\", c: 'x3️⃣${open'}"),
            (1...3).map { "\($0)\u{FE0F}\u{20E3} error unknown-binding-reference" }),
        RuleCase(
            "a secret among the properties",
            binding("\(credentials), \(file), properties: {a: \"1️⃣${credentials.kafka.apiKey}\"}"),
            ["1️⃣ error secret-in-plain-text"]),
        RuleCase(
            "credentials that are not declared for the primary, nor for another member",
            binding("\(file), secrets: {a: \"1️⃣${credentials.kafka.apiKey}\"}"),
            ["1️⃣ error reference-without-value", "case.yaml:4:1 warning reference-without-value"]),
        RuleCase(
            "credentials of another form",
            binding("\(credentials), \(file), secrets: {a: \"1️⃣${credentials.kafka.password}\"}")
                .replacing("east: {kafka", with: "2️⃣east: {kafka"),
            ["1️⃣ error reference-without-value", "2️⃣ warning reference-without-value"]),
        RuleCase(
            "a group of a pinned binding",
            binding("\(file), properties: {a: \"1️⃣${group.name}\"}", target: "cluster: west"),
            ["1️⃣ error reference-without-value"]),
        RuleCase(
            "what a cluster does not have",
            binding(
                "\(file), properties: {a: \"1️⃣${schemaRegistry.endpoint}\", b: \"2️⃣${cluster.restEndpoint}\", c: \"3️⃣${cluster.region}\"}",
                target: "cluster: kafka"), (1...3).map { "\($0)\u{FE0F}\u{20E3} error reference-without-value" }),
        RuleCase(
            "secrets in the body of a hook",
            binding(
                "\(credentials), \(file), restart: [{http: {url: \"https://h.example/?a=b\", body: '{\"to\": \"${cluster.name}\", "
                    + "\"key\": \"1️⃣${credentials.kafka.apiKey}\"}'}}]"), ["1️⃣ error secret-in-plain-text"]),
    ]

    @Test("Secrets written out as text are found by their names, and never shown")
    func writtenSecrets() {
        let rule = RuleCase(
            "",
            Self.binding(
                "\(Self.file), properties: {sasl.password: 1️⃣hunter2, a.token.url: x}, secrets: {Api.Key: 2️⃣hunter2}, "
                    + "restart: [{http: {url: \"https://h.example\", headers: {authorization: 3️⃣Bearer hunter2, x: y}}}]"
            ),
            ["1️⃣ error literal-secret", "2️⃣ error literal-secret", "3️⃣ error literal-secret"])
        rule.check()
        let result = rule.marked.load()
        #expect(!result.files.contains { $0.text.contains("hunter2") })
        #expect(!"\(result.diagnostics)".contains("hunter2"))
    }

    @Test("Who a binding follows", arguments: targets)
    func target(rule: RuleCase) { rule.check() }

    static let targets: [RuleCase] = [
        RuleCase("groups of one family", binding("\(file), uses: [f]")),
        RuleCase("a group with another primary", binding("\(file), uses: [1️⃣n]"), ["1️⃣ error uses-other-primary"]),
        RuleCase(
            "pinned and using groups", binding("\(file), 1️⃣uses: [g]", target: "cluster: west"),
            ["1️⃣ error uses-with-pinned"]),
        RuleCase(
            "pinned and following", binding(file, target: "cluster: west, 1️⃣failoverGroup: g"),
            ["1️⃣ error conflicting-fields"]),
        RuleCase(
            "hooks for sites it never points at",
            binding("\(file), restart: [{when: 1️⃣new, kubernetes: {connection: k8s, namespace: n, deployment: d}}]"),
            ["1️⃣ warning hook-never-runs"]),
        RuleCase(
            "commands must be allowed", binding("\(file), restart: [{1️⃣command: [make, restart]}]"),
            ["1️⃣ error command-not-allowed"]),
        RuleCase(
            "allowed commands", binding("\(file), restart: [{command: [make, restart]}]"),
            workspace: ", policy: {allowCommands: true}"),
        RuleCase(
            "hooks that cannot be",
            binding(
                "\(file), restart: [{kubernetes: {connection: k8s, namespace: n, daemonSet: d, replicas: 1️⃣1}}, "
                    + "{http: {url: \"https://h.example\", expectStatus: [2️⃣999]}}]"
            ),
            ["1️⃣ error field-not-applicable", "2️⃣ error out-of-range"]),
        RuleCase(
            "headers that cannot be sent as written",
            binding(
                "\(file), restart: [{http: {url: \"https://h.example\", headers: {1️⃣\"X A\": a, 2️⃣Content-Length: \"3\", "
                    + "X-B: b, 3️⃣x-b: c, 4️⃣X-C: \"a\\r\\nb\"}}}]"),
            [
                "1️⃣ error invalid-header", "2️⃣ error invalid-header", "3️⃣ error invalid-header",
                "4️⃣ error invalid-header",
            ]),
        RuleCase(
            "a hook that could only fail",
            binding(
                "\(file), restart: [{timeout: 1️⃣0s, http: {url: \"https://h.example\", expectStatus: [2️⃣101]}}]"),
            ["1️⃣ error out-of-range", "2️⃣ error out-of-range"]),
        RuleCase(
            "a hook without a status that is success",
            binding("\(file), restart: [{http: {url: \"https://h.example\", 1️⃣expectStatus: []}}]"),
            ["1️⃣ error missing-field"]),
        RuleCase(
            "headers that say how a request is sent",
            binding(
                "\(file), restart: [{http: {url: \"https://h.example\", headers: {1️⃣transfer-encoding: chunked, "
                    + "2️⃣Host: h, 3️⃣Connection: close, 4️⃣Expect: 100-continue, X-Tab: \"a\\tb\"}}}]"),
            [1, 2, 3, 4].map { "\($0)\u{FE0F}\u{20E3} error invalid-header" }),
        RuleCase(
            "a hook without a workload",
            binding("\(file), restart: [{1️⃣kubernetes: {connection: k8s, namespace: n}}]"), ["1️⃣ error missing-choice"]),
    ]

    @Test("Where a binding is published", arguments: stores)
    func store(rule: RuleCase) { rule.check() }

    private static let secret = "\(credentials), secrets: {a: \"${credentials.kafka.apiKey}\"}"

    static let stores: [RuleCase] = [
        RuleCase(
            "every store",
            binding(
                """
                \(secret), publish: [{file: {path: a/b.env, format: Dotenv}}, {consul: {connection: consul, key: k}}, \
                {vault: {connection: vault, path: p}}, {kubernetes: {connection: k8s, namespace: n, configMap: c, secret: s}}, \
                {awsSecretsManager: {connection: aws, name: n}}, {awsParameterStore: {connection: aws, path: /p}}, \
                {etcd: {connection: etcd, key: /k}}]
                """)),
        RuleCase("nowhere", binding("1️⃣publish: []"), ["1️⃣ error missing-field"]),
        RuleCase(
            "files outside the workspace, or that Spillway needs",
            binding(
                "publish: [{file: {path: 1️⃣../x}}, {file: {path: 2️⃣/etc/x}}, {file: {path: 3️⃣a/../../y}}, "
                    + "{file: {path: 4️⃣./spillway.yaml}}, {file: {path: 5️⃣.spillway/state.db}}]"),
            (1...5).map { "\($0)\u{FE0F}\u{20E3} error path-escapes" }),
        RuleCase(
            "the root of a store",
            binding(
                "\(secret), publish: [{consul: {connection: consul, key: 1️⃣/}}, {vault: {connection: vault, path: 2️⃣//}}, "
                    + "{awsParameterStore: {connection: aws, path: 3️⃣/}}]"),
            (1...3).map { "\($0)\u{FE0F}\u{20E3} error out-of-range" }),
        RuleCase(
            "secrets that no store takes",
            binding("\(secret), publish: [{consul: {connection: consul, key: k}}]")
                .replacing("secrets: {a", with: "1️⃣secrets: {a"), ["1️⃣ error secrets-without-store"]),
        RuleCase(
            "stores for secrets without secrets",
            binding(
                "publish: [1️⃣{vault: {connection: vault, path: p}}, 2️⃣{kubernetes: {connection: k8s, namespace: n, configMap: c, secret: s}}]"
            ),
            ["1️⃣ warning nothing-to-publish", "2️⃣ warning nothing-to-publish"]),
        RuleCase(
            "a Kubernetes target needs something to write",
            binding("publish: [{1️⃣kubernetes: {connection: k8s, namespace: n}}]"), ["1️⃣ error missing-choice"]),
        RuleCase(
            "two bindings in one place, and one binding twice",
            binding("publish: [{file: {path: a}}, 1️⃣{file: {path: ./a}}]")
                + "\n---\nkind: ClientBinding\nmetadata: {name: c}\nspec: {cluster: west, publish: [2️⃣{file: {path: x/../a}}]}",
            ["1️⃣ error published-twice", "2️⃣ error published-twice"]),
        RuleCase(
            "one ConfigMap, in two clusters of Kubernetes and in two namespaces",
            """
            kind: Connection
            metadata: {name: k8s-2}
            spec: {kubernetes: {context: b}}
            ---

            """
                + binding(
                    "publish: [{kubernetes: {connection: k8s, namespace: n, configMap: c}}, {kubernetes: {connection: k8s-2, "
                        + "namespace: n, configMap: c}}, {kubernetes: {connection: k8s, namespace: m, configMap: c}}]")),
        RuleCase(
            "one Consul through two connections, and a key that another binding writes by itself",
            """
            kind: Connection
            metadata: {name: a}
            spec: {consul: {endpoint: "https://consul:8500", token: {env: A}}}
            ---
            kind: Connection
            metadata: {name: b}
            spec: {consul: {endpoint: "https://consul:8500/", token: {env: B}}}
            ---
            kind: Connection
            metadata: {name: elsewhere}
            spec: {consul: {endpoint: "https://consul:8500", datacenter: dc2}}
            ---

            """
                + binding(
                    "properties: {p: x}, publish: [{consul: {connection: a, key: k}}, 1️⃣{consul: {connection: b, key: k/}}, "
                        + "{consul: {connection: elsewhere, key: k}}, {consul: {connection: a, key: tree, format: Keys}}, "
                        + "2️⃣{consul: {connection: b, key: tree/p}}]"),
            ["1️⃣ error published-twice", "2️⃣ error published-twice"]),
        RuleCase(
            "keys that clash",
            binding(
                "\(credentials), \(file), properties: {a: x, 1️⃣spillway.epoch: y}, secrets: {2️⃣a: \"${credentials.kafka.apiKey}\"}"
            ),
            ["1️⃣ error reserved-key", "2️⃣ error published-twice"]),
        RuleCase(
            "keys that become one in Dotenv",
            binding("publish: [{1️⃣file: {path: a.env, format: Dotenv}}], properties: {a.b: x, a_b: y}"),
            ["1️⃣ error published-twice"]),
    ]
}
