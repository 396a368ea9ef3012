extension JSONCursor.Text {
    func equals(_ word: StaticString, in bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        guard !isEscaped else { return try string(in: bytes) == "\(word)" }
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != word.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Whether the string is spelt with exactly these bytes.
    func isSpelt(_ spelling: [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard range.count == spelling.count else { return false }
        for offset in 0..<spelling.count where bytes[range.lowerBound + offset] != spelling[offset] {
            return false
        }
        return true
    }

    /// The bytes between the quotes, escapes unread.
    func spelling(in bytes: Span<UInt8>) -> [UInt8] {
        var spelling: [UInt8] = []
        spelling.reserveCapacity(range.count)
        for index in range { spelling.append(bytes[index]) }
        return spelling
    }

    /// The string's value.
    func string(in bytes: Span<UInt8>) throws(JSONFault) -> String {
        let plain = isEscaped ? try unescaped(bytes) : spelling(in: bytes)
        guard let string = String(validating: plain, as: UTF8.self) else { throw .malformed("a string is not UTF-8") }
        return string
    }

    private func unescaped(_ bytes: Span<UInt8>) throws(JSONFault) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            guard byte == .backslash else {
                result.append(byte)
                continue
            }
            guard index < range.upperBound else { throw .malformed("an escape is cut short") }
            let escape = bytes[index]
            index += 1
            switch escape {
            case .quote, .backslash, UInt8(ascii: "/"): result.append(escape)
            case UInt8(ascii: "b"): result.append(8)
            case UInt8(ascii: "f"): result.append(12)
            case UInt8(ascii: "n"): result.append(.lineFeed)
            case UInt8(ascii: "r"): result.append(.carriageReturn)
            case UInt8(ascii: "t"): result.append(.tab)
            case UInt8(ascii: "u"): result.append(contentsOf: Array(String(try scalar(&index, bytes)).utf8))
            default: throw .unexpected(escape, at: index - 1)
            }
        }
        return result
    }

    /// The scalar of one `\u` escape, or of a surrogate pair of two.
    private func scalar(_ index: inout Int, _ bytes: Span<UInt8>) throws(JSONFault) -> Unicode.Scalar {
        let first = try unit(&index, bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, index + 1 < range.upperBound, bytes[index] == .backslash,
            bytes[index + 1] == UInt8(ascii: "u")
        else { throw .malformed("half a surrogate pair") }
        index += 2
        let second = try unit(&index, bytes)
        guard (0xDC00...0xDFFF).contains(second) else { throw .malformed("half a surrogate pair") }
        let value = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw .malformed("half a surrogate pair") }
        return scalar
    }

    /// Four hexadecimal digits.
    private func unit(_ index: inout Int, _ bytes: Span<UInt8>) throws(JSONFault) -> UInt32 {
        guard index + 4 <= range.upperBound else { throw .malformed("an escape is cut short") }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = bytes[index + offset]
            switch byte {
            case .zero ... .nine: value = value << 4 | UInt32(byte - .zero)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw .unexpected(byte, at: index + offset)
            }
        }
        index += 4
        return value
    }
}
