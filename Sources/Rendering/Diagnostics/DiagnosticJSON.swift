package import Diagnostics

/// Findings as a JSON array, for tools.
package enum DiagnosticJSON {
    /// The array over several lines; an empty array when there are none.
    package static func render(_ diagnostics: [Diagnostic], files: some Sequence<SourceFile> = []) -> String {
        let files = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        return JSONText.pretty(diagnostics.map { Document($0, files) })
    }

    private struct Document: Encodable {
        let severity: String
        let code: String
        let message: String
        let place: Place?
        let notes: [Note]
        let help: String?

        init(_ diagnostic: Diagnostic, _ files: [String: SourceFile]) {
            severity = diagnostic.severity.rawValue
            code = diagnostic.code
            message = diagnostic.message
            place = diagnostic.span.map { Place($0, files) }
            notes = diagnostic.notes.map { Note(message: $0.message, place: $0.span.map { Place($0, files) }) }
            help = diagnostic.help
        }
    }

    private struct Note: Encodable {
        let message: String
        let place: Place?
    }

    private struct Place: Encodable {
        let file: String
        let start: Position
        let end: Position
        let snippet: String?

        init(_ span: SourceSpan, _ files: [String: SourceFile]) {
            file = span.path
            start = Position(line: span.start.line, column: span.start.column)
            end = Position(line: span.end.line, column: span.end.column)
            snippet = files[span.path]?.line(span.start.line)
        }
    }

    private struct Position: Encodable {
        let line: Int
        let column: Int
    }
}
