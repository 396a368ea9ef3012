import Domain

extension FieldType {
    /// What a value of the type is, with its article.
    var wanted: String {
        switch self {
        case .boolean: "`true` or `false`"
        case .integer: "a whole number"
        case .name, .reference, .connection: "a name"
        case .path: "a path"
        case .url: "an http or https URL"
        case .duration: "a duration"
        case .size: "a size"
        case .scalar: "text, a number or a boolean"
        case .glob: "a topic pattern"
        case .pattern: "a name or a prefix that ends in `*`"
        case .enumeration: "a word"
        default: "text"
        }
    }

    /// Code of the error about a text that does not have the form.
    var malformedCode: String {
        switch self {
        case .name, .reference, .connection: "invalid-name"
        case .url: "invalid-url"
        case .duration: "invalid-duration"
        case .size: "invalid-size"
        case .glob, .pattern: "invalid-pattern"
        default: "empty-value"
        }
    }

    /// How the form looks.
    var advice: String? {
        switch self {
        case .name, .reference, .connection:
            "letters, digits, `.`, `_` and `-`, at most 249, not beginning with `.` or `-`"
        case .duration: "whole numbers with units, greatest first, at most 36525d: `500ms`, `30s`, `1h30m`, `7d`"
        case .size: "a whole number and a unit: `512B`, `64KiB`, `1GiB`, `500MB`"
        case .url: "like `https://host.example:8443/path`"
        case .glob: "`*` is any run, `?` one character; one pattern per list item"
        case .pattern: "the wire knows only literal names and prefixes"
        case .string, .path: "write something, or remove the line"
        default: nil
        }
    }

    /// Whether text has the form of the type.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .name, .reference, .connection: ValueForm.isName(text)
        case .url: ValueForm.isURL(text)
        case .duration: Duration(manifest: text).map { $0 <= ValueForm.longestDuration } ?? false
        case .size: ByteCount.parse(text) != nil
        case .glob: ValueForm.isGlob(text)
        case .pattern: ValueForm.isGroupPattern(text)
        case .string, .path: !text.isEmpty
        default: true
        }
    }
}
