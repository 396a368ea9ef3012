/// A place in a text. Lines and columns count from 1; columns count Unicode scalars.
public struct SourcePosition: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Line, from 1.
    public let line: Int
    /// Column in Unicode scalars, from 1.
    public let column: Int

    /// A place in a text.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Earlier in the text is less.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}

/// A part of a file: from `start` up to, not including, `end`.
public struct SourceSpan: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Path of the file, as in ``SourceFile/path``.
    public let path: String
    /// First scalar of the part.
    public let start: SourcePosition
    /// The scalar behind the part.
    public let end: SourcePosition

    /// A part of a file.
    public init(path: String, start: SourcePosition, end: SourcePosition) {
        self.path = path
        self.start = start
        self.end = end
    }

    /// By path, then start, then end.
    public static func < (left: SourceSpan, right: SourceSpan) -> Bool {
        (left.path, left.start, left.end) < (right.path, right.start, right.end)
    }

    /// `path:line:column` of the start, as compilers print it and editors follow it.
    public var description: String { "\(path):\(start)" }
}
