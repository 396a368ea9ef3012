/// A secret value in memory: it cannot be printed, described, mirrored, compared or encoded.
///
/// The only way to its text is ``reveal(_:)``, which is called where the text goes onto a wire or into a store. Two
/// secrets are compared through keyed ``Fingerprint``s.
package struct Secret: Sendable {
    private let text: String

    /// Wraps a secret that was just read from its store.
    package init(_ text: String) {
        self.text = text
    }

    /// Gives the text to a closure that sends or stores it.
    package func reveal<Result>(_ use: (String) throws -> Result) rethrows -> Result {
        try use(text)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What interpolation prints.
    package var description: String { "<redacted>" }
    /// What the debugger prints.
    package var debugDescription: String { "<redacted>" }
    /// Reflection sees nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A keyed digest of a secret (HMAC-SHA-256): tells changed from unchanged, and nothing else, without the key.
package struct Fingerprint: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Lower-case hexadecimal digest.
    package let hexadecimal: String

    package init(hexadecimal: String) {
        self.hexadecimal = hexadecimal
    }

    /// A short form for people: enough to see that two differ.
    package var description: String { "hmac:\(hexadecimal.prefix(8))" }

    /// Reads the stored form.
    package init(from decoder: any Decoder) throws {
        self.init(hexadecimal: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the stored form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
