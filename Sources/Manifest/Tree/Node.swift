/// A YAML value with its place.
struct Node: Sendable {
    enum Content: Sendable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping(Mapping)
    }

    var content: Content
    var place: Place
}

/// A scalar as written: its text after unquoting and folding.
struct Scalar: Sendable, Hashable {
    var text: String
    /// Unquoted, single-line or multi-line: the only style whose text may mean something else than itself.
    var isPlain: Bool
}

/// A mapping in the order of the file; keys are unique.
struct Mapping: Sendable {
    struct Entry: Sendable {
        var key: String
        var keyPlace: Place
        var value: Node
    }

    var entries: [Entry] = []

    subscript(key: String) -> Node? { entry(key)?.value }

    func entry(_ key: String) -> Entry? {
        entries.first { $0.key == key }
    }

    func index(of key: String) -> Int? {
        entries.firstIndex { $0.key == key }
    }
}

extension Node {
    var mapping: Mapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    var sequence: [Node]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    subscript(key: String) -> Node? { mapping?[key] }

    var isNull: Bool { scalar?.resolved == .null }

    /// What the value is, for messages: "a mapping", "the number 3".
    var kindInWords: String {
        switch content {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar(let scalar): scalar.kindInWords
        }
    }
}
