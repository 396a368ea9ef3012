/// Text that came from files, servers and command lines, made harmless: nothing in it is acted upon by a terminal, by a
/// reader of Markdown, or by a build server. Everything that is shown passes here.
package enum PlainText {
    /// The text on one line: line breaks and tabs become spaces, controls and marks that change the direction of
    /// writing or hide become `�`.
    package static func line(_ text: some StringProtocol) -> String {
        replaced(text, isKept: { _ in false })
    }

    /// The same with its line breaks; no line begins with what a build server takes for a command.
    package static func lines(_ text: some StringProtocol) -> String {
        let text = replaced(text, isKept: { $0 == "\n" })
        guard text.contains("::") || text.contains("##[") else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { withoutCommand($0) }
            .joined(separator: "\n")
    }

    /// Text that a terminal may get as it is: line breaks, tabs, and the sequences that Spillway itself writes (colour,
    /// cursor up, clear) stay.
    package static func onTerminal(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: isHarmful) else { return String(text) }
        var result = String.UnicodeScalarView()
        var position = scalars.startIndex
        while position < scalars.endIndex {
            if let end = endOfSequence(scalars, from: position) {
                result.append(contentsOf: scalars[position..<end])
                position = end
                continue
            }
            let scalar = scalars[position]
            result.append(isHarmful(scalar) && scalar != "\n" && scalar != "\t" ? "\u{FFFD}" : scalar)
            position = scalars.index(after: position)
        }
        return String(result)
    }

    /// A line that a build server does not take for a command of a workflow (GitHub: `::`, `##[`), however far it is
    /// indented.
    package static func withoutCommand(_ line: some StringProtocol) -> String {
        let start = line.firstIndex { $0 != " " } ?? line.endIndex
        guard line[start...].hasPrefix("::") || line[start...].hasPrefix("##[") else { return String(line) }
        return "\(line[..<start])\\\(line[start...])"
    }

    /// Whether something would act on the scalar, or nobody would see it.
    package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    private static func replaced(_ text: some StringProtocol, isKept: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return String(text) }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isKept(scalar) || !isHarmful(scalar) {
                result.append(scalar)
            } else {
                result.append(scalar == "\n" || scalar == "\r" || scalar == "\t" ? " " : "\u{FFFD}")
            }
        }
        return String(result)
    }

    /// The end of `ESC [ digits letter` with a letter that Spillway writes.
    private static func endOfSequence<Scalars: BidirectionalCollection<Unicode.Scalar>>(
        _ scalars: Scalars, from start: Scalars.Index
    ) -> Scalars.Index? {
        guard scalars[start] == "\u{1B}" else { return nil }
        var position = scalars.index(after: start)
        guard position < scalars.endIndex, scalars[position] == "[" else { return nil }
        position = scalars.index(after: position)
        while position < scalars.endIndex, ("0"..."9").contains(scalars[position]) || scalars[position] == ";" {
            position = scalars.index(after: position)
        }
        guard position < scalars.endIndex else { return nil }
        switch scalars[position] {
        case "m", "A": break
        case "J" where scalars[scalars.index(before: position)] == "[": break
        default: return nil
        }
        return scalars.index(after: position)
    }
}
