/// Gathers diagnostics, each once: the same finding about the same place is kept a single time.
package struct DiagnosticCollector: Sendable {
    private var seen: Set<Diagnostic> = []
    /// What was gathered, in the order of arrival.
    package private(set) var diagnostics: [Diagnostic] = []
    /// Number of errors gathered so far.
    package private(set) var errorCount = 0

    package init() {}

    /// Adds a diagnostic unless an equal one is there.
    package mutating func add(_ diagnostic: Diagnostic) {
        guard seen.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
        if diagnostic.severity == .error { errorCount += 1 }
    }

    /// Adds several diagnostics in order.
    package mutating func add(contentsOf more: some Sequence<Diagnostic>) {
        for diagnostic in more { add(diagnostic) }
    }

    /// Whether any error was gathered.
    package var hasErrors: Bool { errorCount > 0 }

    /// Everything gathered, in reading order.
    package var sorted: [Diagnostic] { diagnostics.sorted() }
}
