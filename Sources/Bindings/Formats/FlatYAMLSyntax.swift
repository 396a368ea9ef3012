/// YAML whose top level is a block mapping: keys with one-line values are read and set, anything below or beside them
/// stays as it is. What could be something else than it looks like is refused.
struct FlatYAMLSyntax: LineSyntax {
    func name(of key: String) -> String { key }

    func entries(_ lines: [String]) throws(UneditableFile) -> [LineEntry] {
        var entries: [LineEntry] = []
        for (index, line) in lines.enumerated() {
            let number = index + 1
            guard let first = line.first, !Self.isBlank(line), first != "#" else {
                entries.append(LineEntry(lines: [line]))
                continue
            }
            if first == " " || Self.isItem(line) {
                try Self.continueEntry(with: line, number, &entries)
            } else if line == "---" || line.hasPrefix("--- #") {
                guard entries.allSatisfy({ $0.key == nil && $0.lines != ["---"] }) else {
                    throw UneditableFile(line: number, "starts a second document")
                }
                entries.append(LineEntry(lines: [line]))
            } else {
                entries.append(try Self.entry(line, number))
            }
        }
        try Self.checkUnique(entries)
        try Self.checkQuotes(entries)
        return entries
    }

    func line(_ key: String, _ value: String, replacing entry: LineEntry?) -> String {
        "\(Self.isPlainKey(key) ? key : Self.quoted(key)): \(Self.quoted(value))"
    }

    private static func isBlank(_ line: String) -> Bool {
        line.allSatisfy { $0 == " " || $0 == "\t" }
    }

    /// A list below a key may stand without indent.
    private static func isItem(_ line: String) -> Bool {
        line == "-" || line.hasPrefix("- ")
    }

    /// Adds a line to the key it stands below. Comments and blank lines between them belong to it too.
    private static func continueEntry(
        with line: String, _ number: Int, _ entries: inout [LineEntry]
    ) throws(UneditableFile) {
        guard let owner = entries.lastIndex(where: { $0.key != nil }) else {
            throw UneditableFile(line: number, "does not belong to a key of a mapping")
        }
        entries[owner].lines += entries[(owner + 1)...].flatMap(\.lines) + [line]
        entries[owner].value = nil
        entries.removeSubrange((owner + 1)...)
    }

    private static func entry(_ line: String, _ number: Int) throws(UneditableFile) -> LineEntry {
        guard let (key, rest) = key(line) else {
            throw UneditableFile(line: number, "is not one key and its value at the top level of a mapping")
        }
        return LineEntry(lines: [line], key: key, value: scalar(rest))
    }

    private static func key(_ line: String) -> (key: String, rest: Substring)? {
        if let quote = line.first, quote == "\"" || quote == "'" {
            guard let (key, rest) = quotedScalar(line[...]), rest.first == ":" else { return nil }
            return value(of: key, after: rest.dropFirst())
        }
        guard let first = line.first, !"\t[]{}?&*!|>%@`,".contains(first), let colon = mappingColon(line) else {
            return nil
        }
        var key = line[..<colon]
        while key.last == " " { key.removeLast() }
        guard !key.contains(" #") else { return nil }
        return value(of: String(key), after: line[line.index(after: colon)...])
    }

    private static func value(of key: String, after rest: Substring) -> (key: String, rest: Substring)? {
        guard rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
        return (key, rest.drop { $0 == " " || $0 == "\t" })
    }

    /// The first colon that ends a key: at the end of the line, or in front of a space.
    private static func mappingColon(_ line: String) -> String.Index? {
        line.indices.first { index in
            guard line[index] == ":" else { return false }
            let next = line.index(after: index)
            return next == line.endIndex || line[next] == " " || line[next] == "\t"
        }
    }

    /// A value that is complete on its line; `nil` for one that is not, or is no text.
    private static func scalar(_ text: Substring) -> String? {
        guard let first = text.first else { return nil }
        if first == "\"" || first == "'" {
            guard let (value, rest) = quotedScalar(text), isEnd(rest) else { return nil }
            return value
        }
        guard !"[]{}&*!|>%@`#".contains(first) else { return nil }
        var value = text
        if let comment = value.firstRange(of: " #") { value = value[..<comment.lowerBound] }
        while value.last == " " || value.last == "\t" { value.removeLast() }
        return String(value)
    }

    private static func isEnd(_ rest: Substring) -> Bool {
        let text = rest.drop { $0 == " " || $0 == "\t" }
        return text.isEmpty || (text.first == "#" && text.startIndex != rest.startIndex)
    }

    private static func checkUnique(_ entries: [LineEntry]) throws(UneditableFile) {
        var seen: Set<String> = []
        var number = 1
        for entry in entries {
            if let key = entry.key, !seen.insert(key).inserted {
                throw UneditableFile(line: number, "names a key for the second time")
            }
            number += entry.lines.count
        }
    }

    /// A quoted or flow value that is still open where the next key seems to begin would make that key a part of it.
    private static func checkQuotes(_ entries: [LineEntry]) throws(UneditableFile) {
        var number = 1
        for entry in entries {
            if entry.key != nil, entry.value == nil, let first = entry.lines.first, let (_, rest) = key(first),
                let opening = rest.first, "\"'[{".contains(opening)
            {
                let whole = ([String(rest)] + entry.lines.dropFirst()).joined(separator: " ")
                guard isClosed(whole[...]) else {
                    throw UneditableFile(line: number, "starts a value whose end cannot be told")
                }
            }
            number += entry.lines.count
        }
    }

    private static func isClosed(_ text: Substring) -> Bool {
        var rest = text
        var depth = 0
        while let first = rest.first {
            switch first {
            case "\"", "'":
                guard let (_, after) = quotedScalar(rest) else { return false }
                rest = after
                continue
            case "[", "{": depth += 1
            case "]", "}": depth -= 1
            default: break
            }
            rest.removeFirst()
        }
        return depth == 0
    }
}
