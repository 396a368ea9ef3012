import FoundationEssentials

/// JSON as every command writes it: keys sorted, slashes as they are, so that equal values give equal bytes.
enum JSONText {
    /// A value over several lines, for people and version control, ended by a line break.
    static func pretty(_ value: some Encodable) -> String {
        text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n"
    }

    /// A value on one line, without a line break.
    static func line(_ value: some Encodable) -> String {
        text(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        // Documents here hold strings, integers and booleans, which always encode.
        guard let data = try? encoder.encode(value) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }
}
