import Diagnostics

/// The diagnostics of one load, and the files their places point into.
struct Findings: Sendable {
    private(set) var files: [SourceFile] = []
    private(set) var collector = DiagnosticCollector()
    /// Places whose text must never be shown: secrets written as literals.
    private(set) var concealed: [Place] = []
    /// Whether some file could not be read or parsed, so that names it declares may be missing.
    var isIncomplete = false

    mutating func addFile(path: String, text: String) -> FileIndex {
        files.append(SourceFile(path: path, text: text))
        return FileIndex(rawValue: Int32(files.count - 1))
    }

    func span(_ place: Place) -> SourceSpan {
        SourceSpan(path: files[Int(place.file.rawValue)].path, start: place.start, end: place.end)
    }

    mutating func add(
        _ severity: Diagnostic.Severity, _ code: String, _ message: String, at place: Place?,
        notes: [(String, Place)] = [], help: String? = nil
    ) {
        collector.add(
            Diagnostic(
                severity, code: code, message, at: place.map { span($0.head) },
                notes: notes.map { Diagnostic.Note($0.0, at: span($0.1.head)) }, help: help))
    }

    mutating func error(
        _ code: String, _ message: String, at place: Place?, notes: [(String, Place)] = [], help: String? = nil
    ) {
        add(.error, code, message, at: place, notes: notes, help: help)
    }

    mutating func warn(
        _ code: String, _ message: String, at place: Place?, notes: [(String, Place)] = [], help: String? = nil
    ) {
        add(.warning, code, message, at: place, notes: notes, help: help)
    }

    mutating func conceal(_ place: Place) {
        concealed.append(place)
    }

    /// The same files without what was found in them.
    var withoutDiagnostics: Findings {
        var copy = self
        copy.collector = DiagnosticCollector()
        return copy
    }

    var errorCount: Int { collector.errorCount }

    /// The files, with everything concealed masked out.
    var shownFiles: [SourceFile] {
        files.enumerated().map { index, file in
            file.masking(concealed.filter { $0.file.rawValue == index }.map(span))
        }
    }
}
