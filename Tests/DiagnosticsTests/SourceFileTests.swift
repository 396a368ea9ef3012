import Diagnostics
import Testing

@Suite("Source files")
struct SourceFileTests {
    @Test("Lines end at LF, CR LF and CR, and come without their ends")
    func lines() {
        let file = SourceFile(path: "a.yaml", text: "one\ntwo\r\nthree\rfour")
        #expect((1...4).map { file.line($0) } == ["one", "two", "three", "four"])
        #expect(file.lineCount == 4)
        #expect(file.line(0) == nil)
        #expect(file.line(5) == nil)
    }

    @Test("A text that ends with a line break has an empty last line")
    func lastLine() {
        let file = SourceFile(path: "a.yaml", text: "one\n")
        #expect(file.lineCount == 2)
        #expect(file.line(2) == "")
    }

    @Test("Positions of bytes count Unicode scalars from 1", arguments: [(0, 1, 1), (3, 1, 3), (7, 1, 4), (8, 2, 1)])
    func positions(byte: Int, line: Int, column: Int) {
        let file = SourceFile(path: "a.yaml", text: "é:😀\nx")
        #expect(file.position(ofByte: byte) == SourcePosition(line: line, column: column))
    }

    @Test("Masking replaces every scalar of the spans and keeps all positions")
    func masking() {
        let file = SourceFile(path: "a.yaml", text: "key: s3crét\nnext: two words\r\nlast")
        let first = SourceSpan(
            path: "a.yaml", start: SourcePosition(line: 1, column: 6), end: SourcePosition(line: 1, column: 12))
        let second = SourceSpan(
            path: "a.yaml", start: SourcePosition(line: 2, column: 7), end: SourcePosition(line: 2, column: 16))
        #expect(file.masking([first, second]).text == "key: ******\nnext: *********\r\nlast")
        #expect(file.masking([]).text == file.text)
    }

    @Test("A span prints as compilers print it")
    func spanDescription() {
        let span = SourceSpan(
            path: "dir/a.yaml", start: SourcePosition(line: 3, column: 7), end: SourcePosition(line: 3, column: 9))
        #expect(span.description == "dir/a.yaml:3:7")
    }
}

@Suite("Diagnostic collector")
struct DiagnosticCollectorTests {
    private func span(_ line: Int) -> SourceSpan {
        SourceSpan(
            path: "a.yaml", start: SourcePosition(line: line, column: 1), end: SourcePosition(line: line, column: 2))
    }

    @Test("The same finding about the same place is kept once")
    func unique() {
        var collector = DiagnosticCollector()
        collector.add(Diagnostic(.error, code: "a", "x", at: span(1)))
        collector.add(Diagnostic(.error, code: "a", "x", at: span(1)))
        collector.add(Diagnostic(.error, code: "a", "x", at: span(2)))
        #expect(collector.diagnostics.count == 2)
        #expect(collector.errorCount == 2)
    }

    @Test("Sorted by place, those without a place first, then errors before warnings")
    func order() {
        var collector = DiagnosticCollector()
        let late = Diagnostic(.error, code: "late", "x", at: span(9))
        let warning = Diagnostic(.warning, code: "a", "x", at: span(2))
        let error = Diagnostic(.error, code: "b", "x", at: span(2))
        let nowhere = Diagnostic(.note, code: "c", "x")
        collector.add(contentsOf: [late, warning, error, nowhere])
        #expect(collector.sorted == [nowhere, error, warning, late])
    }

    @Test("Warnings and notes are no errors")
    func errors() {
        var collector = DiagnosticCollector()
        collector.add(Diagnostic(.warning, code: "a", "x"))
        collector.add(Diagnostic(.note, code: "a", "y"))
        #expect(!collector.hasErrors)
    }
}
