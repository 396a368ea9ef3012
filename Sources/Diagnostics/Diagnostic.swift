/// Something to tell about a source text.
package struct Diagnostic: Hashable, Sendable {
    /// How bad it is.
    package enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
        /// The input cannot be used.
        case error
        /// The input can be used, and probably is not what was meant.
        case warning
        /// Worth knowing.
        case note

        /// Worse is less, so that sorted lists begin with errors.
        package static func < (left: Severity, right: Severity) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        }
    }

    /// A remark that belongs to a diagnostic: "first declared here".
    package struct Note: Hashable, Sendable {
        /// What is said.
        package let message: String
        /// Where, when it is about a place.
        package let span: SourceSpan?

        /// A remark, with its place when it has one.
        package init(_ message: String, at span: SourceSpan? = nil) {
            self.message = PlainText.line(message)
            self.span = span
        }
    }

    /// How bad it is.
    package var severity: Severity
    /// Stable identifier in kebab case, for filters and tests: `unknown-field`.
    package let code: String
    /// What is wrong, where and why, in one sentence without a final full stop.
    package let message: String
    /// The place it is about; `nil` when it is about no file.
    package let span: SourceSpan?
    /// Remarks, in order.
    package let notes: [Note]
    /// What to do about it.
    package let help: String?

    /// A finding; what its words repeat of a file is made harmless (``PlainText``).
    package init(
        _ severity: Severity, code: String, _ message: String, at span: SourceSpan? = nil, notes: [Note] = [],
        help: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = PlainText.line(message)
        self.span = span
        self.notes = notes
        self.help = help.map { PlainText.lines($0) }
    }
}

extension Diagnostic: Comparable {
    /// In reading order: by place (those without a place first), then severity, code and message.
    package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
        switch (left.span, right.span) {
        case (nil, .some): return true
        case (.some, nil): return false
        case (let here?, let there?) where here != there: return here < there
        default:
            return (left.severity, left.code, left.message) < (right.severity, right.code, right.message)
        }
    }
}
