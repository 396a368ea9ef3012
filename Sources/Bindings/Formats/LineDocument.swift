import Domain

/// What one or more lines of a document mean together.
struct LineEntry: Sendable {
    /// The lines as they stand, without their ends.
    var lines: [String]
    /// Their ends, which may differ in a file that several editors wrote.
    fileprivate(set) var ends: [String] = []
    /// The key they set; `nil` for comments, blank lines and what is left alone.
    var key: String?
    /// Its value, when it is a single piece of text.
    var value: String?

    /// Lines that may be comments: none of a key's, whose value may look like one.
    fileprivate var comments: [String] { key == nil ? lines : [] }
}

/// How a format writes keys and values onto lines.
protocol LineSyntax: Sendable {
    /// Groups lines into entries.
    func entries(_ lines: [String]) throws(UneditableFile) -> [LineEntry]
    /// The name of a key as it stands in the file.
    func name(of key: String) -> String
    /// The line that sets a key, in place of an entry or as a new one.
    func line(_ key: String, _ value: String, replacing entry: LineEntry?) -> String
}

/// A document of lines with `#` comments.
struct LineDocument: PublishedDocument {
    private let syntax: any LineSyntax
    private var entries: [LineEntry]
    private let byteOrderMark: String
    private let lineEnd: String

    /// Reads a document.
    init(_ text: String, syntax: any LineSyntax) throws(UneditableFile) {
        self.syntax = syntax
        let scalars = text.unicodeScalars
        byteOrderMark = scalars.first == "\u{FEFF}" ? "\u{FEFF}" : ""
        var lines = scalars.dropFirst(byteOrderMark.isEmpty ? 0 : 1)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let isTerminated = lines.last?.isEmpty ?? true
        if isTerminated { lines.removeLast() }
        lineEnd = lines.first?.last == "\r" ? "\r\n" : "\n"
        // An edit may take away the lines above it: it would be the file's own mark then, and the line another one.
        if let index = lines.firstIndex(where: { $0.first == "\u{FEFF}" }) {
            throw UneditableFile(
                line: index + 1, "begins with a byte order mark, which belongs before the first line only")
        }
        // What ends a line does not depend on the lines above it, which an edit may take away.
        entries = try syntax.entries(
            lines.map { line in String(String.UnicodeScalarView(line.last == "\r" ? line.dropLast() : line)) })
        // Entries hold every line, in order.
        var ends = lines.map { $0.last == "\r" ? "\r\n" : "\n" }[...]
        if !isTerminated, let last = ends.popLast() { ends.append(last == "\n" ? "" : "\r") }
        for index in entries.indices {
            entries[index].ends = Array(ends.prefix(entries[index].lines.count))
            ends = ends.dropFirst(entries[index].lines.count)
        }
    }

    var text: String {
        byteOrderMark + entries.flatMap { zip($0.lines, $0.ends).map { $0 + $1 } }.joined()
    }

    func value(for key: String) -> String? {
        entryIndex(of: key).map { entries[$0].value ?? entries[$0].lines.joined(separator: "\n") }
    }

    mutating func set(_ key: String, to value: String) {
        if let index = entryIndex(of: key) {
            guard entries[index].value != value else { return }
            entries[index].lines = [syntax.line(key, value, replacing: entries[index])]
            entries[index].ends = [entries[index].ends.last ?? lineEnd]
            entries[index].value = value
        } else {
            append(LineEntry(lines: [syntax.line(key, value, replacing: nil)], key: syntax.name(of: key), value: value))
        }
    }

    mutating func remove(_ key: String) {
        let name = syntax.name(of: key)
        entries.removeAll { $0.key == name }
    }

    func bookkeeping(of binding: String) -> StoreSnapshot.Bookkeeping? {
        entries.lazy.flatMap(\.comments).compactMap { BookkeepingComment($0) }.first { $0.binding == binding }?
            .bookkeeping
    }

    mutating func set(_ bookkeeping: StoreSnapshot.Bookkeeping, of binding: String) {
        let comment = BookkeepingComment(binding: binding, bookkeeping: bookkeeping).line
        for (index, entry) in entries.enumerated() {
            guard let place = entry.comments.firstIndex(where: { BookkeepingComment($0)?.binding == binding }) else {
                continue
            }
            entries[index].lines[place] = comment
            return
        }
        append(LineEntry(lines: [comment], key: nil, value: nil))
    }

    mutating func removeBookkeeping(of binding: String) {
        entries.removeAll { $0.comments.contains { BookkeepingComment($0)?.binding == binding } }
    }

    var isBlank: Bool { entries.allSatisfy { $0.lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } } }

    /// The last entry of a key: the one that counts where a key may stand twice.
    private func entryIndex(of key: String) -> Int? {
        let name = syntax.name(of: key)
        return entries.lastIndex { $0.key == name }
    }

    private mutating func append(_ entry: LineEntry) {
        var entry = entry
        entry.ends = entry.lines.map { _ in lineEnd }
        if let last = entries.indices.last, let end = entries[last].ends.popLast() {
            let isEnded = end.unicodeScalars.last == "\n"
            entries[last].ends.append(isEnded ? end : end.isEmpty ? lineEnd : "\r\n")
        }
        entries.append(entry)
    }
}

/// The comment that keeps bookkeeping beside the data: `# spillway: binding=checkout primary=west epoch=0 …`.
struct BookkeepingComment {
    private static let opening = "# spillway: "

    /// The binding it is about: several may share a file.
    let binding: String
    /// What it keeps.
    let bookkeeping: StoreSnapshot.Bookkeeping

    init(binding: String, bookkeeping: StoreSnapshot.Bookkeeping) {
        self.binding = binding
        self.bookkeeping = bookkeeping
    }

    /// Reads a line; `nil` when it is none of ours.
    init?(_ line: String) {
        guard line.hasPrefix(Self.opening) else { return nil }
        let words = line.dropFirst(Self.opening.count)
        guard words.hasPrefix("binding="), let end = words.firstIndex(of: " "),
            let bookkeeping = StoreSnapshot.Bookkeeping(words: words[words.index(after: end)...])
        else { return nil }
        binding = String(words[..<end].dropFirst("binding=".count))
        self.bookkeeping = bookkeeping
    }

    var line: String {
        "\(Self.opening)binding=\(binding) \(bookkeeping.words)"
    }
}

extension StoreSnapshot.Bookkeeping {
    /// One line: `primary=west epoch=0 ledger=3f9a01c2 generation=4`.
    var words: String {
        let fields: [(String, String?)] = [
            ("primary", primary), ("epoch", epoch.map(String.init)), ("ledger", ledger),
            ("generation", String(generation)),
        ]
        return fields.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: " ")
    }

    /// Reads such a line; `nil` when it is none.
    init?(words: some StringProtocol) {
        var fields: [String: String] = [:]
        for field in words.split(separator: " ") {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            fields[String(field[..<equals])] = String(field[field.index(after: equals)...])
        }
        guard let generation = fields["generation"].flatMap({ Int($0) }) else { return nil }
        self.init(
            primary: fields["primary"], epoch: fields["epoch"].flatMap { Int($0) }, ledger: fields["ledger"],
            generation: generation)
    }
}
