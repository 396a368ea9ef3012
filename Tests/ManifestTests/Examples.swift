@testable import Manifest

/// A path to a value inside a document.
enum ExampleStep: Hashable {
    case key(String)
    case item
}

/// A leaf of a kind: a field that holds no other fields.
struct ExampleField: CustomStringConvertible {
    let kind: ManifestKind
    let steps: [ExampleStep]
    let type: FieldType

    var description: String {
        kind.rawValue
            + steps.map { step in
                switch step {
                case .key(let key): ".\(key)"
                case .item: "[0]"
                }
            }.joined()
    }
}

/// Makes valid documents from the tables.
enum Examples {
    static let place = Place(file: FileIndex(rawValue: 0), startLine: 1, startColumn: 1, endLine: 1, endColumn: 2)

    static func scalar(_ text: String, isPlain: Bool = true) -> Node {
        Node(content: .scalar(Scalar(text: text, isPlain: isPlain)), place: place)
    }

    static func mapping(_ entries: [(String, Node)]) -> Node {
        let entries = entries.map { Mapping.Entry(key: $0.0, keyPlace: place, value: $0.1) }
        return Node(content: .mapping(Mapping(entries: entries)), place: place)
    }

    static func list(_ items: [Node]) -> Node {
        Node(content: .sequence(items), place: place)
    }

    /// Every leaf of every kind, through structures, lists and mappings.
    static var fields: [ExampleField] {
        ManifestKind.allCases.flatMap { kind in
            leaves(of: Shape.document(kind), depth: 0).map {
                ExampleField(kind: kind, steps: $0.steps, type: $0.type)
            }
        }
    }

    private static func leaves(of shape: Shape, depth: Int) -> [(steps: [ExampleStep], type: FieldType)] {
        shape.memberList.flatMap { member in
            let inner =
                switch member.value {
                case .mapping(let shape): leaves(of: shape, depth: depth)
                case .leaf(let type): leaves(of: type, depth: depth)
                }
            return inner.map { ([.key(member.name)] + $0.steps, $0.type) }
        }
    }

    private static func leaves(of type: FieldType, depth: Int) -> [(steps: [ExampleStep], type: FieldType)] {
        switch type {
        case .structure(let name): leaves(of: Shape.structure(name), depth: depth)
        case .secret, .textOrSecret: depth > 0 ? [] : leaves(of: Shape.secretReference, depth: depth + 1)
        case .list(let item): leaves(of: item, depth: depth).map { ([.item] + $0.steps, $0.type) }
        case .map(let value), .mapByName(_, let value):
            leaves(of: value, depth: depth).map { ([.key("west")] + $0.steps, $0.type) }
        default: [([], type)]
        }
    }

    /// A document with one field set, and around it what the field needs to be valid.
    static func document(with field: ExampleField, value: Node) -> Node {
        let seed = nested(field.steps, value)
        let header = mapping([
            ("apiVersion", scalar(ManifestKind.apiVersion)), ("kind", scalar(field.kind.rawValue)),
            ("metadata", mapping([("name", scalar("example"))])),
        ])
        return completed(MergePatch.apply(seed, to: header), Shape.document(field.kind))
    }

    static func minimal(_ kind: ManifestKind) -> Node {
        let header = [
            ("apiVersion", scalar(ManifestKind.apiVersion)), ("kind", scalar(kind.rawValue)),
            ("metadata", mapping([("name", scalar("example"))])),
        ]
        return completed(mapping(header), Shape.document(kind))
    }

    private static func nested(_ steps: [ExampleStep], _ value: Node) -> Node {
        guard let first = steps.first else { return value }
        let inner = nested(Array(steps.dropFirst()), value)
        switch first {
        case .key(let key): return mapping([(key, inner)])
        case .item: return list([inner])
        }
    }

    /// The node with everything its shape wants beside what is there.
    private static func completed(_ node: Node, _ shape: Shape) -> Node {
        guard var mapping = node.mapping else { return node }
        func add(_ name: String) {
            guard mapping.index(of: name) == nil, let member = shape.member(name) else { return }
            let value =
                switch member.value {
                case .mapping: Examples.mapping([])
                case .leaf(let type): value(of: type, second: false)
                }
            mapping.entries.append(Mapping.Entry(key: name, keyPlace: place, value: value))
        }
        for member in shape.memberList where member.isRequired || member.isAlwaysChecked { add(member.name) }
        for _ in 0..<3 {
            for dependency in shape.dependencies where mapping.index(of: dependency.field) != nil {
                add(dependency.needs)
            }
            for choice in shape.choices where choice.form != .atMostOne {
                let isMade =
                    choice.form == .signIn
                    ? !SignIn.ways(in: mapping).isEmpty : choice.fields.contains { mapping.index(of: $0) != nil }
                if !isMade, let first = choice.fields.first { add(first) }
            }
        }
        for index in mapping.entries.indices {
            guard let member = shape.member(mapping.entries[index].key) else { continue }
            let value = mapping.entries[index].value
            switch member.value {
            case .mapping(let inner): mapping.entries[index].value = completed(value, inner)
            case .leaf(let type): mapping.entries[index].value = completed(value, type)
            }
        }
        return Node(content: .mapping(mapping), place: place)
    }

    private static func completed(_ node: Node, _ type: FieldType) -> Node {
        switch type {
        case .structure(let name): return completed(node, Shape.structure(name))
        case .secret, .textOrSecret: return completed(node, Shape.secretReference)
        case .list(let item): return node.sequence.map { list($0.map { completed($0, item) }) } ?? node
        case .map(let value), .mapByName(_, let value):
            guard let entries = node.mapping?.entries else { return node }
            return mapping(entries.map { ($0.key, completed($0.value, value)) })
        default: return node
        }
    }

    /// A valid value; `second` gives another one than the first, except where there is only one.
    static func value(of type: FieldType, second: Bool) -> Node {
        switch type {
        case .boolean: scalar(second ? "false" : "true")
        case .integer(let minimum): scalar(String(minimum + (second ? 2 : 1)))
        case .url: scalar("https://\(second ? "b" : "a").example")
        case .duration: scalar(second ? "7s" : "1h30m")
        case .size: scalar(second ? "7B" : "1GiB")
        case .enumeration(let words): scalar((second ? words.last : words.first) ?? "", isPlain: false)
        case .constant(let word): scalar(word)
        case .secret: mapping([("env", scalar(second ? "B" : "A"))])
        case .list(let item): list([value(of: item, second: second)])
        case .map(let inner): mapping([("k", value(of: inner, second: second))])
        case .mapByName(_, let inner): mapping([("west", value(of: inner, second: second))])
        case .structure(let name): completed(mapping([]), Shape.structure(name))
        default: scalar(second ? "west" : "east")
        }
    }
}
