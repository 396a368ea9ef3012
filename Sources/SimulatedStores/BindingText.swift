import SimulatorCore

/// What an application reads from a published file, as the libraries of applications read it: keys and values.
///
/// This is a reader of its own: code shared with what writes these files would share its mistakes.
package enum BindingText {
    package enum Format: String, Sendable {
        case properties = "Properties"
        case json = "JSON"
        case dotenv = "Dotenv"
        case yaml = "YAML"

        /// What a file's name says about it.
        package init(path: String) {
            let name = path.lowercased()
            if name.hasSuffix(".json") {
                self = .json
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                self = .yaml
            } else {
                self = name.hasSuffix(".env") ? .dotenv : .properties
            }
        }
    }

    /// The values by the normal form of their keys; `nil` when the text is none of the format.
    package static func values(_ bytes: [UInt8], _ format: Format) -> [String: String]? {
        let text = String(decoding: bytes, as: UTF8.self)
        let pairs: [(String, String)]?
        switch format {
        case .json: pairs = (try? JSON(parsing: bytes)).flatMap { $0.members == nil ? nil : flattened($0, below: "") }
        case .properties: pairs = logicalLines(text).compactMap(property)
        case .dotenv: pairs = lines(text).compactMap { assignment($0, separator: "=") }
        case .yaml: pairs = lines(text).compactMap { assignment($0, separator: ":") }
        }
        return pairs.map { Dictionary($0.map { (normal($0.0), $0.1) }, uniquingKeysWith: { _, last in last }) }
    }

    /// `bootstrap.servers` and `BOOTSTRAP_SERVERS` are the same key.
    package static func normal(_ key: String) -> String {
        String(key.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }

    private static func flattened(_ json: JSON, below path: String) -> [(String, String)] {
        switch json {
        case .object(let members):
            members.flatMap { flattened($0.value, below: path.isEmpty ? $0.name : "\(path).\($0.name)") }
        case .string(let text): [(path, text)]
        case .null: []
        default: [(path, String(decoding: json.bytes, as: UTF8.self))]
        }
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" }
    }

    // MARK: Properties

    /// Lines without comments, those that end in a backslash joined with the next.
    private static func logicalLines(_ text: String) -> [String] {
        var logical: [String] = []
        var open: String?
        for line in lines(text) {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if open == nil, trimmed.isEmpty || trimmed.first == "#" || trimmed.first == "!" { continue }
            var whole = (open ?? "") + trimmed
            if whole.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
                whole.removeLast()
                open = whole
            } else {
                logical.append(whole)
                open = nil
            }
        }
        return logical + [open].compactMap { $0 }
    }

    private static func property(_ line: String) -> (String, String)? {
        var key = ""
        var rest = line[...]
        while let character = rest.first, !" \t=:".contains(character) {
            rest.removeFirst()
            key.append(character == "\\" ? unescaped(&rest) : String(character))
        }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        if rest.first == "=" || rest.first == ":" { rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" } }
        var value = ""
        while let character = rest.popFirst() {
            value.append(character == "\\" ? unescaped(&rest) : String(character))
        }
        return (key, value)
    }

    /// What follows a backslash.
    private static func unescaped(_ rest: inout Substring) -> String {
        guard let character = rest.popFirst() else { return "" }
        switch character {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "u":
            guard let code = UInt32(rest.prefix(4), radix: 16), let scalar = Unicode.Scalar(code) else { return "u" }
            rest = rest.dropFirst(4)
            return String(Character(scalar))
        default: return String(character)
        }
    }

    // MARK: Dotenv and YAML

    /// `KEY=value` or `key: value` on one line, the value quoted or plain.
    private static func assignment(_ line: Substring, separator: Character) -> (String, String)? {
        var rest = line.drop { $0 == " " }
        if rest.hasPrefix("export ") { rest = rest.dropFirst("export ".count) }
        guard rest.first != "#", rest.first != "-" || separator == "=" else { return nil }
        let key: Substring
        if let quote = rest.first, quote == "\"" || quote == "'" {
            key = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(key.count + 2)
        } else {
            key = rest.prefix { $0 != separator }
            rest = rest.dropFirst(key.count)
        }
        guard rest.first == separator, !key.isEmpty else { return nil }
        return (Substring(key).trimmingSpaces, scalar(rest.dropFirst()))
    }

    private static func scalar(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " || $0 == "\t" }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return plain(rest) }
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst() {
            if character == quote {
                guard quote == "'", rest.first == "'" else { break }
                rest.removeFirst()
                value.append("'")
            } else {
                value.append(character == "\\" && quote == "\"" ? unescaped(&rest) : String(character))
            }
        }
        return value
    }

    private static func plain(_ text: Substring) -> String {
        var value = ""
        for character in text {
            if character == "#", value.isEmpty || value.last == " " { break }
            value.append(character)
        }
        return value[...].trimmingSpaces
    }
}
