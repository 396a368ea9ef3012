import Diagnostics
import Manifest
import Testing

/// What one document may say, whatever the others say: types, forms, missing and unknown fields, with the words people
/// read.
@Suite("Fields")
struct FieldCheckTests {
    private func expect(
        _ documents: String, _ expected: [String], at location: SourceLocation = #_sourceLocation
    ) {
        RuleCase("", documents).marked.expectWords(expected, at: location)
    }

    @Test("Everything wrong in a document is reported at once, each at its node, with the nearest word")
    func allAtOnce() {
        expect(
            """
            kind: Topic
            metadata: {name: 1️⃣-bad, 2️⃣lables: {a: b}}
            spec:
              cluster: 3️⃣wset
              4️⃣partitons: 3
              replicationFactor: 5️⃣three
              configs: 6️⃣[a]
              deletionPolicy: 7️⃣delete
            """,
            [
                "1️⃣ error invalid-name: `-bad` is not a name (letters, digits, `.`, `_` and `-`, at most 249, not "
                    + "beginning with `.` or `-`)",
                "2️⃣ error unknown-field: unknown field `lables` in `metadata` (did you mean `labels`?)",
                "3️⃣ error dangling-reference: there is no Cluster named `wset` (did you mean `west`?)",
                "4️⃣ error unknown-field: unknown field `partitons` in `spec` (did you mean `partitions`?)",
                "5️⃣ error wrong-type: `spec.replicationFactor` wants a whole number, not text",
                "6️⃣ error wrong-type: `spec.configs` wants a mapping, not a list",
                "7️⃣ error unknown-value: `delete` is no value of `spec.deletionPolicy` (did you mean `Delete`?)",
            ])
    }

    @Test("Missing fields are reported where they belong, with what they are for")
    func missing() {
        expect(
            """
            kind: ClusterLink
            metadata: {name: l}
            1️⃣spec: {source: west}
            ---
            2️⃣kind: SchemaLink
            metadata: {name: s}
            """,
            [
                "1️⃣ error missing-field: `spec.destination` is missing in this ClusterLink (Cluster that holds the mirrors.)",
                "2️⃣ error missing-field: `spec.destination` is missing in this SchemaLink (Registry it writes to.)",
                "2️⃣ error missing-field: `spec.source` is missing in this SchemaLink (Registry that holds the exporter.)",
                "2️⃣ error missing-field: `spec.subjects` is missing in this SchemaLink (Subjects in the registry's own "
                    + "notation: `*` default context, `:*:` all contexts, `orders*` prefix.)",
            ])
    }

    @Test("Choices want exactly one, and say which two clash")
    func choices() {
        expect(
            """
            kind: Topic
            metadata: {name: a}
            1️⃣spec: {partitions: 1}
            ---
            kind: Topic
            metadata: {name: b}
            spec: {cluster: west, 2️⃣failoverGroup: g}
            ---
            kind: Cluster
            metadata: {name: c}
            spec:
              type: ApacheKafka
              id: x
              bootstrapServers: "k:9092"
              3️⃣credentials: {saslMechanism: PLAIN, 4️⃣apiKey: {env: K}}
              5️⃣linkCredentials: {tls: {ca: {file: ca.pem}}}
            """,
            [
                "1️⃣ error missing-choice: `spec` needs exactly one of `cluster`, `failoverGroup`",
                "2️⃣ error conflicting-fields: `failoverGroup` cannot stand beside `cluster` in `spec` (keep one of "
                    + "`cluster`, `failoverGroup`)",
                "2️⃣ error dangling-reference: there is no FailoverGroup named `g` (the workspace declares no FailoverGroup)",
            ].map { $0.replacing("2️⃣ error dangling-reference", with: "case.yaml:9:38 error dangling-reference") }
                + [
                    "case.yaml:18:17 error missing-companion: `saslMechanism` needs `username` beside it in "
                        + "`spec.credentials`",
                    "4️⃣ error missing-companion: `apiKey` needs `apiSecret` beside it in `spec.credentials`",
                    "5️⃣ error missing-choice: `spec.linkCredentials` needs exactly one of `apiKey`, `username`, `oauth`, `tls`",
                ])
    }

