import TextForms

/// A JSON value whose objects keep their order, for documents that are checked in.
indirect enum OrderedJSON: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        let key: String
        let value: OrderedJSON
    }

    case text(String)
    case number(Int)
    case boolean(Bool)
    case array([OrderedJSON])
    case object([Member])

    static func fields(_ members: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }

    static func texts(_ texts: some Sequence<String>) -> OrderedJSON {
        .array(texts.map(OrderedJSON.text))
    }

    /// The object with more members behind its own; other values unchanged.
    func adding(_ more: KeyValuePairs<String, OrderedJSON>) -> OrderedJSON {
        guard case .object(let members) = self else { return self }
        return .object(members + more.map { Member(key: $0.key, value: $0.value) })
    }

    subscript(key: String) -> OrderedJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Pretty text, indented by two spaces, with a final line break.
    var formatted: String { formatted(indent: "") + "\n" }

    private func formatted(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .text(let text): return JSONString.quoted(text)
        case .number(let number): return String(number)
        case .boolean(let value): return String(value)
        case .array(let items) where items.isEmpty: return "[]"
        case .array(let items):
            let isShort = items.allSatisfy { if case .object = $0 { false } else { true } }
            let texts = items.map { $0.formatted(indent: inner) }
            let line = "[" + texts.joined(separator: ", ") + "]"
            if isShort && line.count + indent.count <= 110 { return line }
            return "[\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where members.isEmpty: return "{}"
        case .object(let members):
            let lines = members.map { inner + JSONString.quoted($0.key) + ": " + $0.value.formatted(indent: inner) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }
}
