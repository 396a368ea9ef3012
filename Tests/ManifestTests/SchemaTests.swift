import Diagnostics
import TestSupport
import Testing

@testable import Manifest

@Suite("JSON Schema and reference")
struct SchemaTests {
    private static let schemas = Dictionary(
        uniqueKeysWithValues: ManifestKind.allCases.map { ($0, JSONSchemaEvaluator(root: ManifestSchema.document($0))) }
    )
    private static let combined = JSONSchemaEvaluator(root: ManifestSchema.combined)

    private func isAccepted(_ document: Node, _ kind: ManifestKind) -> Bool {
        var findings = Findings()
        _ = findings.addFile(path: "a.yaml", text: "")
        var checker = ShapeChecker(kind: kind.rawValue)
        checker.check(document, is: Shape.document(kind), anchor: Examples.place, &findings)
        return findings.errorCount == 0
    }

    @Test("The files of the schemas folder are what the tables give", arguments: ManifestSchema.files.map(\.name))
    func files(name: String) throws {
        let file = try #require(ManifestSchema.files.first { $0.name == name })
        ManifestCheckedInFile("schemas/\(name)").expect(file.text)
    }

    @Test("The reference page is what the tables give")
    func page() {
        ManifestCheckedInFile("docs/manifests.md").expect(ReferencePage.markdown)
    }

    @Test("A document with any one field set is valid in both, and with a wrong value in neither")
    func everyField() throws {
        for field in Examples.fields where field.steps != [.key("kind")] {
            let schema = try #require(Self.schemas[field.kind])
            for second in [false, true] {
                let document = Examples.document(with: field, value: Examples.value(of: field.type, second: second))
                let verdicts = [schema.accepts(document), Self.combined.accepts(document)]
                #expect(verdicts == [true, true], "\(field)")
            }
            let wrong = Examples.document(with: field, value: Examples.list([Examples.list([])]))
            #expect(schema.accepts(wrong) == isAccepted(wrong, field.kind), "\(field)")
        }
    }

    @Test(
        "Whole workspaces are valid in the schema",
        arguments: [
            "steady-state", "third-region", "platform-mtls", "migration", "aggregation", "brownfield",
            "overlays/staging", "standby",
        ])
    func workspaces(name: String) throws {
        let loaded = try #require(WorkspaceLoader(version: "1.0.0").load("\(ScenarioTests.folder)/\(name)").loaded)
        for (key, object) in loaded.objects {
            let schema = try #require(Self.schemas[key.kind])
            #expect(schema.accepts(object.node), "\(key)")
            #expect(Self.combined.accepts(object.node), "\(key)")
        }
    }

