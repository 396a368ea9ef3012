import Diagnostics
import TextForms

/// JSON as every command writes it: equal values give equal bytes.
enum JSONText {
    /// A value over several lines, for people and version control, ended by a line break.
    static func pretty(_ value: some Encodable) -> String {
        text(value, isPretty: true) + "\n"
    }

    /// A value on one line, without a line break.
    static func line(_ value: some Encodable) -> String {
        text(value, isPretty: false)
    }

    private static func text(_ value: some Encodable, isPretty: Bool) -> String {
        // Documents here hold strings, integers and booleans, which always encode.
        guard let text = try? SortedJSON.text(value, isPretty: isPretty) else { return "null" }
        return escaped(text)
    }

    /// The text with what a terminal would act on as escapes: an encoder writes only controls below U+0020 so.
    private static func escaped(_ text: String) -> String {
        func isEscaped(_ scalar: Unicode.Scalar) -> Bool { scalar != "\n" && PlainText.isHarmful(scalar) }
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isEscaped(scalar) {
                result += JSONString.escaped(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
}