    @Test("TLS with a certificate is a sign-in, TLS with an authority only may stand beside one")
    func signIn() {
        expect(
            """
            kind: Cluster
            metadata: {name: c}
            spec:
              type: ApacheKafka
              id: x
              bootstrapServers: "k:9092"
              credentials: {apiKey: {env: K}, apiSecret: {env: S}, tls: {ca: {file: ca.pem}}}
              linkCredentials: {tls: {certificate: {file: a}, key: {file: b}}}
            ---
            kind: Cluster
            metadata: {name: d}
            spec:
              type: ApacheKafka
              id: y
              bootstrapServers: "k:9092"
              credentials: {apiKey: {env: K}, apiSecret: {env: S}, 1️⃣tls: {certificate: {file: a}, key: {file: b}}}
            """,
            [
                "1️⃣ error conflicting-fields: `tls` cannot stand beside `apiKey` in `spec.credentials` (keep one of "
                    + "`apiKey`, `username`, `oauth`, `tls`)"
            ])
    }

    @Test("Scalars of another type say what to write")
    func scalars() {
        expect(
            """
            kind: Topic
            metadata: {name: a, protect: 1️⃣yes}
            spec: {cluster: west, partitions: 2️⃣"3", topicName: 3️⃣12, replicationFactor: 4️⃣3.0, deletionPolicy: 5️⃣true}
            ---
            kind: FailoverGroup
            metadata: {name: g, labels: {a: 6️⃣1}}
            spec:
              primary: west
              members: 7️⃣west
              objectives: {rto: 8️⃣30, rpo: {age: 9️⃣soon}}
            """,
            [
                "1️⃣ error wrong-type: `metadata.protect` wants `true` or `false`, not text (write `true`)",
                "2️⃣ error wrong-type: `spec.partitions` wants a whole number, not text (remove the quotes)",
                "3️⃣ error wrong-type: `spec.topicName` wants text, not the number 12 (put it in quotes: `\"12\"`)",
                "4️⃣ error wrong-type: `spec.replicationFactor` wants a whole number, not the number 3.0",
                "5️⃣ error unknown-value: `true` is no value of `spec.deletionPolicy` (one of `Retain`, `Delete`)",
                "6️⃣ error wrong-type: `metadata.labels.a` wants text, not the number 1 (put it in quotes: `\"1\"`)",
                "7️⃣ error wrong-type: `spec.members` wants a list, not text (write `[west]`)",
                "8️⃣ error wrong-type: `spec.objectives.rto` wants a duration, not the number 30 (add a unit: `30s`)",
                "9️⃣ error invalid-duration: `soon` is not a duration (whole numbers with units, greatest first, at most 36525d: `500ms`, "
                    + "`30s`, `1h30m`, `7d`)",
            ])
    }

    @Test("Ranges, URLs, patterns and empty values")
    func forms() {
        expect(
            """
            kind: Topic
            metadata: {name: a}
            spec: {cluster: west, partitions: 1️⃣0, 2️⃣configs: }
            ---
            kind: Connection
            metadata: {name: c}
            spec: {consul: {endpoint: 3️⃣consul.example}}
            ---
            kind: FailoverGroup
            metadata: {name: g}
            spec:
              primary: west
              members: [west, east]
              topics: {include: [4️⃣"a, b"]}
              link: {consumerOffsetSync: {groups: {include: [5️⃣"a*b"]}}}
              schemas: {subjects: [""]}
              6️⃣fence: ~
            """,
            [
                "1️⃣ error out-of-range: `spec.partitions` is 0; the least is 1",
                "2️⃣ error empty-value: `spec.configs` has no value (give it a value, or remove the line)",
                "3️⃣ error invalid-url: `consul.example` is not an http or https URL (like `https://host.example:8443/path`)",
                "4️⃣ error invalid-pattern: `a, b` is not a topic pattern (`*` is any run, `?` one character; one pattern "
                    + "per list item)",
                "5️⃣ error invalid-pattern: `a*b` is not a name or a prefix that ends in `*` (the wire knows only literal "
                    + "names and prefixes)",
                "case.yaml:19:24 error empty-value: `spec.schemas.subjects[0]` is empty (write something, or remove the line)",
                "6️⃣ error empty-value: `spec.fence` has no value (give it a value, or remove the line, or write `{}`)",
            ])
    }

    @Test("Fields of a shared structure that belong elsewhere say where")
    func misplaced() {
        expect(
            """
            kind: FailoverGroup
            metadata: {name: g}
            spec: {primary: west, members: [west, east], topics: {include: ["a.*"]}, link: {1️⃣linkName: x}, schemas: {subjects: ["*"]}}
            ---
            kind: ClusterLink
            metadata: {name: l}
            spec: {source: west, destination: east, 2️⃣names: {west-east: x}}
            """,
            [
                "1️⃣ error misplaced-field: `linkName` has no meaning in `spec.link` (a group has a link per pair of "
                    + "members: use `names`)",
                "2️⃣ error misplaced-field: `names` has no meaning in `spec` (a ClusterLink is one link: use `linkName`)",
            ])
    }

