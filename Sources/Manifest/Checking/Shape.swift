import OrderedCollections

/// What may stand in one mapping: a table, unfolded along the dots of its paths.
final class Shape: Sendable {
    struct Member: Sendable {
        enum Value: Sendable {
            case leaf(FieldType)
            case mapping(Shape)
        }

        let name: String
        let value: Value
        let isRequired: Bool
        /// The row it comes from; `nil` for mappings that only hold other fields.
        let field: Field?
    }

    let members: OrderedDictionary<String, Member>
    let choices: [Choice]
    let dependencies: [Dependency]
    /// Fields that belong elsewhere, with what to write instead.
    let elsewhere: [String: String]

    fileprivate init(
        members: OrderedDictionary<String, Member>, choices: [Choice], dependencies: [Dependency],
        elsewhere: [String: String]
    ) {
        self.members = members
        self.choices = choices
        self.dependencies = dependencies
        self.elsewhere = elsewhere
    }

    /// The members in the order of the tables.
    var memberList: [Member] { Array(members.values) }

    func member(_ name: String) -> Member? { members[name] }

    /// Whether a value put under a wrong name here may be a secret.
    var holdsSecrets: Bool {
        members.values.contains { member in
            if case .leaf(.secret) = member.value { true } else { false }
        }
    }

    /// Whether an empty mapping would be refused.
    var needsMembers: Bool {
        members.values.contains(where: \.isRequired)
            || choices.contains { $0.form != .atMostOne }
            || members.values.contains { member in
                if case .mapping(let shape) = member.value {
                    member.isAlwaysChecked && shape.needsMembers
                } else {
                    false
                }
            }
    }
}

extension Shape.Member {
    /// Whether its fields are checked even where it is absent: only the two parts of every document.
    var isAlwaysChecked: Bool { field == nil && (name == "metadata" || name == "spec") }
}

extension Shape {
    private static let documents = Dictionary(
        uniqueKeysWithValues: ManifestKind.allCases.map { ($0, ShapeBuilder.document(Table.of($0))) })
    private static let structures = Dictionary(
        uniqueKeysWithValues: StructureName.allCases.map { ($0, ShapeBuilder.structure(Table.of($0))) })
    private static let empty = Shape(members: [:], choices: [], dependencies: [], elsewhere: [:])

    /// The shape of a whole document of a kind.
    static func document(_ kind: ManifestKind) -> Shape {
        documents[kind] ?? empty
    }

    static func structure(_ name: StructureName) -> Shape {
        structures[name] ?? empty
    }

    static let secretReference = Shape.structure(.secretReference)

    /// The shape of a `kind: List` document.
    static let list = ShapeBuilder.list()
}

/// Unfolds tables into shapes.
private struct ShapeBuilder {
    private final class Branch {
        var field: Field?
        var children: OrderedDictionary<String, Branch> = [:]
    }

    private let root = Branch()
    private var choices: [Choice] = []
    private var dependencies: [Dependency] = []
    private var elsewhere: [String: String] = [:]

    static func document(_ table: Table) -> Shape {
        var builder = ShapeBuilder()
        builder.add(Table.header)
        builder.add(table)
        return builder.shape(of: builder.root, at: "")
    }

    static func structure(_ table: Table) -> Shape {
        var builder = ShapeBuilder()
        builder.add(table)
        return builder.shape(of: builder.root, at: "")
    }

    static func list() -> Shape {
        var builder = ShapeBuilder()
        for field in Table.header.fields where !field.path.hasPrefix("metadata.") { builder.add(field, below: "") }
        builder.add(Table.list)
        let advice = "a List takes no metadata and no spec: put them into its items, or into `defaults`"
        builder.elsewhere = ["metadata": advice, "spec": advice]
        return builder.shape(of: builder.root, at: "")
    }

    private mutating func add(_ table: Table) {
        for field in table.fields { add(field, below: "") }
        choices += table.choices
        dependencies += table.dependencies
        elsewhere.merge(table.excluded) { first, _ in first }
        for (path, name) in table.embedded {
            for field in Table.of(name).fields { add(field, below: path + ".") }
        }
    }

    private mutating func add(_ field: Field, below prefix: String) {
        let path = prefix + field.path
        guard elsewhere[path] == nil else { return }
        var branch = root
        for name in path.split(separator: ".").map(String.init) {
            let child = branch.children[name] ?? Branch()
            branch.children[name] = child
            branch = child
        }
        branch.field = field
    }

    private func shape(of branch: Branch, at path: String) -> Shape {
        let prefix = path.isEmpty ? "" : path + "."
        var members: OrderedDictionary<String, Shape.Member> = [:]
        for (name, child) in branch.children {
            let value: Shape.Member.Value =
                child.children.isEmpty
                ? .leaf(child.field?.type ?? .any) : .mapping(shape(of: child, at: prefix + name))
            members[name] = Shape.Member(
                name: name, value: value, isRequired: child.field?.defaultValue == .required, field: child.field)
        }
        let here = elsewhere.filter { $0.key.hasPrefix(prefix) && !$0.key.dropFirst(prefix.count).contains(".") }
        return Shape(
            members: members, choices: choices.filter { $0.path == path },
            dependencies: dependencies.filter { $0.path == path },
            elsewhere: Dictionary(
                uniqueKeysWithValues: here.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
    }
}