    @Test("Lists are valid in the combined schema, with partial items, and unknown kinds are not")
    func lists() throws {
        func accepts(_ text: String) throws -> Bool {
            var findings = Findings()
            let documents = YAMLReader().documents(of: Array(text.utf8), path: "a.yaml", into: &findings)
            return Self.combined.accepts(try #require(documents.first))
        }
        let head = "apiVersion: spillway/v1\nkind: List\n"
        #expect(try accepts(head + "defaults: {kind: Topic}\nitems: [{metadata: {name: a}}]"))
        #expect(try !accepts(head + "defaults: {kind: Topic}"))
        #expect(try !accepts(head + "items: []\nspec: {}"))
        #expect(try !accepts("apiVersion: spillway/v1\nkind: Lost\nitems: []"))
        #expect(try !accepts("kind: List\nitems: []"))
    }

    @Test(
        "What stands in a List is looked into, whether its kind comes from the item or from defaults",
        arguments: [
            ("defaults: {kind: Cluster}\nitems: [{metadata: {name: a}, spec: {type: Enterprise}}]", true),
            ("defaults: {kind: Cluster}\nitems: [{metadata: {name: a}, spec: {type: Enterprize}}]", false),
            ("defaults: {kind: Topic}\nitems: [{metadata: {name: a}, spec: {partitons: 3}}]", false),
            ("defaults: {kind: Cluster, spec: {cloud: AWZ}}\nitems: [{metadata: {name: a}}]", false),
            (
                "defaults: {kind: Cluster, spec: {cloud: AWS}}\nitems: [{metadata: {name: a}, spec: {cloud: null}}]",
                true
            ),
            ("items: [{kind: Topic, metadata: {name: a}, spec: {cluster: west, partitions: x}}]", false),
            ("items: [{kind: Topic, metadata: {name: a}, spec: {cluster: west, partitions: 3}}]", true),
            ("defaults: {kind: Topic}\nitems: [{kind: Cluster, metadata: {name: a}, spec: {type: Basic}}]", true),
            ("defaults: {kind: Topic, spec: {partitions: 99999999999}}\nitems: []", false),
        ])
    func lookedInto(text: String, isRight: Bool) throws {
        var findings = Findings()
        let whole = "apiVersion: spillway/v1\nkind: List\n" + text
        let documents = YAMLReader().documents(of: Array(whole.utf8), path: "a.yaml", into: &findings)
        #expect(Self.combined.accepts(try #require(documents.first)) == isRight)
    }

    @Test("Checker and schema give one verdict on thousands of mutated documents", arguments: 0..<4)
    func agreement(seed: UInt64) throws {
        var mutation = Mutation(seed: seed)
        let originals = Examples.fields.filter { $0.steps != [.key("kind")] }.map {
            (kind: $0.kind, node: Examples.document(with: $0, value: Examples.value(of: $0.type, second: false)))
        }
        var verdicts: [Bool: Int] = [:]
        for _ in 0..<300 {
            let original = originals[mutation.below(originals.count)]
            var node = original.node
            for _ in 0..<mutation.below(3) { node = mutation.mutated(node) }
            let schema = try #require(Self.schemas[original.kind])
            let isValid = isAccepted(node, original.kind)
            verdicts[isValid, default: 0] += 1
            guard schema.accepts(node) != isValid else { continue }
            Issue.record("checker says \(isValid), schema \(!isValid):\n\(YAMLPrinter.print(node))")
        }
        #expect((verdicts[true] ?? 0) > 20 && (verdicts[false] ?? 0) > 20, "\(verdicts)")
    }

    @Test(
        "Mutated documents never crash the loader, and everything that is found has a place in them", arguments: 4..<8)
    func robustness(seed: UInt64) throws {
        var mutation = Mutation(seed: seed)
        let loaded = try #require(WorkspaceLoader(version: "1.0.0").load("\(ScenarioTests.folder)/steady-state").loaded)
        let documents = loaded.objects.sorted { ($0.key.kind, $0.key.name) < ($1.key.kind, $1.key.name) }.map(
            \.value.node)
        for _ in 0..<40 {
            var changed = documents
            for _ in 0...mutation.below(4) {
                let index = mutation.below(changed.count)
                changed[index] = mutation.mutated(changed[index])
            }
            let text = changed.map { "---\n" + YAMLPrinter.print($0) }.joined()
            let cut = String(text.unicodeScalars.prefix(text.unicodeScalars.count - mutation.below(40)))
            let files = MemoryFiles(["spillway.yaml": "manifests: []\n", "w/spillway.yaml": cut])
            let result = WorkspaceLoader(files: files, version: "1.0.0").load("w")
            #expect((result.loaded == nil) == result.diagnostics.contains { $0.severity == .error })
            for diagnostic in result.diagnostics {
                guard let span = diagnostic.span else { continue }
                let line = result.file(at: span.path)?.line(span.start.line)
                #expect(line != nil, "\(diagnostic)")
                #expect(span.start.column <= (line ?? "").unicodeScalars.count + 1, "\(diagnostic)")
            }
        }
    }
}

/// Seeded random changes of documents.
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) {
        state = (seed &+ 1) &* 0xD134_2543_DE82_EF95
    }

    /// A number from 0 up to, not including, the limit (SplitMix64).
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, limit)))
    }

    private static let scalars = [
        "true", "12", "0", "-3", "1.5", "null", "text", "30s", "7", "a b", "", "https://a.example", "*", "a*b", "west",
        "Manage", "Dedicated", "ALLOW", "\"12\"", "1GiB", "${cluster.name}", "-x", "user:pass@host", "https://u:p@h",
    ]

    /// A copy with one change somewhere.
    mutating func mutated(_ node: Node) -> Node {
        switch node.content {
        case .mapping(var mapping) where !mapping.entries.isEmpty:
            let index = below(mapping.entries.count)
            switch below(8) {
            case 0: mapping.entries.remove(at: index)
            case 1: mapping.entries[index].key += "x"
            case 2: mapping.entries[index].value = random()
            case 3:
                let other = ["tls", "apiKey", "env", "vault", "kubernetes", "cluster", "follows", "members"][below(8)]
                if mapping.index(of: other) == nil {
                    mapping.entries.append(Mapping.Entry(key: other, keyPlace: node.place, value: random()))
                }
            default: mapping.entries[index].value = mutated(mapping.entries[index].value)
            }
            return Node(content: .mapping(mapping), place: node.place)
        case .sequence(var items) where !items.isEmpty:
            let index = below(items.count)
            switch below(4) {
            case 0: items.remove(at: index)
            case 1: items.append(items[index])
            default: items[index] = mutated(items[index])
            }
            return Node(content: .sequence(items), place: node.place)
        default: return random()
        }
    }

    private mutating func random() -> Node {
        switch below(6) {
        case 0: Examples.mapping([])
        case 1: Examples.list([])
        case 2: Examples.mapping([("env", Examples.scalar("A"))])
        default: Examples.scalar(Self.scalars[below(Self.scalars.count)], isPlain: below(3) > 0)
        }
    }
}

