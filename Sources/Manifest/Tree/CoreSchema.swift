/// What a scalar means under the YAML 1.2 core schema.
enum ResolvedScalar: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A number that is no integer, or one too large for 64 bits.
    case number
    case text
}

extension Scalar {
    /// The meaning of the text: quoted scalars are text, plain ones follow the core schema, so that `no` is text,
    /// `0o17` is 15 and `1_000` is text.
    var resolved: ResolvedScalar {
        guard isPlain else { return .text }
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"): return text == "~" ? .null : .text
        case UInt8(ascii: "n"), UInt8(ascii: "N"): return ["null", "Null", "NULL"].contains(text) ? .null : .text
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return ["true", "True", "TRUE"].contains(text) ? .boolean(true) : .text
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return ["false", "False", "FALSE"].contains(text) ? .boolean(false) : .text
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return CoreSchemaNumber.resolve(text)
        default: return .text
        }
    }

    var kindInWords: String {
        switch resolved {
        case .null: "nothing"
        case .boolean: "the boolean \(text)"
        case .integer, .number: "the number \(text)"
        case .text: "text"
        }
    }
}

/// Reads the number forms of the core schema: `[-+]?[0-9]+`, `0o17`, `0x1F`, decimal fractions with exponent, `.inf`
/// and `.nan`.
enum CoreSchemaNumber {
    static func resolve(_ text: String) -> ResolvedScalar {
        if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
        if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
        var digits = Substring(text)
        if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
        if [".inf", ".Inf", ".INF"].contains(digits) { return .number }
        if [".nan", ".NaN", ".NAN"].contains(text) { return .number }
        if !digits.isEmpty, digits.utf8.allSatisfy(isDigit) {
            return Int(text.hasPrefix("+") ? String(digits) : text).map(ResolvedScalar.integer) ?? .number
        }
        return isFraction(digits.utf8[...]) ? .number : .text
    }

    private static func integer(_ digits: Substring, radix: Int) -> ResolvedScalar {
        let valid = digits.utf8.allSatisfy { byte in
            radix == 8
                ? (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) : Character(Unicode.Scalar(byte)).isHexDigit
        }
        guard !digits.isEmpty, valid else { return .text }
        return Int(digits, radix: radix).map(ResolvedScalar.integer) ?? .number
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isFraction(_ text: Substring.UTF8View) -> Bool {
        let whole = text.prefix(while: isDigit)
        var rest = text[whole.endIndex...]
        var digits = whole.count
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            digits += fraction.count
            rest = rest[fraction.endIndex...]
        }
        guard digits > 0 else { return false }
        guard let mark = rest.first else { return true }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit)
    }
}
