/// Rows whose cells stand under each other.
struct Columns {
    private var rows: [[StyledText]] = []
    private let indent: Int
    private let gap: Int

    /// An empty table that starts some columns from the left, with some columns between cells.
    init(indent: Int = 2, gap: Int = 2) {
        self.indent = indent
        self.gap = gap
    }

    /// Adds a row; the last cell of each row may be as long as it likes.
    mutating func add(_ cells: StyledText...) { rows.append(cells) }

    /// Adds a row of any number of cells.
    mutating func add(_ cells: [StyledText]) { rows.append(cells) }

    var isEmpty: Bool { rows.isEmpty }

    /// The rows as aligned lines.
    var lines: [StyledText] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.width)
            }
        }
        return rows.map { row in
            var line = StyledText(String(repeating: " ", count: indent))
            for (column, cell) in row.enumerated() {
                if column == row.count - 1 { line.hang = line.width }
                line = line + (column == row.count - 1 ? cell : cell.padded(to: widths[column] + gap))
            }
            return line
        }
    }
}

extension StyledText {
    /// The text some columns from the left.
    func indented(_ columns: Int) -> StyledText {
        var text = StyledText(String(repeating: " ", count: columns)) + self
        text.hang = hang.map { $0 + columns }
        return text
    }

    /// A text broken into lines at spaces so that none is wider than `width`, unless a single word is.
    static func wrapped(_ text: String, width: Int) -> [StyledText] {
        var lines: [String] = []
        var line = ""
        for word in harmless(text).split(separator: " ") {
            if !line.isEmpty && DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { StyledText($0) }
    }
}
