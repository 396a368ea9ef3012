import CustomDump
import Diagnostics
import Manifest
import TestSupport
import Testing

/// Loads a workspace whose files may hold position markers, and compares every finding with what is expected.
///
/// A finding is written as `1️⃣ error unknown-field`, with the marker of the position it is at, or `file:line:column`
/// where no marker stands. Anything missing and anything more fails.
struct MarkedWorkspace {
    private let files: [String: ManifestMarkedText]

    init(_ files: [String: String]) {
        self.files = files.mapValues(ManifestMarkedText.init)
    }

    func load(_ path: String = ".") -> LoadResult {
        WorkspaceLoader(files: MemoryFiles(files.mapValues(\.text)), version: "1.0.0").load(path)
    }

    func place(_ diagnostic: Diagnostic) -> String {
        guard let span = diagnostic.span else { return "-" }
        return files[span.path]?.positions[span.start] ?? span.description
    }

    /// The findings, each in one line.
    func findings(in result: LoadResult, withWords: Bool = false) -> [String] {
        result.diagnostics.map { diagnostic in
            let head = "\(place(diagnostic)) \(diagnostic.severity.rawValue) \(diagnostic.code)"
            let help = diagnostic.help.map { " (\($0))" } ?? ""
            return withWords ? "\(head): \(diagnostic.message)\(help)" : head
        }
    }

    func expect(_ expected: [String], at location: SourceLocation = #_sourceLocation) {
        let result = load()
        compare(findings(in: result).sorted(), expected.sorted(), at: location)
        let hasErrors = expected.contains { $0.contains(" error ") }
        #expect(result.hasErrors == hasErrors, sourceLocation: location)
    }

    func expectWords(_ expected: [String], at location: SourceLocation = #_sourceLocation) {
        compare(findings(in: load(), withWords: true), expected, at: location)
    }

    private func compare(_ actual: [String], _ expected: [String], at location: SourceLocation) {
        guard let difference = diff(expected, actual) else { return }
        Issue.record("findings differ (- expected, + found):\n\(difference)", sourceLocation: location)
    }
}

/// One document or more, tried in a small valid workspace.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let name: String
    let documents: String
    let expected: [String]
    var workspace = ""

    init(_ name: String, _ documents: String, _ expected: [String] = [], workspace: String = "") {
        self.name = name
        self.documents = documents
        self.expected = expected
        self.workspace = workspace
    }

    var testDescription: String { name }

    func check(at location: SourceLocation = #_sourceLocation) {
        marked.expect(expected, at: location)
    }

    var marked: MarkedWorkspace {
        let header = documents.hasPrefix("kind: ") ? "apiVersion: spillway/v1\n" : ""
        return MarkedWorkspace([
            "spillway.yaml": """
            apiVersion: spillway/v1
            kind: Workspace
            metadata: {name: test}
            spec: {manifests: [base.yaml, case.yaml]\(workspace)}
            """,
            "base.yaml": Self.base,
            "case.yaml": header
                + documents.split(separator: "\n---\n").joined(separator: "\n---\napiVersion: spillway/v1\n"),
        ])
    }

    /// Two regions with everything, and one cluster of each other type.
    private static let base = """
        apiVersion: spillway/v1
        kind: List
        defaults: {kind: Connection}
        items:
        - {metadata: {name: cloud}, spec: {confluentCloud: {apiKey: {env: K}, apiSecret: {env: S}}}}
        - {metadata: {name: consul}, spec: {consul: {endpoint: "https://consul.example"}}}
        - {metadata: {name: vault}, spec: {vault: {endpoint: "https://vault.example", token: {env: T}}}}
        - {metadata: {name: k8s}, spec: {kubernetes: {context: a}}}
        - {metadata: {name: aws}, spec: {aws: {region: eu-central-1}}}
        - {metadata: {name: etcd}, spec: {etcd: {endpoints: ["https://etcd.example:2379"]}}}
        ---
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Environment
          spec:
            connection: cloud
            schemaRegistry:
              credentials: {apiKey: {env: K}, apiSecret: {env: S}}
              linkCredentials: {apiKey: {env: K}, apiSecret: {env: S}}
        items:
        - {metadata: {name: west-env}}
        - {metadata: {name: east-env}}
        - {metadata: {name: own-env}, spec: {connection: null, schemaRegistry: {endpoint: "https://sr.example"}}}
        - {metadata: {name: bare-env}, spec: {schemaRegistry: null}}
        ---
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Cluster
          spec:
            credentials: {apiKey: {env: K}, apiSecret: {env: S}}
            linkCredentials: {apiKey: {env: K}, apiSecret: {env: S}}
        items:
        - {metadata: {name: west}, spec: {environment: west-env, type: Dedicated}}
        - {metadata: {name: east}, spec: {environment: east-env, type: Enterprise}}
        - {metadata: {name: basic}, spec: {environment: west-env, type: Basic}}
        - {metadata: {name: freight}, spec: {environment: west-env, type: Freight}}
        - {metadata: {name: mute}, spec: {environment: west-env, type: Dedicated, credentials: null, linkCredentials: null}}
        - {metadata: {name: kafka}, spec: {type: ApacheKafka, id: abc, bootstrapServers: "k:9092", credentials: null}}
        - {metadata: {name: old}, spec: {environment: own-env, type: ConfluentPlatform, version: 7.4.1,
            restEndpoint: "https://old.example", bootstrapServers: "old:9092"}}
        - {metadata: {name: new}, spec: {environment: own-env, type: ConfluentPlatform, version: 7.9.3,
            restEndpoint: "https://new.example", bootstrapServers: "new:9092"}}
        - {metadata: {name: unsaid}, spec: {environment: own-env, type: ConfluentPlatform,
            restEndpoint: "https://unsaid.example", bootstrapServers: "unsaid:9092"}}
        """
}
