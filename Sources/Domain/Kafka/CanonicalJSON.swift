/// JSON by meaning: link filters are JSON in a string, and two texts that differ in spaces, escapes, key order or list
/// order say the same.
public enum CanonicalJSON {
    /// The canonical form of a JSON text: no spaces, keys sorted, list items sorted. Text that is no JSON comes back
    /// unchanged, so that comparing it still works.
    ///
    /// The order of lists carries no meaning in the filters this is for.
    public static func text(_ json: String) -> String {
        JSONTree(json)?.text ?? json
    }

    /// A JSON string literal.
    public static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// A JSON text taken apart; lists are sets.
indirect enum JSONTree {
    case object([String: JSONTree])
    case list([JSONTree])
    case string(String)
    /// A number, `true`, `false` or `null`, as written.
    case word(String)

    /// Reads a text; `nil` when it is no JSON, or nested more than 32 levels deep.
    init?(_ json: String) {
        var reader = JSONTreeReader(scalars: Array(json.unicodeScalars))
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        self = value
    }

    /// The canonical text.
    var text: String {
        switch self {
        case .string(let text): CanonicalJSON.literal(text)
        case .word(let word): word
        case .list(let items): "[" + items.map(\.text).sorted().joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(CanonicalJSON.literal($0.key)):\($0.value.text)" }
                .joined(separator: ",") + "}"
        }
    }
}

private struct JSONTreeReader {
    let scalars: [Unicode.Scalar]
    var position = 0

    var isAtEnd: Bool {
        mutating get {
            skipSpaces()
            return position == scalars.count
        }
    }

    mutating func value(depth: Int) -> JSONTree? {
        guard depth < 32 else { return nil }
        skipSpaces()
        guard position < scalars.count else { return nil }
        switch scalars[position] {
        case "{": return object(depth: depth)
        case "[": return list(depth: depth)
        case "\"": return string().map { .string($0) }
        default: return word()
        }
    }

    private mutating func skipSpaces() {
        while position < scalars.count, [" ", "\t", "\n", "\r"].contains(scalars[position]) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard position < scalars.count, scalars[position] == character else { return false }
        position += 1
        return true
    }

    private mutating func object(depth: Int) -> JSONTree? {
        position += 1
        var members: [String: JSONTree] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipSpaces()
            guard let key = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
            members[key] = value
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func list(depth: Int) -> JSONTree? {
        position += 1
        var items: [JSONTree] = []
        if take("]") { return .list(items) }
        repeat {
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
        } while take(",")
        return take("]") ? .list(items) : nil
    }

    private mutating func string() -> String? {
        guard position < scalars.count, scalars[position] == "\"" else { return nil }
        position += 1
        var text = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "\"": return String(text)
            case "\\":
                guard let escaped = escape() else { return nil }
                text.append(escaped)
            default: text.append(scalar)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard position < scalars.count else { return nil }
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "\"", "\\", "/": return scalar
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return codePoint()
        default: return nil
        }
    }

    /// Four hexadecimal digits, or two surrogates of four each.
    private mutating func codePoint() -> Unicode.Scalar? {
        guard let first = unit() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard position + 1 < scalars.count, scalars[position] == "\\", scalars[position + 1] == "u" else { return nil }
        position += 2
        guard let second = unit(), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func unit() -> UInt32? {
        guard position + 4 <= scalars.count else { return nil }
        let digits = String(String.UnicodeScalarView(scalars[position..<position + 4]))
        position += 4
        return UInt32(digits, radix: 16)
    }

    private mutating func word() -> JSONTree? {
        let start = position
        while position < scalars.count, scalars[position].properties.isAlphabetic || isNumeric(scalars[position]) {
            position += 1
        }
        let word = String(String.UnicodeScalarView(scalars[start..<position]))
        guard ["true", "false", "null"].contains(word) || Double(word) != nil else { return nil }
        return .word(word)
    }

    private func isNumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar) || ["-", "+", "."].contains(scalar)
    }
}
