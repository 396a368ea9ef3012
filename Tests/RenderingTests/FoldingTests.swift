import Testing

@testable import Rendering

@Suite("Lines on a terminal")
struct FoldingTests {
    private func folded(_ text: StyledText, _ width: Int) -> [String] {
        text.folded(to: width).map { Terminal.plain.render($0) }
    }

    @Test("a line that fits stays as it is")
    func short() {
        #expect(folded("  a  b", 6) == ["  a  b"])
    }

    @Test("a long line goes on below, a little further right, and loses no word")
    func long() {
        #expect(
            folded("  one two three four five six seven eight", 40) == [
                "  one two three four five six seven", "    eight",
            ])
        let words = (1...200).map(String.init).joined(separator: " ")
        let lines = folded(StyledText(words), 50)
        #expect(lines.allSatisfy { $0.count <= 50 })
        #expect(lines.joined(separator: " ").split(separator: " ").map(String.init).joined(separator: " ") == words)
    }

    @Test("the last cell of a table goes on under itself, where there is room for it")
    func cells() {
        var columns = Columns(indent: 2)
        columns.add("name", "what it means is told in more words than fit on one line")
        let lines = columns.lines.flatMap { folded($0, 40) }
        #expect(
            lines == [
                "  name  what it means is told in more", "        words than fit on one line",
            ])
    }

    @Test("a single word that does not fit is left whole, and moved to the left as far as it helps")
    func word() {
        let word = String(repeating: "x", count: 35)
        #expect(folded(StyledText("            a \(word)"), 40) == ["            a", "     \(word)"])
        let longer = String(repeating: "x", count: 60)
        #expect(folded(StyledText("a \(longer) b"), 40) == ["a", longer, "  b"])
    }

    @Test("styles stay with their words")
    func styles() {
        let line: StyledText = "one \("two three four five six seven eight nine", .bold) ten"
        let lines = line.folded(to: 40)
        #expect(lines.count == 2)
        #expect(
            lines.flatMap(\.pieces).filter { $0.style == .bold }.map(\.text) == [
                "two three four five six seven eight", "nine",
            ])
    }

    @Test("without a width lines are as long as they are")
    func unbounded() {
        let text = String(repeating: "word ", count: 100) + "end"
        #expect(Terminal.plain.render([StyledText(text)]) == text + "\n")
        #expect(Terminal(usesColor: false, width: 80).render([StyledText(text)]).split(separator: "\n").count > 5)
    }
}
