import TextForms

extension FlatYAMLSyntax {
    /// Reads a quoted scalar at the start of a text: YAML 1.2.2, 7.3.1 and 7.3.2, without line breaks inside.
    ///
    /// - Returns: Its value and what follows; `nil` when it is not closed or has an escape that is not known.
    static func quotedScalar(_ text: Substring) -> (value: String, rest: Substring)? {
        guard let quote = text.first else { return nil }
        return quote == "'" ? singleQuoted(text.dropFirst()) : doubleQuoted(text.dropFirst())
    }

    /// A double-quoted scalar that every YAML reader takes for the text it was made of.
    static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default: quoted += escape(scalar)
            }
        }
        return "\"\(quoted)\""
    }

    /// Whether a key needs no quotes, and is no word that YAML takes for something else than text.
    static func isPlainKey(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, first.properties.isAlphabetic, first.isASCII else { return false }
        let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(key.lowercased())
            && key.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
                default: false
                }
            }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let (letter, digits) = scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
        return "\\\(letter)" + Hexadecimal.text(scalar.value, digits: digits, uppercase: true)
    }

    private static func singleQuoted(_ text: Substring) -> (value: String, rest: Substring)? {
        var value = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "'" else {
                value.append(character)
                continue
            }
            guard rest.first == "'" else { return (value, rest) }
            value.append("'")
            rest.removeFirst()
        }
        return nil
    }

    private static func doubleQuoted(_ text: Substring) -> (value: String, rest: Substring)? {
        var value = ""
        var rest = text
        while let character = rest.popFirst() {
            switch character {
            case "\"": return (value, rest)
            case "\\":
                guard let scalar = escapedScalar(&rest) else { return nil }
                value.unicodeScalars.append(scalar)
            default: value.append(character)
            }
        }
        return nil
    }

    private static func escapedScalar(_ rest: inout Substring) -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "n": return "\n"
        case "r": return "\r"
        case "t", "\t": return "\t"
        case "0": return "\0"
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case " ": return " "
        case "x": return numbered(&rest, digits: 2)
        case "u": return numbered(&rest, digits: 4)
        case "U": return numbered(&rest, digits: 8)
        default: return nil
        }
    }

    private static func numbered(_ rest: inout Substring, digits count: Int) -> Unicode.Scalar? {
        let digits = rest.prefix(count)
        rest = rest.dropFirst(count)
        guard digits.count == count else { return nil }
        return Hexadecimal.value(digits.utf8).flatMap(Unicode.Scalar.init)
    }
}
