import Diagnostics
import Domain
import Testing

@testable import Manifest

@Suite("Field tables")
struct TableTests {
    private func problems(of document: Node, _ kind: ManifestKind) -> [String] {
        var findings = Findings()
        _ = findings.addFile(path: "a.yaml", text: "")
        var checker = ShapeChecker(kind: kind.rawValue)
        checker.check(document, is: Shape.document(kind), anchor: Examples.place, &findings)
        return findings.collector.sorted.map(\.message)
    }

    private func decoded(_ document: Node, _ kind: ManifestKind) -> AnyHashable? {
        switch kind {
        case .workspace: WorkspaceSpec(decoding: document).map(AnyHashable.init)
        case .connection: ConnectionSpec(decoding: document).map(AnyHashable.init)
        case .environment: EnvironmentSpec(decoding: document).map(AnyHashable.init)
        case .cluster: ClusterSpec(decoding: document).map(AnyHashable.init)
        case .topic: TopicSpec(decoding: document).map(AnyHashable.init)
        case .clusterLink: ClusterLinkSpec(decoding: document).map(AnyHashable.init)
        case .schemaLink: SchemaLinkSpec(decoding: document).map(AnyHashable.init)
        case .failoverGroup: FailoverGroupSpec(decoding: document).map(AnyHashable.init)
        case .clientBinding: ClientBindingSpec(decoding: document).map(AnyHashable.init)
        }
    }

    /// Fields that have one value only.
    private let single = ["apiVersion", "kind", "permissionType"]

    @Test("Every field of every kind reaches the typed manifest")
    func decoding() throws {
        for field in Examples.fields {
            guard case .key(let last)? = field.steps.last(where: { $0 != .item }), !single.contains(last) else {
                continue
            }
            let first = Examples.document(with: field, value: Examples.value(of: field.type, second: false))
            let second = Examples.document(with: field, value: Examples.value(of: field.type, second: true))
            #expect(problems(of: first, field.kind) == [], "\(field)")
            #expect(problems(of: second, field.kind) == [], "\(field)")
            let typed = try #require(decoded(first, field.kind), "\(field) does not decode")
            #expect(typed != decoded(second, field.kind), "\(field) is not decoded")
        }
    }

    @Test("Every field refuses a value of another type")
    func types() {
        for field in Examples.fields where field.type != .any {
            let wrong = Examples.document(with: field, value: Examples.list([Examples.list([])]))
            #expect(!problems(of: wrong, field.kind).isEmpty, "\(field)")
        }
    }

    @Test("No path stands twice in a table, and every path of a rule exists")
    func consistency() {
        let tables = ManifestKind.allCases.map(Table.of) + StructureName.allCases.map(Table.of)
        for table in tables {
            let paths = table.fields.map(\.path)
            #expect(Set(paths).count == paths.count, "\(table.name)")
            for choice in table.choices {
                let prefix = choice.path.isEmpty ? "" : choice.path + "."
                for field in choice.fields {
                    #expect(
                        paths.contains { $0 == prefix + field || $0.hasPrefix(prefix + field + ".") },
                        "\(table.name) \(field)")
                }
            }
            for field in table.fields {
                #expect(field.doc.hasSuffix("."), "\(table.name) \(field.path)")
            }
        }
    }

    @Test("Defaults that the tables show are those that decode")
    func defaults() throws {
        for kind in ManifestKind.allCases {
            let minimal = Examples.minimal(kind)
            for field in Table.of(kind).fields {
                guard case .value(let text) = field.defaultValue, !text.hasPrefix("["), !text.hasPrefix("{") else {
                    continue
                }
                let example = ExampleField(
                    kind: kind, steps: field.path.split(separator: ".").map { .key(String($0)) }, type: field.type)
                let explicit = Examples.document(with: example, value: Examples.scalar(text))
                guard decoded(minimal, kind) != decoded(explicit, kind) else { continue }
                let absent = removing(example.steps, from: explicit)
                #expect(decoded(absent, kind) == decoded(explicit, kind), "\(example) is not \(text) when absent")
            }
        }
    }

    private func removing(_ steps: [ExampleStep], from node: Node) -> Node {
        guard case .key(let key)? = steps.first, var mapping = node.mapping, let index = mapping.index(of: key) else {
            return node
        }
        if steps.count == 1 {
            mapping.entries.remove(at: index)
        } else {
            mapping.entries[index].value = removing(Array(steps.dropFirst()), from: mapping.entries[index].value)
        }
        return Node(content: .mapping(mapping), place: node.place)
    }
}
