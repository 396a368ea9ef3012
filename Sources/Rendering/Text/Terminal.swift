import Diagnostics

/// How text is written for where it goes. Colour is never the only carrier of meaning: without it the same words and
/// symbols are there.
package struct Terminal: Hashable, Sendable {
    /// Whether colour escapes are written.
    package let usesColor: Bool
    /// Columns that lines have to fit into; `nil` where text is kept, not looked at: lines are as long as they are.
    package let width: Int?
    /// How whoever reads it calls the commands that are printed.
    package let invocation: Invocation

    private static let leastWidth = 40

    /// A terminal with or without colour.
    ///
    /// - Parameters:
    ///   - width: Columns that lines are folded to.
    ///   - invocation: How the reader called.
    package init(usesColor: Bool, width: Int? = nil, invocation: Invocation = .bare) {
        self.usesColor = usesColor
        self.invocation = invocation
        self.width = width.map { max(Self.leastWidth, $0) }
    }

    /// How wide a paragraph is, some columns from the left: what the terminal has, else the usual.
    func room(indent: Int, usual: Int) -> Int {
        width.map { $0 - indent } ?? usual
    }

    /// Plain text: files, pipes, CI logs.
    package static let plain = Terminal(usesColor: false)

    /// The lines as one text, each ended by a line break.
    func render(_ lines: [StyledText]) -> String {
        var text = ""
        for line in lines {
            for part in width.map(line.folded) ?? [line] {
                text += render(part)
                text += "\n"
            }
        }
        return text
    }

    /// One line without a line break.
    func render(_ line: StyledText) -> String {
        var text = ""
        for piece in line.guarded.pieces {
            if usesColor, let code = piece.style.code {
                text += "\u{1B}[\(code)m\(piece.text)\u{1B}[0m"
            } else {
                text += piece.text
            }
        }
        while !usesColor, text.last == " " { text.removeLast() }
        return text
    }
}

extension StyledText {
    /// The line as it may stand in the log of a build server, which acts on lines that begin with a command.
    fileprivate var guarded: StyledText {
        let plain = pieces.map(\.text).joined()
        guard PlainText.withoutCommand(plain) != plain else { return self }
        return StyledText("\\") + self
    }
}
