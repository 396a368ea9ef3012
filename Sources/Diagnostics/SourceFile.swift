/// The text of one file, with an index of its lines.
///
/// Lines end at LF, CR LF or a lone CR, and positions count Unicode scalars, so that they agree with the positions of
/// the YAML reader and with what most editors show.
package struct SourceFile: Hashable, Sendable {
    /// Path as people should see it: relative to where they started, with `/`.
    package let path: String
    /// The whole text.
    package let text: String
    private let lineStarts: [Int]

    /// Indexes the lines of a text; linear in its length.
    package init(path: String, text: String) {
        self.path = path
        var text = text
        text.makeContiguousUTF8()
        self.text = text
        self.lineStarts = Self.starts(of: text)
    }

    private static func starts(of text: String) -> [Int] {
        var starts = [0]
        let utf8 = Array(text.utf8)
        var offset = 0
        while offset < utf8.count {
            let byte = utf8[offset]
            offset += 1
            if byte == UInt8(ascii: "\r"), offset < utf8.count, utf8[offset] == UInt8(ascii: "\n") {
                offset += 1
            } else if byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
                continue
            }
            starts.append(offset)
        }
        return starts
    }

    /// Number of lines; a text that ends with a line break has an empty last line.
    package var lineCount: Int { lineStarts.count }

    /// One line without its line break; `nil` outside the file. Lines count from 1.
    package func line(_ number: Int) -> String? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        let start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : text.utf8.count
        var slice = text.utf8.dropFirst(start).prefix(end - start)
        while let last = slice.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { slice.removeLast() }
        return String(Substring(slice))
    }

    /// The position of a byte of the text's UTF-8 form; positions behind the end are those of the end.
    package func position(ofByte offset: Int) -> SourcePosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let start = lineStarts[low]
        let before = text.utf8.dropFirst(start).prefix(max(0, offset - start))
        let scalars = before.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return SourcePosition(line: low + 1, column: scalars + 1)
    }

    /// The same file with the text inside the spans replaced by `*`, one per scalar, so that positions stay true.
    ///
    /// What must not be shown (a secret written as a literal) is taken out here, once, before anything can print it.
    package func masking(_ spans: [SourceSpan]) -> SourceFile {
        guard !spans.isEmpty else { return self }
        var masked = String.UnicodeScalarView()
        var position = SourcePosition(line: 1, column: 1)
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar == "\n" && previous == "\r" {
                masked.append(scalar)
            } else if scalar == "\n" || scalar == "\r" {
                masked.append(scalar)
                position = SourcePosition(line: position.line + 1, column: 1)
            } else {
                let hidden = spans.contains { $0.start <= position && position < $0.end }
                masked.append(hidden ? "*" : scalar)
                position = SourcePosition(line: position.line, column: position.column + 1)
            }
            previous = scalar
        }
        return SourceFile(path: path, text: String(masked))
    }
}