@Suite("Explanations")
struct ExplanationTests {
    @Test("Kinds, structures and fields are explained, with or without `spec`")
    func subjects() throws {
        let group = try Explanation(of: "FailoverGroup")
        #expect(group.doc?.hasPrefix("Topics, schemas and clients") == true)
        #expect(group.fields.contains { $0.path == "spec.primary" && $0.type == "ref(Cluster)" })
        #expect(group.rules.contains("exactly one of `primary` or `follows`"))
        let long = try Explanation(of: "FailoverGroup.spec.link.consumerOffsetSync.interval")
        let short = try Explanation(of: "FailoverGroup.link.consumerOffsetSync.interval")
        #expect(long == short)
        #expect(long.field?.defaultValue == "30s")
        #expect(long.field?.type == "duration")
        let kafka = try Explanation(of: "ClientBinding.publish[0].file.path")
        #expect(kafka.field?.change == "a change deletes and creates the object, which needs consent")
        #expect(try Explanation(of: "Cluster.credentials").fields.contains { $0.path == "apiKey" })
        #expect(try Explanation(of: "Workspace.timeouts").fields.map(\.path).contains("drain"))
        #expect(try Explanation(of: "SecretRef").fields.contains { $0.path == "vault.connection" && $0.isRequired })
    }

    @Test("What is unknown comes with the nearest word")
    func unknown() {
        #expect(throws: UnknownSubject.self) { try Explanation(of: "") }
        do {
            _ = try Explanation(of: "FailoverGroup.spec.prmary")
            Issue.record("prmary is no field")
        } catch {
            #expect(error.word == "prmary")
            #expect(error.place == "FailoverGroup.spec")
            #expect(error.suggestion == "primary")
        }
        do {
            _ = try Explanation(of: "Clutser")
            Issue.record("Clutser is no kind")
        } catch {
            #expect(error.suggestion == "Cluster")
        }
    }

    @Test("A field says its type, default and change; what is below it says whether it is required")
    func facts() throws {
        let partitions = try #require(try Explanation(of: "Topic.partitions").field)
        #expect(partitions.type == "int (at least 1)")
        #expect(partitions.doc == "Partition count; shrinking is an error.")
        #expect(partitions.defaultValue == "unmanaged; server default on create")
        #expect(partitions.change == "may only grow")
        let from = try #require(try Explanation(of: "FailoverGroup.failover").fields.first)
        #expect(from.path == "from" && from.type == "ref(Cluster)" && from.isRequired)
    }
}
