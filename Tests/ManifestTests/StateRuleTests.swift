import Testing

@Suite("Rules: where state is kept")
struct StateRuleTests {
    @Test("State", arguments: states)
    func state(rule: RuleCase) { rule.check() }

    private static func state(_ name: String, _ state: String, _ expected: [String] = []) -> RuleCase {
        RuleCase(name, "kind: Environment\nmetadata: {name: e}", expected, workspace: ", state: {\(state)}")
    }

    @Test(
        "Deadlines of no time",
        arguments: [
            "connect", "request", "unreachableAfter", "drain", "transition", "reprotect", "provision", "restart",
        ])
    func deadlines(field: String) {
        RuleCase(
            field, "kind: Environment\nmetadata: {name: e}", ["1️⃣ error out-of-range"],
            workspace: ", timeouts: {\(field): 1️⃣0s}"
        ).check()
    }

    static let states: [RuleCase] = [
        state("etcd with what it has by default", "etcd: {connection: etcd}"),
        state("a prefix of etcd", "etcd: {connection: etcd, prefix: /a}"),
        state(
            "a prefix of etcd without a slash", "etcd: {connection: etcd, prefix: 1️⃣a}", ["1️⃣ error impossible-name"]),
        state("S3 with what it has by default", "s3: {connection: aws, bucket: state.of-1}"),
        state(
            "all that S3 has",
            """
            s3: {connection: aws, bucket: state, key: a/b, region: eu-west-1, pathStyle: false, encryption: "aws:kms", kmsKeyId: k}
            """),
        state("a key of KMS is a choice", "s3: {connection: aws, bucket: state, encryption: aws:kms}"),
        state(
            "a key of KMS without KMS", "s3: {connection: aws, bucket: state, encryption: AES256, kmsKeyId: 1️⃣k}",
            ["1️⃣ error field-not-applicable"]),
        state(
            "an encryption that nobody has", "s3: {connection: aws, bucket: state, encryption: 1️⃣DES}",
            ["1️⃣ error unknown-value"]),
        state(
            "a key with a slash in front", "s3: {connection: aws, bucket: state, key: 1️⃣/a}",
            ["1️⃣ error impossible-name"]),
        state(
            "a key with a slash behind", "s3: {connection: aws, bucket: state, key: 1️⃣a/}", ["1️⃣ error impossible-name"]
        ),
        state("a namespace and a prefix", "kubernetes: {connection: k8s, namespace: ops, prefix: spillway-1}"),
        state("what Kubernetes has by default", "kubernetes: {connection: k8s, namespace: ops}"),
        state("no namespace", "1️⃣kubernetes: {connection: k8s}", ["1️⃣ error missing-field"]),
        state(
            "a connection to something else", "kubernetes: {connection: 1️⃣etcd, namespace: ops}",
            ["1️⃣ error wrong-connection-type"]),
        state(
            "a namespace that is none", "kubernetes: {connection: k8s, namespace: 1️⃣Ops}", ["1️⃣ error impossible-name"]),
        state(
            "a prefix that makes no names", "kubernetes: {connection: k8s, namespace: ops, prefix: 1️⃣a.b}",
            ["1️⃣ error impossible-name"]),
        state(
            "two places", "1️⃣etcd: {connection: etcd}, 2️⃣kubernetes: {connection: k8s, namespace: ops}",
            ["2️⃣ error conflicting-fields"]),
    ]

    @Test("State in a region of the groups", arguments: inRegions)
    func regions(rule: RuleCase) { rule.check() }

    private static func placed(
        _ name: String, _ state: String, connection: String = "{kubernetes: {context: b}}", _ expected: [String] = []
    ) -> RuleCase {
        RuleCase(
            name,
            """
            kind: List
            items:
            - {kind: Connection, metadata: {name: there}, spec: \(connection)}
            - {kind: Cluster, metadata: {name: w}, spec: {environment: west-env, type: Dedicated, cloud: AWS,
                region: eu-west-1, credentials: {apiKey: {env: K}, apiSecret: {env: S}},
                linkCredentials: {apiKey: {env: K}, apiSecret: {env: S}}}}
            - {kind: Cluster, metadata: {name: e}, spec: {environment: east-env, type: Dedicated, cloud: AWS,
                region: eu-north-1, credentials: {apiKey: {env: K}, apiSecret: {env: S}},
                linkCredentials: {apiKey: {env: K}, apiSecret: {env: S}}}}
            - {kind: FailoverGroup, metadata: {name: 2️⃣g}, spec: {primary: w, members: [w, e],
                fence: {denyWrites: ["User:*"]}}}
            """, expected + ["2️⃣ warning group-without-topics", "2️⃣ warning schemas-not-moved"],
            workspace: ", state: {\(state)}")
    }

