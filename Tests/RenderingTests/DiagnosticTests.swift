import Diagnostics
import Rendering
import TestSupport
import Testing

@Suite struct DiagnosticTests {
    private static let file = SourceFile(
        path: "manifests/topics.yaml",
        text: "kind: Topic\nspec:\n  partition: 6\n\tdescription: 数据 é😀 wrong\nend: \u{1B}[31mred\n"
            + String(repeating: "x", count: 300) + "needle" + String(repeating: "y", count: 300) + "\n")

    private static func span(_ line: Int, _ column: Int, _ endLine: Int, _ endColumn: Int) -> SourceSpan {
        SourceSpan(
            path: file.path, start: SourcePosition(line: line, column: column),
            end: SourcePosition(line: endLine, column: endColumn))
    }

    private static let diagnostics = [
        Diagnostic(
            .error, code: "unknown-field", "unknown field 'partition' in Topic orders", at: span(3, 3, 3, 12),
            notes: [Diagnostic.Note("the kind is given here", at: span(1, 7, 1, 12))],
            help: "did you mean 'partitions'?"),
        Diagnostic(.warning, code: "wide", "wide characters and a tab before it", at: span(4, 20, 4, 25)),
        Diagnostic(.note, code: "control", "control characters do not act", at: span(5, 6, 5, 9)),
        Diagnostic(.error, code: "long", "a long line is cut", at: span(6, 301, 6, 307)),
        Diagnostic(.error, code: "lines", "several lines", at: span(1, 1, 3, 4)),
        Diagnostic(.error, code: "empty", "nothing is marked", at: span(3, 15, 3, 15)),
        Diagnostic(.error, code: "no-place", "no workspace file, 100% sure", help: "make one:\nspillway init"),
    ]

    @Test("findings read as recorded")
    func text() {
        GoldenFile("diagnostics.txt").expect(DiagnosticText(files: [Self.file]).render(Self.diagnostics))
        GoldenFile("diagnostics-color.txt").expect(
            DiagnosticText(terminal: Terminal(usesColor: true), files: [Self.file]).render(Self.diagnostics[0]))
    }

    @Test("a finding in a file that is not at hand has no source line")
    func withoutFile() {
        #expect(
            DiagnosticText().render(Self.diagnostics[1])
                == "manifests/topics.yaml:4:20: warning: wide characters and a tab before it [wide]\n")
        #expect(DiagnosticText().render([]) == "")
    }

    @Test("workflow commands escape what would end them")
    func github() {
        GoldenFile("diagnostics.github").expect(DiagnosticGitHub.render(Self.diagnostics))
        let span = SourceSpan(
            path: "a,b:c%.yaml", start: SourcePosition(line: 1, column: 2), end: SourcePosition(line: 1, column: 2))
        let text = DiagnosticGitHub.render([Diagnostic(.error, code: "x", "50%\r\n::error::", at: span)])
        #expect(
            text
                == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2,endLine=1,endColumn=2,title=x::50%25  ::error::\n")
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test("findings as JSON are as recorded")
    func json() {
        GoldenFile("diagnostics.json").expect(DiagnosticJSON.render(Self.diagnostics, files: [Self.file]))
        #expect(DiagnosticJSON.render([]) == "[\n\n]\n")
    }

    @Test("validation ends with what was read and whether it can be used")
    func validation() {
        func summary(_ diagnostics: [Diagnostic], strict: Bool = false) -> String {
            ValidationText.render(
                ValidationSummary(
                    workspace: "payments", files: 3, manifests: ["Topic": 1_200, "Cluster": 2],
                    diagnostics: diagnostics,
                    isStrict: strict))
        }
        #expect(
            summary([])
                == "✓ workspace payments is valid: 1,202 manifests in 3 files\n  2 Cluster · 1,200 Topic\n")
        #expect(summary([Self.diagnostics[1]]).hasPrefix("✓ workspace payments is valid, with 1 warning: "))
        #expect(
            summary([Self.diagnostics[1]], strict: true).hasPrefix(
                "✗ workspace payments is not valid: 1 warning (warnings count, because of --strict); "))
        #expect(summary(Self.diagnostics).hasPrefix("✗ workspace payments is not valid: 5 errors and 1 warning; "))
    }
}
