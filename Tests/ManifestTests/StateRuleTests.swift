import Testing

@Suite("Rules: where state is kept")
struct StateRuleTests {
    @Test("State", arguments: states)
    func state(rule: RuleCase) { rule.check() }

    private static func state(_ name: String, _ state: String, _ expected: [String] = []) -> RuleCase {
        RuleCase(name, "kind: Environment\nmetadata: {name: e}", expected, workspace: ", state: {\(state)}")
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
