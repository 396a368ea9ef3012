extension StyledText {
    /// Columns that are kept for text on lines that go on below another.
    private static let leastText = 24

    /// The text as lines that fit into a width, broken at spaces. What goes on below stands under the beginning of the
    /// last cell of a table, or a little further right than the line itself; a single word that does not fit is left
    /// whole.
    func folded(to width: Int) -> [StyledText] {
        guard self.width > width else { return [self] }
        var rest = cells[...]
        let leading = rest.prefix { $0.isSpace }.count
        var indent = 0
        var lines: [StyledText] = []
        while !rest.isEmpty {
            let end = Self.end(of: rest, indent: indent, width: width)
            lines.append(StyledText(rest[..<end]).indented(indent).withoutTrailingSpaces)
            rest = rest[end...].drop { $0.isSpace }
            let word = rest.prefix { !$0.isSpace }.reduce(0) { $0 + $1.width }
            let preferred = hang.map { min($0, max(width / 2, leading + 2)) } ?? leading + 2
            indent = max(0, min(preferred, width - max(Self.leastText, word)))
        }
        return lines
    }

    /// Where a line that begins here ends: before the last space that fits, else behind the first word.
    private static func end(of rest: ArraySlice<Cell>, indent: Int, width: Int) -> Int {
        var column = indent
        var lastSpace: Int?
        var hasWord = false
        for (index, cell) in zip(rest.indices, rest) {
            if cell.isSpace {
                if hasWord { lastSpace = index }
                if column > width, let lastSpace { return lastSpace }
            } else {
                hasWord = true
            }
            column += cell.width
            if column > width, let lastSpace, !cell.isSpace { return lastSpace }
        }
        return rest.endIndex
    }

    private struct Cell {
        let character: Character
        let style: Style
        let width: Int
        var isSpace: Bool { character == " " }
    }

    private var cells: [Cell] {
        pieces.flatMap { piece in
            piece.text.map { Cell(character: $0, style: piece.style, width: DisplayWidth.of(String($0))) }
        }
    }

    private init(_ cells: ArraySlice<Cell>) {
        self.init("")
        for cell in cells { append(cell.character, cell.style) }
    }
}
