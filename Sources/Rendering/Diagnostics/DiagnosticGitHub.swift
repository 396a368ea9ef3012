package import Diagnostics

/// Findings as workflow commands, which GitHub shows beside the lines of a pull request (GitHub docs, *Workflow
/// commands: setting an error message*).
package enum DiagnosticGitHub {
    /// One command a line.
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { "\(command(for: $0))\n" }.joined()
    }

    private static func command(for diagnostic: Diagnostic) -> String {
        var properties: [String] = []
        if let span = diagnostic.span {
            properties += ["file=\(property(span.path))", "line=\(span.start.line)", "col=\(span.start.column)"]
            properties.append("endLine=\(span.end.line)")
            let endColumn = max(1, span.end.column - 1)
            properties.append(
                "endColumn=\(span.start.line == span.end.line ? max(span.start.column, endColumn) : endColumn)")
        }
        properties.append("title=\(property(diagnostic.code))")
        var message = diagnostic.message
        for note in diagnostic.notes { message += "\nnote: \(note.span.map { "\($0): " } ?? "")\(note.message)" }
        if let help = diagnostic.help { message += "\nhelp: \(help)" }
        return "::\(diagnostic.severity.command) \(properties.joined(separator: ","))::\(data(message))"
    }

    private static func data(_ text: String) -> String {
        escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
    }

    private static func property(_ text: String) -> String {
        escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private static func escaped(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else if PlainText.isHarmful(scalar) {
                result += "\u{FFFD}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Diagnostic.Severity {
    fileprivate var command: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .note: "notice"
        }
    }
}
