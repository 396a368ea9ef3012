import TextForms

/// Walks over JSON text and tells where the members of its top-level object stand.
struct JSONScanner {
    private static let deepest = 512

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the whole text as one object, and gives its members with the bytes of their values.
    ///
    /// - Returns: Where its braces stand.
    mutating func object(
        _ member: (String, Range<Int>) throws(UneditableFile) -> Void
    ) throws(UneditableFile) -> ClosedRange<Int> {
        skipBlanks()
        let start = position
        guard next == UInt8(ascii: "{") else { throw UneditableFile("is not a JSON object") }
        let end = try members(depth: 0, member)
        skipBlanks()
        guard position == bytes.count else { throw failure }
        return start...end
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var failure: UneditableFile {
        UneditableFile("is not valid JSON at byte \(position)")
    }

    /// Reads from `{` to `}`; returns where the `}` stands.
    private mutating func members(
        depth: Int, _ member: (String, Range<Int>) throws(UneditableFile) -> Void
    ) throws(UneditableFile) -> Int {
        position += 1
        skipBlanks()
        if next == UInt8(ascii: "}") { return close() }
        while true {
            skipBlanks()
            let nameStart = position
            try string()
            guard let name = JSONSpelling.decode(bytes[nameStart..<position]) else { throw failure }
            skipBlanks()
            try expect(":")
            skipBlanks()
            let valueStart = position
            try value(depth: depth + 1)
            try member(name, valueStart..<position)
            skipBlanks()
            if next == UInt8(ascii: "}") { return close() }
            try expect(",")
        }
    }

    private mutating func close() -> Int {
        position += 1
        return position - 1
    }

    private mutating func value(depth: Int) throws(UneditableFile) {
        guard depth < Self.deepest else { throw UneditableFile("is nested too deeply") }
        switch next {
        case UInt8(ascii: "{"): _ = try members(depth: depth) { (_, _) throws(UneditableFile) in }
        case UInt8(ascii: "["): try items(depth: depth)
        case UInt8(ascii: "\""): try string()
        default: try word()
        }
    }

    private mutating func items(depth: Int) throws(UneditableFile) {
        position += 1
        skipBlanks()
        if next == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            skipBlanks()
            try value(depth: depth + 1)
            skipBlanks()
            if next == UInt8(ascii: "]") {
                position += 1
                return
            }
            try expect(",")
        }
    }

    private mutating func string() throws(UneditableFile) {
        try expect("\"")
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { position += 1 }
            if byte < 0x20 { break }
        }
        throw failure
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() throws(UneditableFile) {
        let start = position
        while let byte = next, !JSONSpelling.isBlank(byte), !",]}:[{\"".utf8.contains(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard ["true", "false", "null"].contains(word) || (Double(word) != nil && word.allSatisfy(isOfNumber)) else {
            position = start
            throw failure
        }
    }

    private func isOfNumber(_ character: Character) -> Bool {
        character.isASCII && (character.isNumber || "+-.eE".contains(character))
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(UneditableFile) {
        guard next == UInt8(ascii: character) else { throw failure }
        position += 1
    }

    private mutating func skipBlanks() {
        while let byte = next, JSONSpelling.isBlank(byte) { position += 1 }
    }
}

/// What bytes of JSON text say: blanks, strings.
enum JSONSpelling {
    /// Whether a byte is JSON's whitespace.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// The text of a string with its quotes; `nil` when it is none.
    static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.count >= 2, text.utf8.first == UInt8(ascii: "\""), text.utf8.last == UInt8(ascii: "\"") else {
            return nil
        }
        var units: [UInt16] = []
        var rest = Array(text.utf16)[1..<(text.utf16.count - 1)]
        while let unit = rest.popFirst() {
            guard unit == 0x5C else {
                units.append(unit)
                continue
            }
            guard let escaped = unescaped(&rest) else { return nil }
            units.append(escaped)
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func unescaped(_ rest: inout ArraySlice<UInt16>) -> UInt16? {
        guard let unit = rest.popFirst(), let letter = Unicode.Scalar(unit) else { return nil }
        switch letter {
        case "\"", "\\", "/": return unit
        case "b": return 0x08
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "u":
            let digits = rest.prefix(4)
            rest = rest.dropFirst(4)
            return digits.count == 4
                ? Hexadecimal.value(Array(String(decoding: digits, as: UTF16.self).utf8)).map {
                    UInt16(truncatingIfNeeded: $0)
                }
                : nil
        default: return nil
        }
    }
}
