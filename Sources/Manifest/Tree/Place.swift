import Diagnostics

/// Which file of a load a node came from: an index into ``Findings/files``.
struct FileIndex: Hashable, Sendable {
    let rawValue: Int32
}

/// Where a node stands, small enough to be kept with every node. Lines and columns count from 1.
struct Place: Hashable, Sendable {
    var file: FileIndex
    var startLine: Int32
    var startColumn: Int32
    var endLine: Int32
    var endColumn: Int32

    /// The part of the place on its first line, or only its first scalar when the place goes on below: what a caret
    /// line can show.
    var head: Place {
        guard startLine != endLine else { return self }
        var head = self
        head.endLine = startLine
        head.endColumn = startColumn + 1
        return head
    }

    var start: SourcePosition { SourcePosition(line: Int(startLine), column: Int(startColumn)) }
    var end: SourcePosition { SourcePosition(line: Int(endLine), column: Int(endColumn)) }
}
