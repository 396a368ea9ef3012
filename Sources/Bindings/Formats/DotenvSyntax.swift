/// Dotenv files: `KEY=value`, with `export` in front if it was there, single or double quotes, `#` comments.
struct DotenvSyntax: LineSyntax {
    /// `bootstrap.servers` becomes `BOOTSTRAP_SERVERS`.
    func name(of key: String) -> String {
        let name = String(
            key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : Character("_") })
        return name.first?.isNumber == true ? "_\(name)" : name
    }

    func entries(_ lines: [String]) throws(UneditableFile) -> [LineEntry] {
        var entries: [LineEntry] = []
        var index = 0
        while index < lines.count {
            guard let (key, start) = Self.assignment(lines[index]) else {
                entries.append(LineEntry(lines: [lines[index]]))
                index += 1
                continue
            }
            let (value, last) = try Self.value(startingWith: start, at: index, in: lines)
            entries.append(LineEntry(lines: Array(lines[index...last]), key: key, value: value))
            index = last + 1
        }
        return entries
    }

    func line(_ key: String, _ value: String, replacing entry: LineEntry?) -> String {
        let isExported = entry?.lines.first.map { Self.withoutBlanks($0).hasPrefix("export ") } ?? false
        return "\(isExported ? "export " : "")\(name(of: key))=\(Self.quoted(value))"
    }

    private static func withoutBlanks(_ line: String) -> Substring {
        line.drop { $0 == " " || $0 == "\t" }
    }

    private static func assignment(_ line: String) -> (key: String, value: Substring)? {
        var rest = withoutBlanks(line)
        guard rest.first != "#" else { return nil }
        if rest.hasPrefix("export ") { rest = rest.dropFirst("export ".count).drop { $0 == " " } }
        guard let equals = rest.firstIndex(of: "=") else { return nil }
        var key = rest[..<equals]
        while key.last == " " || key.last == "\t" { key.removeLast() }
        guard !key.isEmpty, key.allSatisfy({ $0.isLetter || $0.isNumber || "_.-".contains($0) }) else { return nil }
        return (String(key), rest[rest.index(after: equals)...].drop { $0 == " " || $0 == "\t" })
    }

    private static func value(
        startingWith start: Substring, at index: Int, in lines: [String]
    ) throws(UneditableFile) -> (value: String, lastLine: Int) {
        // Scalars, since a mark that follows a quote would make one character with it.
        guard let quote = start.unicodeScalars.first, quote == "'" || quote == "\"" else { return (bare(start), index) }
        var value = String.UnicodeScalarView()
        var text = start.unicodeScalars.dropFirst()
        var last = index
        while true {
            while let scalar = text.popFirst() {
                if scalar == quote { return (String(value), last) }
                guard scalar == "\\", quote == "\"", let escaped = text.popFirst() else {
                    value.append(scalar)
                    continue
                }
                value.append(contentsOf: unescaped(escaped).unicodeScalars)
            }
            guard last + 1 < lines.count else {
                throw UneditableFile(line: index + 1, "starts a quote that is not closed")
            }
            last += 1
            value.append("\n")
            text = lines[last][...].unicodeScalars
        }
    }

    private static func bare(_ text: Substring) -> String {
        var value = text
        if let comment = value.firstRange(of: " #") { value = value[..<comment.lowerBound] }
        while value.last == " " || value.last == "\t" { value.removeLast() }
        return String(value)
    }

    private static func unescaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "\\", "\"", "$", "`": String(scalar)
        default: "\\\(scalar)"
        }
    }

    /// Bare where every reader agrees; single quotes, which are literal everywhere; else double quotes with escapes.
    private static func quoted(_ value: String) -> String {
        if !value.isEmpty, value.unicodeScalars.allSatisfy(isPlain) { return value }
        if value.unicodeScalars.allSatisfy({ $0 != "'" && $0 != "\n" && $0 != "\r" }) { return "'\(value)'" }
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\\", "\"", "$", "`": escaped += "\\\(scalar)"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\"\(escaped)\""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "/", ":", "@", ",", "+", "=", "%", "-": true
        default: false
        }
    }
}
