/// A state as a server spells it. Words this version does not know are kept as they came, and are equal to none it knows.
package protocol WireWord: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The words this version knows.
    static var known: [String: Self] { get }

    /// A word it does not know.
    static func other(_ word: String) -> Self

    /// The word it does not know; `nil` for those it knows.
    var unknown: String? { get }
}

extension WireWord {
    package init(wire: String) {
        self = Self.known[wire] ?? .other(wire)
    }

    /// The server's word.
    package var description: String {
        unknown ?? Self.known.first { $0.value == self }?.key ?? "UNKNOWN"
    }

    /// Reads the stored form.
    package init(from decoder: any Decoder) throws {
        self.init(wire: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the stored form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
