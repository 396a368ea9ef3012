/// Percent-encoding of URLs and forms (RFC 3986 §2).
package enum PercentEncoding {
    /// What a `%` is that no two hexadecimal digits follow.
    package enum BrokenEscape: Sendable {
        /// The text is refused.
        case refused
        /// It stands for itself.
        case kept
    }

    /// The text with everything but unreserved characters as escapes.
    package static func encoded(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "%" + Hexadecimal.text(byte, digits: 2, uppercase: true)
            }
        }
        return result
    }

    /// The bytes of a text with its escapes read; `nil` when one is broken and that is refused.
    ///
    /// - Parameter plus: What `+` stands for: itself, or in a form a space.
    package static func decoded(
        _ text: some StringProtocol, plus: Unicode.Scalar = "+", broken: BrokenEscape = .refused
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let value = Hexadecimal.value(digits) {
                    bytes.append(UInt8(truncatingIfNeeded: value))
                    rest = rest.dropFirst(2)
                } else if broken == .kept {
                    bytes.append(byte)
                } else {
                    return nil
                }
            case UInt8(ascii: "+"): bytes += Array(String(plus).utf8)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
