/// Why a text is no JSON.
package struct JSONError: Error, Sendable, Equatable {
    package var offset: Int
    package var reason: String
}

extension JSON {
    /// Parses a whole text; anything but white space after the value is an error.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.value(depth: 0)
        parser.skipWhitespace()
        guard parser.position == bytes.count else { throw parser.error("text after the value") }
    }

    /// Parses values that follow one another, with or without white space between them.
    package static func sequence(parsing bytes: [UInt8]) throws(JSONError) -> [JSON] {
        var parser = JSONParser(bytes: bytes)
        var values: [JSON] = []
        parser.skipWhitespace()
        while parser.position < bytes.count {
            values.append(try parser.value(depth: 0))
            parser.skipWhitespace()
        }
        return values
    }

    /// Parses a whole text; `nil` when it is no JSON.
    package init?(text: String) {
        guard let value = try? JSON(parsing: Array(text.utf8)) else { return nil }
        self = value
    }
}

private struct JSONParser {
    private static let maximalDepth = 200

    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    func error(_ reason: String) -> JSONError {
        JSONError(offset: position, reason: reason)
    }

    mutating func skipWhitespace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth < Self.maximalDepth else { throw error("nested too deeply") }
        skipWhitespace()
        guard position < bytes.count else { throw error("the text ends where a value is expected") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSON) throws(JSONError) -> JSON {
        guard bytes[position...].starts(with: text.utf8) else { throw error("unexpected character") }
        position += text.utf8.count
        return value
    }

    /// Steps over one punctuation character when it comes next.
    private mutating func takes(_ character: UInt8) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == character else { return false }
        position += 1
        return true
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        position += 1
        var items: [JSON] = []
        if takes(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            if takes(UInt8(ascii: "]")) { return .array(items) }
            guard takes(UInt8(ascii: ",")) else { throw error("expected , or ]") }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        if takes(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipWhitespace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw error("expected a name") }
            let name = try string()
            guard takes(UInt8(ascii: ":")) else { throw error("expected :") }
            members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
            if takes(UInt8(ascii: "}")) { return .object(members) }
            guard takes(UInt8(ascii: ",")) else { throw error("expected , or }") }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var units: [UInt8] = []
        while position < bytes.count {
            let unit = bytes[position]
            position += 1
            switch unit {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else { throw error("not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &units)
            case 0..<0x20: throw error("control character in a string")
            default: units.append(unit)
            }
        }
        throw error("the text ends inside a string")
    }

    private mutating func escape(into units: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw error("the text ends inside a string") }
        let unit = bytes[position]
        position += 1
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(unit)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "u"): units.append(contentsOf: String(Character(try unicodeScalar())).utf8)
        default: throw error("unknown escape")
        }
    }

    private mutating func unicodeScalar() throws(JSONError) -> Unicode.Scalar {
        var code = UInt32(try hexadecimal())
        if (0xD800..<0xDC00).contains(code), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let low = UInt32(try hexadecimal())
            guard (0xDC00..<0xE000).contains(low) else { throw error("broken surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("broken surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error("the text ends inside a string") }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard let code = UInt16(digits, radix: 16), !digits.hasPrefix("+") else { throw error("broken escape") }
        position += 4
        return code
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = position
        while position < bytes.count, "+-0123456789.eE".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        let leadsWithDigit = digits.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        let hasLeadingZero =
            digits.starts(with: "0".utf8) && digits.dropFirst().first.map { "0123456789".utf8.contains($0) } ?? false
        guard leadsWithDigit, !hasLeadingZero, text.utf8.count - digits.count <= 1 else {
            position = start
            throw error("unexpected character")
        }
        if let number = Int64(text) { return .int(number) }
        if let number = Double(text), number.isFinite { return .double(number) }
        position = start
        throw error("not a number")
    }
}
