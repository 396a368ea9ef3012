/// Gathers diagnostics, each once: the same finding about the same place is kept a single time.
public struct DiagnosticCollector: Sendable {
    private var seen: Set<Diagnostic> = []
    /// What was gathered, in the order of arrival.
    public private(set) var diagnostics: [Diagnostic] = []
    /// Number of errors gathered so far.
    public private(set) var errorCount = 0

    /// An empty collector.
    public init() {}

    /// Adds a diagnostic unless an equal one is there.
    public mutating func add(_ diagnostic: Diagnostic) {
        guard seen.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
        if diagnostic.severity == .error { errorCount += 1 }
    }

    /// Adds several diagnostics in order.
    public mutating func add(contentsOf more: some Sequence<Diagnostic>) {
        for diagnostic in more { add(diagnostic) }
    }

    /// Whether any error was gathered.
    public var hasErrors: Bool { errorCount > 0 }

    /// Everything gathered, in reading order.
    public var sorted: [Diagnostic] { diagnostics.sorted() }
}
