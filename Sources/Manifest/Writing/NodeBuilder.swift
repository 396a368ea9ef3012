import Domain

/// A mapping that is put together in the order in which people read it; what is nothing, or the default, is left out.
struct NodeBuilder {
    private var mapping = Mapping()

    /// The node, or `nil` when nothing was set.
    var nodeIfAny: Node? { mapping.entries.isEmpty ? nil : node }
    var node: Node { Node(.mapping(mapping)) }

    mutating func set(_ key: String, _ node: Node?) {
        guard let node else { return }
        mapping.entries.append(Mapping.Entry(key: key, keyPlace: .nowhere, value: node))
    }

    mutating func set(_ key: String, _ text: String?) { set(key, text.map { Node(text: $0) }) }
    mutating func set(_ key: String, _ number: Int?) { set(key, number.map { Node(plain: String($0)) }) }

    mutating func set(_ key: String, _ isSo: Bool, unless standard: Bool) {
        if isSo != standard { set(key, Node(plain: String(isSo))) }
    }

    mutating func set(_ key: String, _ text: String, unless standard: String) {
        if text != standard { set(key, text) }
    }

    mutating func set(_ key: String, _ texts: [String], unless standard: [String] = []) {
        if texts != standard { set(key, Node(.sequence(texts.map { Node(text: $0) }))) }
    }

    mutating func set(_ key: String, _ duration: Duration, unless standard: Duration) {
        if duration != standard { set(key, duration.manifestText) }
    }

    /// Values that brokers read as text: numbers and booleans stand without quotes.
    mutating func set(_ key: String, scalars: [String: String]) {
        guard !scalars.isEmpty else { return }
        var inner = NodeBuilder()
        for (name, value) in scalars.sorted(by: { $0.key < $1.key }) { inner.set(name, Node(config: value)) }
        set(key, inner.node)
    }

    mutating func set(_ key: String, _ build: (inout NodeBuilder) -> Void) {
        var inner = NodeBuilder()
        build(&inner)
        set(key, inner.nodeIfAny)
    }
}

extension Duration {
    /// As manifests write it, in the greatest unit of which it is a whole number.
    fileprivate var manifestText: String {
        let milliseconds = wholeMilliseconds
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")]
        let unit = units.first { milliseconds != 0 && milliseconds % $0.0 == 0 } ?? (1, "ms")
        return "\(milliseconds / unit.0)\(unit.1)"
    }
}

extension Node {
    init(_ content: Content) {
        self.init(content: content, place: .nowhere)
    }

    /// A text, whatever it looks like.
    init(text: String) {
        self.init(.scalar(Scalar(text: text, isPlain: false)))
    }

    /// A number or a word of YAML.
    init(plain: String) {
        self.init(.scalar(Scalar(text: plain, isPlain: true)))
    }

    /// The value of a config.
    init(config value: String) {
        let scalar = Scalar(text: value, isPlain: true)
        switch scalar.resolved {
        case .integer(let number) where String(number) == value: self.init(.scalar(scalar))
        case .boolean where ["true", "false"].contains(value): self.init(.scalar(scalar))
        default: self.init(text: value)
        }
    }

    /// What it says, to be compared with others.
    var signature: String {
        switch content {
        case .scalar(let scalar): "\(scalar.isPlain ? "p" : "t")\(scalar.text)"
        case .sequence(let items): "[" + items.map(\.signature).joined(separator: "\u{0}") + "]"
        case .mapping(let mapping):
            "{" + mapping.entries.map { "\($0.key)\u{0}\($0.value.signature)" }.joined(separator: "\u{0}") + "}"
        }
    }
}

extension Place {
    /// Of a node that stands in no file yet.
    static let nowhere = Place(file: FileIndex(rawValue: 0), startLine: 0, startColumn: 0, endLine: 0, endColumn: 0)
}
