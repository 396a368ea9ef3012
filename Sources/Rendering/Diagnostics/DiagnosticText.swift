package import Diagnostics

/// Findings as compilers print them: place, severity, sentence, source line with a mark under it, and what to do.
package struct DiagnosticText: Sendable {
    private static let longestLine = 160

    private let terminal: Terminal
    private let files: [String: SourceFile]

    /// A way to write findings.
    ///
    /// - Parameters:
    ///   - terminal: With colour or without.
    ///   - files: The files they are about; a finding in another file is written without its source line.
    package init(terminal: Terminal = .plain, files: some Sequence<SourceFile> = []) {
        self.terminal = terminal
        self.files = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
    }

    /// One finding, ended by a line break.
    package func render(_ diagnostic: Diagnostic) -> String {
        let place: StyledText = diagnostic.span.map { "\($0.description, .bold): " } ?? ""
        var lines: [StyledText] = [
            "\(place)\(diagnostic.severity.label): \(diagnostic.message, .bold) [\(diagnostic.code)]"
        ]
        if let span = diagnostic.span { lines += snippet(at: span, style: diagnostic.severity.style) }
        for note in diagnostic.notes {
            let place: StyledText = note.span.map { "\($0.description): " } ?? ""
            lines.append("  \(place)\("note", .cyan): \(note.message)")
            if let span = note.span { lines += snippet(at: span, style: .cyan) }
        }
        if let help = diagnostic.help {
            let parts = help.split(separator: "\n").map(String.init)
            lines.append("  \("help", .green): \(parts.first ?? "")")
            lines += parts.dropFirst().map { StyledText($0).indented(8) }
        }
        return terminal.render(lines)
    }

    /// Findings in their order with an empty line between them, then how many there are.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let counts = Self.counts(of: diagnostics)
        return diagnostics.map(render).joined(separator: "\n") + "\n" + terminal.render([StyledText(counts, .bold)])
    }

    /// `2 errors, 1 warning`; empty when there are none.
    package static func counts(of diagnostics: [Diagnostic]) -> String {
        Diagnostic.Severity.allCases.compactMap { severity in
            let count = diagnostics.filter { $0.severity == severity }.count
            return count == 0 ? nil : Words.count(count, severity.rawValue)
        }.joined(separator: ", ")
    }

    private func snippet(at span: SourceSpan, style: StyledText.Style) -> [StyledText] {
        guard let line = files[span.path]?.line(span.start.line) else { return [] }
        let number = String(span.start.line)
        let margin = String(repeating: " ", count: max(0, 5 - number.count))
        let scalars = Array(line.unicodeScalars)
        let start = min(span.start.column - 1, scalars.count)
        let end = span.end.line == span.start.line ? min(span.end.column - 1, scalars.count) : scalars.count
        let window = Self.window(of: scalars.count, around: start)
        let shown = Self.text(scalars[window])
        let before = DisplayWidth.of(StyledText.harmless(Self.text(scalars[window.lowerBound..<start])))
        let marked =
            start < end
            ? DisplayWidth.of(StyledText.harmless(Self.text(scalars[start..<min(end, window.upperBound)]))) : 0
        let mark = String(repeating: "^", count: max(1, marked))
        return [
            "\("\(margin)\(number) |", .dim) \(shown)",
            "\("      |", .dim) \(String(repeating: " ", count: before))\(mark, style)",
        ]
    }

    /// The part of a long line that is shown.
    private static func window(of count: Int, around position: Int) -> Range<Int> {
        guard count > longestLine else { return 0..<count }
        let start = max(0, min(position - 40, count - longestLine))
        return start..<start + longestLine
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

extension Diagnostic.Severity {
    fileprivate var style: StyledText.Style {
        switch self {
        case .error: .red
        case .warning: .yellow
        case .note: .cyan
        }
    }

    fileprivate var label: StyledText { StyledText(rawValue, style) }
}
