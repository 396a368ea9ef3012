import Transport

/// Takes the rows of a list, one at a time.
protocol RowCollector: Sendable {
    /// Reads one row; what a row that turns out incomplete has read must leave no trace.
    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault)
}

/// Reads `{…, "data": [row, row, …], …}`, or a bare `[row, row, …]`, as it arrives. Holds no more than the row at the border of two pieces, so
/// that a list of any length needs memory only for what the collector keeps.
struct JSONListReader<Collector: RowCollector>: ByteSink {
    private enum Stage {
        case start
        case key(isFirst: Bool)
        case row(isFirst: Bool)
        case end
    }

    /// The largest row that is accepted: one mirror with 100,000 partitions has about 6 MB.
    static var largestRow: Int { 16 << 20 }

    /// What the rows were collected into.
    private(set) var collector: Collector
    /// `metadata.next`: where the list goes on; `nil` at its end.
    private(set) var next: String?
    private var stage = Stage.start
    private var hasData = false
    private var pending: [UInt8] = []
    /// A row that did not end within so many bytes is not tried again before twice as many are there.
    private var worthTrying = 0
    private let isBare: Bool

    /// A reader.
    ///
    /// - Parameter isBare: Whether the rows are not wrapped in an object.
    init(_ collector: Collector, isBare: Bool = false) {
        self.collector = collector
        self.isBare = isBare
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws {
        pending.append(contentsOf: bytes)
        guard pending.count >= worthTrying else { return }
        try advance()
        worthTrying = pending.count * 2
        if pending.count > Self.largestRow { throw CollectedBody.TooLarge(limit: Self.largestRow) }
    }

    mutating func finish() throws {
        try advance()
        guard case .end = stage else {
            throw pending.isEmpty && !hasData ? JSONFault.malformed("the body is empty") : JSONFault.incomplete
        }
        guard hasData else { throw JSONFault.malformed("data is missing") }
    }

    /// Reads as far as the text goes, and drops what was read.
    private mutating func advance() throws(JSONFault) {
        var consumed = 0
        let text = pending
        do throws(JSONFault) {
            while consumed < text.count {
                var cursor = JSONCursor(at: consumed)
                try step(&cursor, text.span)
                consumed = cursor.position
            }
        } catch .incomplete {
        }
        if consumed > 0 { pending = Array(text[consumed...]) }
    }

    /// One step of the outer object: a member, or a row.
    private mutating func step(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        switch stage {
        case .start where isBare:
            try cursor.step(over: .openBracket, bytes)
            stage = .row(isFirst: true)
            hasData = true
        case .start:
            try cursor.step(over: .openBrace, bytes)
            stage = .key(isFirst: true)
        case .key(var isFirst):
            guard let key = try cursor.nextKey(&isFirst, bytes) else {
                stage = .end
                return
            }
            try member(key, &cursor, bytes)
        case .row(var isFirst):
            guard try cursor.nextElement(&isFirst, bytes) else {
                stage = isBare ? .end : .key(isFirst: false)
                return
            }
            try collector.readRow(&cursor, bytes)
            stage = .row(isFirst: false)
        case .end:
            let byte = try cursor.peek(bytes)
            throw .unexpected(byte, at: cursor.position)
        }
    }

    private mutating func member(
        _ key: JSONCursor.Text, _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) {
        if try key.equals("data", in: bytes) {
            guard try cursor.peek(bytes) != .letterN else { throw .malformed("data is null") }
            try cursor.step(over: .openBracket, bytes)
            stage = .row(isFirst: true)
            hasData = true
            return
        }
        if try key.equals("metadata", in: bytes) {
            next = try Self.next(&cursor, bytes)
        } else {
            try cursor.skip(bytes)
        }
        stage = .key(isFirst: false)
    }

    private static func next(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) -> String? {
        guard try cursor.peek(bytes) == .openBrace else {
            try cursor.skip(bytes)
            return nil
        }
        try cursor.step(over: .openBrace, bytes)
        var next: String?
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("next", in: bytes) {
                next = try cursor.optionalText(bytes)?.string(in: bytes)
            } else {
                try cursor.skip(bytes)
            }
        }
        return next
    }
}
