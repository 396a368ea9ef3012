/// A place in a piece of JSON text, and the steps over it. The text may end anywhere: a step that needs more throws
/// ``JSONFault/incomplete`` and can be taken again from its start when more is there.
struct JSONCursor {
    /// Where a string stands, without its quotes.
    struct Text {
        let range: Range<Int>
        let isEscaped: Bool
    }

    /// Nesting that is accepted.
    private static let deepest = 64

    var position: Int

    init(at position: Int = 0) {
        self.position = position
    }

    /// The next byte that is not white space, without stepping over it.
    mutating func peek(_ bytes: Span<UInt8>) throws(JSONFault) -> UInt8 {
        let end = bytes.count
        while position < end {
            let byte = bytes[position]
            switch byte {
            case .space, .lineFeed, .carriageReturn, .tab: position += 1
            default: return byte
            }
        }
        throw .incomplete
    }

    /// Steps over one byte, which must be the one expected.
    mutating func step(over expected: UInt8, _ bytes: Span<UInt8>) throws(JSONFault) {
        let byte = try peek(bytes)
        guard byte == expected else { throw .unexpected(byte, at: position) }
        position += 1
    }

    /// Steps to the next key of an object whose brace is behind, and over its colon; `nil` = the object has ended.
    mutating func nextKey(_ isFirst: inout Bool, _ bytes: Span<UInt8>) throws(JSONFault) -> Text? {
        let byte = try peek(bytes)
        if byte == .closeBrace {
            position += 1
            return nil
        }
        if !isFirst { try step(over: .comma, bytes) }
        isFirst = false
        let key = try text(bytes)
        try step(over: .colon, bytes)
        return key
    }

    /// Steps to the next element of an array whose bracket is behind; `false` = the array has ended.
    mutating func nextElement(_ isFirst: inout Bool, _ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        let byte = try peek(bytes)
        if byte == .closeBracket {
            position += 1
            return false
        }
        if !isFirst { try step(over: .comma, bytes) }
        isFirst = false
        return true
    }

    /// Steps over a string.
    mutating func text(_ bytes: Span<UInt8>) throws(JSONFault) -> Text {
        try step(over: .quote, bytes)
        let start = position
        let end = bytes.count
        var index = start
        var isEscaped = false
        while index < end {
            let byte = bytes[index]
            if byte == .quote {
                position = index + 1
                return Text(range: start..<index, isEscaped: isEscaped)
            }
            if byte == .backslash {
                isEscaped = true
                index += 1
            } else if byte < 0x20 {
                throw .unexpected(byte, at: index)
            }
            index += 1
        }
        throw .incomplete
    }

    /// Steps over a string, or over `null`.
    mutating func optionalText(_ bytes: Span<UInt8>) throws(JSONFault) -> Text? {
        if try peek(bytes) == .quote { return try text(bytes) }
        try literal("null", bytes)
        return nil
    }

    /// Steps over a number of things, which is neither negative nor more than can be, or over `null`.
    mutating func optionalCount(_ bytes: Span<UInt8>, upTo most: Int) throws(JSONFault) -> Int? {
        let start = position
        guard let value = try optionalInteger(bytes) else { return nil }
        guard value >= 0, value <= most else { throw .malformed("a count at byte \(start) is \(value)") }
        return Int(value)
    }

    /// Steps over a whole number, or over `null`.
    mutating func optionalInteger(_ bytes: Span<UInt8>) throws(JSONFault) -> Int64? {
        guard try peek(bytes) == .letterN else { return try integer(bytes) }
        try literal("null", bytes)
        return nil
    }

