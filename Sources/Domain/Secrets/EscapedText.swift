import TextForms

/// Text of unknown origin, each character of which may stand for itself or be escaped: as in JSON, in JSON within JSON,
/// in a URL, or in HTML.
struct EscapedText: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How much of a pattern stands at an index, and where it ends.
    func longestMatch(of pattern: [UInt8], from start: Int, at index: Int) -> (count: Int, end: Int) {
        var (position, index) = (start, index)
        while position < pattern.count, index < bytes.count {
            let byte = bytes[index]
            let isPlain = byte == pattern[position]
            guard Self.isEscape(byte) else {
                guard isPlain else { break }
                position += 1
                index += 1
                continue
            }
            var ways = decoded(at: index).filter { $0.byte == pattern[position] }.map { (1, $0.end) }
            if isPlain { ways.append((1, index + 1)) }
            if let (scalar, end) = scalar(at: index), pattern[position...].starts(with: scalar) {
                ways.append((scalar.count, end))
            }
            if ways.count == 1 {
                position += ways[0].0
                index = ways[0].1
                continue
            }
            let matches = ways.map { way -> (count: Int, end: Int) in
                let rest = longestMatch(of: pattern, from: position + way.0, at: way.1)
                return (way.0 + rest.count, rest.end)
            }
            guard let best = matches.max(by: { $0.count < $1.count }) else { break }
            return (position - start + best.count, best.end)
        }
        return (position - start, index)
    }

    private static func isEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "+"): true
        default: false
        }
    }

    // MARK: Escapes

    /// Bytes that what is escaped at an index may begin with.
    func possibleFirstBytes(at index: Int) -> [UInt8] {
        guard Self.isEscape(bytes[index]) else { return [] }
        return decoded(at: index).map(\.byte) + (scalar(at: index)?.utf8.prefix(1) ?? [])
    }

    /// Bytes that the escape at an index may stand for, each with the index behind it.
    func decoded(at index: Int) -> [(byte: UInt8, end: Int)] {
        switch bytes[index] {
        case UInt8(ascii: "+"): [(UInt8(ascii: " "), index + 1)]
        case UInt8(ascii: "%"): percent(at: index)
        case UInt8(ascii: "&"): entity(at: index).map { [$0] } ?? []
        case UInt8(ascii: "\\"): backslash(at: index)
        default: []
        }
    }

    /// `%2F`, and `%252F`.
    private func percent(at index: Int) -> [(byte: UInt8, end: Int)] {
        guard let byte = hexadecimal(at: index + 1, digits: 2) else { return [] }
        let once = (UInt8(truncatingIfNeeded: byte), index + 3)
        guard byte == UInt32(UInt8(ascii: "%")), let inner = hexadecimal(at: index + 3, digits: 2) else {
            return [once]
        }
        return [once, (UInt8(truncatingIfNeeded: inner), index + 5)]
    }

    /// `\"`, `\n`, `\u0026`, `\x26`, with one backslash or with several where JSON stands in JSON.
    private func backslash(at index: Int) -> [(byte: UInt8, end: Int)] {
        var next = index
        while next < bytes.count, bytes[next] == UInt8(ascii: "\\") { next += 1 }
        let run = next - index
        var ways: [(byte: UInt8, end: Int)] = []
        for length in [2, 4] where run >= length { ways.append((UInt8(ascii: "\\"), index + length)) }
        guard next < bytes.count else { return ways }
        switch bytes[next] {
        case UInt8(ascii: "n"): ways.append((0x0A, next + 1))
        case UInt8(ascii: "r"): ways.append((0x0D, next + 1))
        case UInt8(ascii: "t"): ways.append((0x09, next + 1))
        case UInt8(ascii: "b"): ways.append((0x08, next + 1))
        case UInt8(ascii: "f"): ways.append((0x0C, next + 1))
        case UInt8(ascii: "u"), UInt8(ascii: "x"):
            let digits = bytes[next] == UInt8(ascii: "u") ? 4 : 2
            if let value = hexadecimal(at: next + 1, digits: digits), value < 0x80 {
                ways.append((UInt8(truncatingIfNeeded: value), next + 1 + digits))
            }
        default: ways.append((bytes[next], next + 1))
        }
        return ways
    }

    private static let entities: [(name: [UInt8], byte: UInt8)] = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"),
    ].map { (Array($0.0.utf8), UInt8(ascii: $0.1)) }

    private func entity(at index: Int) -> (byte: UInt8, end: Int)? {
        for (name, byte) in Self.entities where bytes[index...].starts(with: name) { return (byte, index + name.count) }
        guard bytes[index...].starts(with: Array("&#".utf8)) else { return nil }
        let digits = bytes[(index + 2)...].prefix(8).prefix { $0 != UInt8(ascii: ";") }
        let end = index + 2 + digits.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { return nil }
        let isHexadecimal = digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X")
        let value =
            isHexadecimal
            ? Hexadecimal.value(digits.dropFirst()) : UInt32(String(decoding: digits, as: UTF8.self))
        guard let value, value < 0x80 else { return nil }
        return (UInt8(truncatingIfNeeded: value), end + 1)
    }

    /// The UTF-8 of a character beyond ASCII that is escaped as in JSON.
    private func scalar(at index: Int) -> (utf8: [UInt8], end: Int)? {
        guard let (high, end) = unit(at: index), high >= 0x80 else { return nil }
        if (0xD800..<0xDC00).contains(high) {
            guard let (low, last) = unit(at: end), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)).map {
                (Array(String($0).utf8), last)
            }
        }
        return Unicode.Scalar(high).map { (Array(String($0).utf8), end) }
    }

    private func unit(at index: Int) -> (value: UInt32, end: Int)? {
        var next = index
        while next < bytes.count, bytes[next] == UInt8(ascii: "\\") { next += 1 }
        guard next > index, next < bytes.count, bytes[next] == UInt8(ascii: "u") else { return nil }
        return hexadecimal(at: next + 1, digits: 4).map { ($0, next + 5) }
    }

    private func hexadecimal(at index: Int, digits: Int) -> UInt32? {
        guard index + digits <= bytes.count else { return nil }
        return Hexadecimal.value(bytes[index..<(index + digits)])
    }

    // MARK: What is cut

    /// Whether nothing but marks of an end follow: quotes, brackets, dots, stars.
    func isCut(at index: Int) -> Bool {
        var index = index
        if index < bytes.count, bytes[index] == UInt8(ascii: "*") || isEllipsis(at: index) { return true }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: ")"), UInt8(ascii: "]"),
                UInt8(ascii: "}"), UInt8(ascii: ">"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"),
                UInt8(ascii: " "), 0x09, 0x0A, 0x0D, UInt8(ascii: "\\"):
                index += 1
            default: return false
            }
        }
        return true
    }

    private func isEllipsis(at index: Int) -> Bool {
        bytes[index...].starts(with: Array("...".utf8)) || bytes[index...].starts(with: Array("…".utf8))
    }

    /// Behind the rest of something that was cut: a percent sign or backslash that lost its digits.
    func endOfMask(at index: Int) -> Int {
        let rest = bytes[index...].prefix(3)
        guard let first = rest.first, rest.count < 3, first == UInt8(ascii: "%") || first == UInt8(ascii: "\\") else {
            return index
        }
        return bytes.count
    }

    /// Behind the last character of Base64 that begins before an index.
    func endOfBase64(at index: Int) -> Int {
        var index = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                index += 1
            default: return index
            }
        }
        return index
    }
}
