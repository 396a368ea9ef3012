import TextForms

/// Removes secrets from text that came from outside, whatever form they have there.
///
/// A secret is found plain, with any of its characters escaped as in JSON, in a URL or in HTML, as Base64 of itself, of
/// something around it or of the pair it signs in with, and as the beginning that is left when somebody has cut it.
package struct Redaction: Sendable {
    /// What stands in the place of a secret.
    package static let mark = "<redacted>"

    private var patterns: [SecretPattern] = []
    /// Numbers of patterns by their first byte.
    private var byFirstByte: [[Int]] = Array(repeating: [], count: 256)

    /// A redaction that knows no secret yet.
    package init() {}

    /// Adds a secret in every form. Secrets of less than four bytes are left: removing them would reveal them by the
    /// holes they leave.
    package mutating func add(_ secret: Secret) {
        secret.reveal { text in
            let bytes = Array(text.utf8)
            add(bytes)
            // Of a secret of several lines (a key, a certificate chain) each line is one.
            let lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
            guard lines.count > 1 else { return }
            for line in lines where line.count >= 16 && !line.starts(with: Array("-----".utf8)) { add(Array(line)) }
        }
    }

    /// Adds the pair that signs in by HTTP Basic.
    package mutating func add(user: Secret, password: Secret) {
        user.reveal { user in
            password.reveal { password in
                for pattern in SecretPattern.base64(of: Array("\(user):\(password)".utf8)) { add(pattern) }
            }
        }
    }

    private mutating func add(_ plain: [UInt8]) {
        guard plain.count >= 4 else { return }
        add(SecretPattern(plain: plain))
        for pattern in SecretPattern.base64(of: plain) { add(pattern) }
    }

    private mutating func add(_ pattern: SecretPattern) {
        guard let first = pattern.bytes.first else { return }
        byFirstByte[Int(first)].append(patterns.count)
        patterns.append(pattern)
    }

    // MARK: Cleaning

    /// The text with every secret in it replaced.
    package func clean(_ text: String) -> String {
        guard !patterns.isEmpty else { return text }
        let haystack = EscapedText(Array(text.utf8))
        var result: [UInt8] = []
        result.reserveCapacity(haystack.bytes.count)
        var index = 0
        if let end = endOfSuffix(in: haystack) {
            result.append(contentsOf: Self.mark.utf8)
            index = end
        }
        while index < haystack.bytes.count {
            if let end = endOfSecret(at: index, in: haystack), end > index {
                result.append(contentsOf: Self.mark.utf8)
                index = end
            } else {
                result.append(haystack.bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Where the secret ends that begins at an index; `nil` when none does.
    private func endOfSecret(at index: Int, in text: EscapedText) -> Int? {
        var end: Int?
        func consider(_ numbers: [Int]) {
            for number in numbers {
                if let found = patterns[number].end(at: index, in: text) { end = max(end ?? found, found) }
            }
        }
        let byte = text.bytes[index]
        consider(byFirstByte[Int(byte)])
        for other in text.possibleFirstBytes(at: index) where other != byte { consider(byFirstByte[Int(other)]) }
        return end
    }

    /// Where the rest of a secret ends that somebody cut in front of the text.
    private func endOfSuffix(in text: EscapedText) -> Int? {
        patterns.lazy.compactMap { $0.endOfSuffix(in: text) }.max()
    }
}

/// One form of a secret as it is searched for.
struct SecretPattern: Sendable {
    let bytes: [UInt8]
    /// Whether what follows in the same alphabet belongs to it.
    private var isBase64 = false

    /// Bytes that are enough of a longer secret to be taken for its beginning, anywhere and at the end of a text.
    private static let telling = 12
    private static let tellingAtEnd = 6

    init(plain: [UInt8]) {
        bytes = plain
    }

    private init(base64: [UInt8]) {
        bytes = base64
        isBase64 = true
    }

    /// Base64 of bytes, in both alphabets: by themselves, and as they look behind one or two other bytes.
    static func base64(of plain: [UInt8]) -> [SecretPattern] {
        (0..<3).flatMap { offset -> [SecretPattern] in
            let encoded = Base64.unpadded(Array(repeating: 0, count: offset) + plain)
            let first = (offset * 8 + 5) / 6
            let last = (offset + plain.count) * 8 / 6
            guard last - first >= 6 else { return [] }
            let core = Array(encoded[first..<last])
            let inURLs = core.map(Base64.inURLs)
            return (core == inURLs ? [core] : [core, inURLs]).map(SecretPattern.init(base64:))
        }
    }

    func end(at index: Int, in text: EscapedText) -> Int? {
        let found = text.longestMatch(of: bytes, from: 0, at: index)
        if found.count == bytes.count { return isBase64 ? text.endOfBase64(at: found.end) : found.end }
        if found.count >= Self.telling { return text.endOfMask(at: found.end) }
        if found.count >= Self.tellingAtEnd, text.isCut(at: found.end) { return text.endOfMask(at: found.end) }
        return nil
    }

    func endOfSuffix(in text: EscapedText) -> Int? {
        guard bytes.count > Self.telling, !text.bytes.isEmpty else { return nil }
        for start in 1...(bytes.count - Self.telling) {
            let found = text.longestMatch(of: bytes, from: start, at: 0)
            if found.count == bytes.count - start { return isBase64 ? text.endOfBase64(at: found.end) : found.end }
        }
        return nil
    }
}
