/// The written forms of values: what the decoder accepts, and the patterns that JSON Schema shows for them.
enum ValueForm {
    /// ECMA 262 patterns, equal to the functions below.
    static let namePattern = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,248}$"
    static let durationPattern = "^(?=[0-9])([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"
    static let sizePattern = "^[0-9]+(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$"
    static let urlPattern = "^https?://[^\\s/?#@]+([/?][^\\s#]*)?$"
    static let globPattern = "^[^\\s,]+$"
    static let groupPattern = "^[^*]*\\*?$"

    /// The greatest whole number of any field: what the wire counts is an `int` of Java.
    static let greatestInteger = Int(Int32.max)
    /// The longest span of any field, a century: sums of spans stay far below what 64 bits hold.
    static let longestDuration = Duration.seconds(36_525 * 86_400)

    /// Letters, digits, `.`, `_` and `-`, at most 249, not beginning with `.` or `-`: what Kafka allows for topics, so
    /// that a topic can be named after itself.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 249 else { return false }
        guard first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    /// What Kafka allows as a topic name.
    static func isTopicName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 249 && text != "." && text != ".." && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// An absolute `http` or `https` URL without user name, password and fragment.
    static func isURL(_ text: String) -> Bool {
        guard let authority = authority(ofURL: text), !authority.isEmpty, !authority.contains("@") else { return false }
        return !text.contains { $0.isWhitespace || $0 == "#" }
    }

    /// Host and port, with user name and password if they are there; `nil` when the scheme is another.
    static func authority(ofURL text: String) -> Substring? {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            return text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        }
        return nil
    }

    /// A pattern of topic names: `*`, `?` and literals; no spaces, no commas.
    static func isGlob(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "," }
    }

    /// A literal name, or a prefix that ends in one `*`.
    static func isGroupPattern(_ text: String) -> Bool {
        !text.isEmpty && !text.dropLast().contains("*")
    }
}
