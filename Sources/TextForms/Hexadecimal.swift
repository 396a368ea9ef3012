/// Hexadecimal digits.
package enum Hexadecimal {
    /// Two small digits for each byte: digests, random ids.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { text($0, digits: 2) }.joined()
    }

    /// A number with at least so many digits.
    package static func text(_ number: some UnsignedInteger, digits count: Int, uppercase: Bool = false) -> String {
        let digits = String(number, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// The number that ASCII digits stand for; `nil` for anything else, a sign too, and above 32 bits.
    package static func value(_ digits: some Collection<UInt8>) -> UInt32? {
        guard !digits.isEmpty else { return nil }
        var value: UInt32 = 0
        for byte in digits {
            guard value >> 28 == 0, let digit = digit(byte) else { return nil }
            value = value << 4 | digit
        }
        return value
    }

    /// The bytes that pairs of digits stand for; `nil` for anything else.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = value(digits[start..<start + 2]) else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
