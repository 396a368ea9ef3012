/// SplitMix64: small, fast, and equal on every machine for an equal seed.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A word of `length` characters from an alphabet, as the services' ids are made of.
    package mutating func word(_ length: Int, from alphabet: String = "0123456789abcdefghjkmnpqrvwxyz") -> String {
        let letters = Array(alphabet)
        return String((0..<length).map { _ in letters[Int(next() % UInt64(letters.count))] })
    }

    /// A universally unique identifier of version 4, in its two spellings on the wire.
    package mutating func identifier() -> Identifier {
        Identifier(high: next() & ~0xF000 | 0x4000, low: next() & ~(0b11 << 62) | 0b10 << 62)
    }
}

/// 128 bits, spelt as a dashed UUID or as the 22 base64url characters Kafka uses.
package struct Identifier: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }

    package var dashed: String {
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
        var parts: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    package var base64URL: String {
        String(Base64.encode(bytes).prefix(22)).map { character -> String in
            switch character {
            case "+": "-"
            case "/": "_"
            default: String(character)
            }
        }.joined()
    }
}
