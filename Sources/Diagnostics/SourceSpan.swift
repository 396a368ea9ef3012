/// A place in a text. Lines and columns count from 1; columns count Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Line, from 1.
    package let line: Int
    /// Column in Unicode scalars, from 1.
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Earlier in the text is less.
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// `line:column`.
    package var description: String { "\(line):\(column)" }
}

/// A part of a file: from `start` up to, not including, `end`.
package struct SourceSpan: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Path of the file, as in ``SourceFile/path``.
    package let path: String
    /// First scalar of the part.
    package let start: SourcePosition
    /// The scalar behind the part.
    package let end: SourcePosition

    package init(path: String, start: SourcePosition, end: SourcePosition) {
        self.path = path
        self.start = start
        self.end = end
    }

    /// By path, then start, then end.
    package static func < (left: SourceSpan, right: SourceSpan) -> Bool {
        (left.path, left.start, left.end) < (right.path, right.start, right.end)
    }

    /// `path:line:column` of the start, as compilers print it and editors follow it.
    package var description: String { "\(path):\(start)" }
}