    private mutating func integer(_ bytes: Span<UInt8>) throws(JSONFault) -> Int64 {
        let start = position
        var index = position
        let isNegative = bytes[index] == .minus
        if isNegative { index += 1 }
        var value: Int64 = 0
        while index < bytes.count, case let digit = bytes[index], (.zero ... .nine).contains(digit) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(digit - .zero))
            guard !overflow, !carry else { throw .malformed("a number at byte \(start) is too large") }
            value = sum
            index += 1
        }
        guard index < bytes.count else { throw .incomplete }
        switch bytes[index] {
        case .comma, .closeBrace, .closeBracket, .space, .lineFeed, .carriageReturn, .tab:
            guard index > start + (isNegative ? 1 : 0) else { throw .unexpected(bytes[index], at: index) }
        default: throw .unexpected(bytes[index], at: index)
        }
        position = index
        return isNegative ? -value : value
    }

    /// Steps over `true`, `false` or `null`, which is false.
    mutating func boolean(_ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        switch try peek(bytes) {
        case .letterT:
            try literal("true", bytes)
            return true
        case .letterN:
            try literal("null", bytes)
            return false
        default:
            try literal("false", bytes)
            return false
        }
    }

    /// Steps over any value.
    mutating func skip(_ bytes: Span<UInt8>) throws(JSONFault) {
        switch try peek(bytes) {
        case .quote: _ = try text(bytes)
        case .openBrace, .openBracket: try skipNested(bytes)
        case .letterT: try literal("true", bytes)
        case .letterF: try literal("false", bytes)
        case .letterN: try literal("null", bytes)
        default: try skipNumber(bytes)
        }
    }

    /// Steps over an object or array; only brackets and strings are looked at.
    private mutating func skipNested(_ bytes: Span<UInt8>) throws(JSONFault) {
        var depth = 0
        var objects: UInt64 = 0
        var index = position
        let end = bytes.count
        while index < end {
            let byte = bytes[index]
            switch byte {
            case .quote:
                position = index
                _ = try text(bytes)
                index = position
                continue
            case .openBrace, .openBracket:
                guard depth < Self.deepest else { throw .malformed("nested deeper than \(Self.deepest)") }
                objects = objects << 1 | (byte == .openBrace ? 1 : 0)
                depth += 1
            case .closeBrace, .closeBracket:
                guard objects & 1 == (byte == .closeBrace ? 1 : 0) else { throw .unexpected(byte, at: index) }
                objects >>= 1
                depth -= 1
                if depth == 0 {
                    position = index + 1
                    return
                }
            default: break
            }
            index += 1
        }
        throw .incomplete
    }

    private mutating func skipNumber(_ bytes: Span<UInt8>) throws(JSONFault) {
        var index = position
        while index < bytes.count {
            switch bytes[index] {
            case .zero ... .nine, .minus, UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                index += 1
            default:
                guard index > position else { throw .unexpected(bytes[index], at: index) }
                position = index
                return
            }
        }
        throw .incomplete
    }

    private mutating func literal(_ word: StaticString, _ bytes: Span<UInt8>) throws(JSONFault) {
        _ = try peek(bytes)
        let length = word.utf8CodeUnitCount
        for offset in 0..<length {
            guard position + offset < bytes.count else { throw .incomplete }
            let byte = bytes[position + offset]
            guard byte == word.utf8Start[offset] else { throw .unexpected(byte, at: position + offset) }
        }
        position += length
    }
}

/// Why a step over JSON text could not be taken.
enum JSONFault: Error, Hashable, CustomStringConvertible {
    /// The text ends too early; more may come.
    case incomplete
    /// It is not JSON, or not of the API.
    case malformed(String)

    static func unexpected(_ byte: UInt8, at position: Int) -> JSONFault {
        let shown = (0x21..<0x7F).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
        return .malformed("unexpected \(shown) at byte \(position) of a piece")
    }

    var description: String {
        switch self {
        case .incomplete: "it is cut short"
        case .malformed(let what): what
        }
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let tab = UInt8(ascii: "\t")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let minus = UInt8(ascii: "-")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
    static let letterN = UInt8(ascii: "n")
    static let letterT = UInt8(ascii: "t")
    static let letterF = UInt8(ascii: "f")
}
