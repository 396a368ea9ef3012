/// Strings of JSON text.
package enum JSONString {
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..<" ": result += escaped(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A character as `\u001b`, beyond the basic plane as the two of a surrogate pair.
    package static func escaped(_ scalar: Unicode.Scalar, uppercase: Bool = false) -> String {
        scalar.utf16.map { "\\u" + Hexadecimal.text($0, digits: 4, uppercase: uppercase) }.joined()
    }
}
