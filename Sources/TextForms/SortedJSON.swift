package import FoundationEssentials

/// JSON in which equal values are equal bytes: keys sorted, slashes as they are.
package enum SortedJSON {
    /// A value on one line, or over several for people.
    package static func data(_ value: some Encodable, isPretty: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return try encoder.encode(value)
    }

    /// The same as text.
    package static func text(_ value: some Encodable, isPretty: Bool = false) throws -> String {
        String(decoding: try data(value, isPretty: isPretty), as: UTF8.self)
    }
}