    private static let warned = ["1️⃣ warning state-in-failure-domain"]

    static let inRegions: [RuleCase] = [
        placed("a bucket elsewhere", "s3: {connection: aws, bucket: state}"),
        placed(
            "a bucket in the region of a member", "s3: {connection: aws, bucket: state, region: 1️⃣eu-west-1}", warned),
        placed(
            "a bucket where its connection is", "s3: {connection: 1️⃣there, bucket: state}",
            connection: "{aws: {region: eu-west-1}}", warned),
        placed(
            "a bucket elsewhere than its connection", "s3: {connection: there, bucket: state, region: eu-central-1}",
            connection: "{aws: {region: eu-west-1}}"),
        placed(
            "etcd in the region of a member, by a label", "etcd: {connection: 1️⃣there}",
            connection: #"{etcd: {endpoints: ["https://etcd.eu-west-1.example.com:2379"]}}"#, warned),
        placed(
            "etcd in the region of a member, by parts of a label", "etcd: {connection: 1️⃣there}",
            connection: #"{etcd: {endpoints: ["https://etcd-EU-west-1-a.example.com:2379"]}}"#, warned),
        placed(
            "etcd in a region of a like name", "etcd: {connection: there}",
            connection:
                #"{etcd: {endpoints: ["https://etcd.eu-west-10.example.com", "https://a.weu-west-1/eu-west-1"]}}"#),
        placed(
            "etcd that outlives each region", "etcd: {connection: there}",
            connection: """
                {etcd: {endpoints: ["https://eu-west-1.example.com", "https://eu-north-1.example.com",
                    "https://eu-south-1.example.com"]}}
                """),
        placed(
            "etcd that has lost its quorum without a region", "etcd: {connection: 1️⃣there}",
            connection: """
                {etcd: {endpoints: ["https://a.eu-west-1.example.com", "https://b.eu-west-1.example.com",
                    "https://eu-south-1.example.com"]}}
                """, warned),
        placed(
            "Kubernetes in the region of a member", "kubernetes: {connection: 1️⃣there, namespace: ops}",
            connection: #"{kubernetes: {context: "arn:aws:eks:eu-west-1:1:cluster/x"}}"#, warned),
        placed(
            "Kubernetes elsewhere", "kubernetes: {connection: there, namespace: ops}",
            connection: "{kubernetes: {context: gke_shop_europe-west1-b_main}}"),
    ]

    @Test("a region of no member is nobody's failure domain")
    func strangers() {
        RuleCase(
            "a cluster without a group",
            "kind: Cluster\nmetadata: {name: w}\nspec: {environment: west-env, type: Dedicated, cloud: AWS, "
                + "region: eu-central-1}",
            workspace: ", state: {s3: {connection: aws, bucket: state}}"
        ).check()
    }

    @Test(
        "names that are no buckets",
        arguments: [
            "ab", "A-bucket", "a_b", "-ab", "ab-", "a..b", "10.0.0.1", "xn--a", "sthree-a", "a--x-s3", "a-s3alias",
            String(repeating: "a", count: 64),
        ])
    func buckets(name: String) {
        Self.state(name, "s3: {connection: aws, bucket: 1️⃣\(name)}", ["1️⃣ error impossible-name"]).check()
    }

    @Test("the name of a workspace that makes no names of objects is told where the prefix could stand")
    func workspaceName() {
        let files = MarkedWorkspace([
            "spillway.yaml": """
            apiVersion: spillway/v1
            kind: Workspace
            metadata: {name: Shop_1}
            spec: {manifests: [k8s.yaml], state: {1️⃣kubernetes: {connection: k8s, namespace: ops}}}
            """,
            "k8s.yaml": "apiVersion: spillway/v1\nkind: Connection\nmetadata: {name: k8s}\nspec: {kubernetes: {}}\n",
        ])
        files.expect(["1️⃣ error impossible-name"])
    }
}