    @Test("Headers: version, kind, lists, documents that are no manifests")
    func headers() {
        MarkedWorkspace([
            "spillway.yaml": "apiVersion: spillway/v1\nkind: Workspace\nmetadata: {name: w}\n",
            "a.yaml": """
            apiVersion: 1️⃣spillway/v2
            kind: Environment
            metadata: {name: e}
            ---
            apiVersion: spillway/v1
            kind: 2️⃣Tpoic
            metadata: {name: e}
            ---
            3️⃣- a
            ---
            4️⃣name: something else
            ---
            apiVersion: spillway/v1
            kind: List
            5️⃣metadata: {name: l}
            defaults: {kind: Environment}
            items: [{metadata: {name: f}}, 6️⃣x]
            ---
            apiVersion: spillway/v1
            kind: List
            items: [{kind: 7️⃣List}]
            """,
        ]).expectWords([
            "1️⃣ error unknown-version: `apiVersion` is `spillway/v2`; this Spillway reads `spillway/v1`",
            "2️⃣ error unknown-kind: there is no kind `Tpoic` (did you mean `Topic`?)",
            "3️⃣ error wrong-type: a document is a mapping with `apiVersion`, `kind`, `metadata` and `spec`, not a list",
            "4️⃣ error missing-field: `kind` is missing, so this is no manifest (one of Workspace, Connection, "
                + "Environment, Cluster, Topic, ClusterLink, SchemaLink, FailoverGroup, ClientBinding, List; files that "
                + "are no manifests belong outside the workspace's `manifests`)",
            "5️⃣ error misplaced-field: `metadata` has no meaning in this List (a List takes no metadata and no spec: put "
                + "them into its items, or into `defaults`)",
            "6️⃣ error wrong-type: an item is a document, not text",
            "7️⃣ error unknown-kind: a List cannot hold a List",
        ])
    }

    @Test("An error in the defaults of a list is reported once, not once per item")
    func defaults() {
        expect(
            """
            kind: List
            defaults: {kind: Topic, spec: {cluster: west, partitions: 1️⃣many}}
            items:
            - {metadata: {name: a}}
            - {metadata: {name: b}}
            """,
            ["1️⃣ error wrong-type: `spec.partitions` wants a whole number, not text"])
    }
}

@Suite("Secrets in manifests")
struct LiteralSecretTests {
    private let documents = """
        kind: Cluster
        metadata: {name: c}
        spec:
          type: ApacheKafka
          id: x
          bootstrapServers: "k:9092"
          credentials: {apiKey: 1️⃣hunter2-key, apiSecret: {env: S, 2️⃣value: hunter2-value}}
          linkCredentials: {username: {env: U}, 3️⃣pasword: hunter2-typo}
        ---
        kind: Connection
        metadata: {name: d}
        spec: {consul: {endpoint: 4️⃣"https://me:hunter2-url@consul.example"}}
        ---
        kind: Connection
        metadata: {name: e}
        spec: {consul: {endpoint: "https://consul.example", token: 5️⃣["hunter2-list"]}}
        ---
        kind: ClusterLink
        metadata: {name: l}
        spec: {source: west, destination: east, configs: {6️⃣sasl.jaas.config: hunter2-jaas}}
        """

    @Test("A literal where a reference belongs is an error that shows the form")
    func literal() {
        RuleCase("", documents).marked.expect([
            "1️⃣ error literal-secret", "2️⃣ error unknown-field", "3️⃣ error unknown-field", "4️⃣ error literal-secret",
            "5️⃣ error literal-secret", "case.yaml:9:21 error missing-companion", "6️⃣ error config-has-field",
        ])
        let result = RuleCase("", documents).marked.load()
        let first = result.diagnostics.first { $0.code == "literal-secret" }
        #expect(first?.help?.contains("`{env: API_KEY}`") == true)
    }

    @Test("Neither words nor snippets show any part of it")
    func neverShown() {
        let result = RuleCase("", documents).marked.load()
        for diagnostic in result.diagnostics {
            #expect(!"\(diagnostic)".contains("hunter2"))
        }
        for file in result.files {
            #expect(!file.text.contains("hunter2"))
        }
        #expect(result.file(at: "case.yaml")?.line(8)?.contains("apiKey: ***********,") == true)
    }
}
