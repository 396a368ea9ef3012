import TextForms

/// Java's `.properties` (`java.util.Properties.load`): `#` and `!` comments, `=`, `:` or space behind the key, lines
/// continued by a backslash, `\uXXXX`.
struct PropertiesSyntax: LineSyntax {
    func name(of key: String) -> String { key }

    func entries(_ lines: [String]) throws(UneditableFile) -> [LineEntry] {
        if let line = lines.firstIndex(where: { $0.unicodeScalars.contains("\r") }) {
            throw UneditableFile(
                line: line + 1, "holds a carriage return without a line feed, which Java reads as the end of a line")
        }
        var entries: [LineEntry] = []
        var index = 0
        while index < lines.count {
            let start = Self.withoutIndent(lines[index])
            guard let first = start.first, first != "#", first != "!" else {
                entries.append(LineEntry(lines: [lines[index]]))
                index += 1
                continue
            }
            var logical = Array(start)
            var last = index
            while Self.isContinued(logical) {
                logical.removeLast()
                // What is added behind it would become a part of this value.
                guard last + 1 < lines.count else {
                    throw UneditableFile(line: last + 1, "is continued, and nothing follows")
                }
                last += 1
                logical += Self.withoutIndent(lines[last])
            }
            let (key, value) = Self.split(logical)
            entries.append(LineEntry(lines: Array(lines[index...last]), key: key, value: value))
            index = last + 1
        }
        return entries
    }

    func line(_ key: String, _ value: String, replacing entry: LineEntry?) -> String {
        "\(Self.escaped(key, isKey: true))=\(Self.escaped(value, isKey: false))"
    }

    private static let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{C}"]

    private static func withoutIndent(_ line: String) -> Substring.UnicodeScalarView {
        Substring(line).unicodeScalars.drop { blanks.contains($0) }
    }

    private static func isContinued(_ line: [Unicode.Scalar]) -> Bool {
        line.reversed().prefix { $0 == "\\" }.count % 2 == 1
    }

    private static func split(_ line: [Unicode.Scalar]) -> (key: String, value: String) {
        var position = 0
        while position < line.count, !blanks.contains(line[position]), line[position] != "=", line[position] != ":" {
            position += line[position] == "\\" ? 2 : 1
        }
        let keyEnd = min(position, line.count)
        var rest = line[keyEnd...].drop { blanks.contains($0) }
        if rest.first == "=" || rest.first == ":" { rest = rest.dropFirst().drop { blanks.contains($0) } }
        return (unescaped(line[..<keyEnd]), unescaped(rest))
    }

    private static func unescaped(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var units: [UInt16] = []
        var rest = scalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let escape = rest.popFirst() else {
                units += UTF16.encode(scalar).map { Array($0) } ?? []
                continue
            }
            switch escape {
            case "t": units.append(0x09)
            case "n": units.append(0x0A)
            case "f": units.append(0x0C)
            case "r": units.append(0x0D)
            case "u":
                let digits = rest.prefix(4)
                guard digits.count == 4,
                    let unit = Hexadecimal.value(Array(String(String.UnicodeScalarView(digits)).utf8))
                else {
                    units.append(0x75)
                    continue
                }
                units.append(UInt16(truncatingIfNeeded: unit))
                rest = rest.dropFirst(4)
            default: units += UTF16.encode(escape).map { Array($0) } ?? []
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func escaped(_ text: String, isKey: Bool) -> String {
        var escaped = ""
        var isLeading = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\t": escaped += "\\t"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\u{C}": escaped += "\\f"
            case " " where isKey || isLeading: escaped += "\\ "
            case "=" where isKey, ":" where isKey, "#" where isKey, "!" where isKey: escaped += "\\\(scalar)"
            case " "..."~": escaped.unicodeScalars.append(scalar)
            default: escaped += JSONString.escaped(scalar, uppercase: true)
            }
            isLeading = isLeading && scalar == " "
        }
        return escaped
    }
}
