/// Pieces of GitHub-flavoured Markdown around text that must not act as Markdown.
enum Markdown {
    private static let longestText = 400

    /// Prose from files and servers: every character that Markdown or HTML could act on becomes a character
    /// reference, and a comment behind `@` and `#` keeps GitHub from reading mentions and references into it.
    static func prose(_ text: String) -> String {
        escaped(text, behindMentions: "<!-- -->")
    }

    /// A name or value as code that stands in a table as well: HTML, because a code span cannot hold every text.
    static func code(_ text: String) -> String {
        "<code>\(escaped(text, behindMentions: "").replacingURLs)</code>"
    }

    private static let active: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "+", "|", "~", "@", "&", "!", "$",
    ]

    private static func escaped(_ text: String, behindMentions guardian: String) -> String {
        var result = ""
        for scalar in StyledText.harmless(shortened(text)).unicodeScalars {
            if active.contains(scalar) {
                result += "&#\(scalar.value);"
                if scalar == "@" || scalar == "#" { result += guardian }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func shortened(_ text: String) -> String {
        text.count > longestText ? "\(text.prefix(longestText))…" : text
    }
}

extension String {
    /// The text with the colon of `://` as a reference, so that it is not made a link.
    fileprivate var replacingURLs: String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: "://") {
            result += rest[..<range.lowerBound]
            result += "&#58;//"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

/// A text that grows up to a limit, by whole lines.
struct BoundedText {
    private(set) var text = ""
    private var room: Int

    /// An empty text of at most that many UTF-16 units.
    init(limit: Int) {
        room = limit
    }

    /// Adds a line, when there is room.
    ///
    /// - Returns: Whether it was added.
    @discardableResult
    mutating func add(_ line: String) -> Bool {
        let length = line.utf16.count + 1
        guard length <= room else { return false }
        text += "\(line)\n"
        room -= length
        return true
    }

    /// Adds as many lines as there is room for within a share of the limit, and says how many are missing.
    mutating func add(_ lines: [String], share: Int, missing: (Int) -> String) {
        var part = BoundedText(limit: min(share, room) - 200)
        var shown = 0
        while shown < lines.count, part.add(lines[shown]) { shown += 1 }
        text += part.text
        room -= part.text.utf16.count
        if shown < lines.count { add(missing(lines.count - shown)) }
    }
}
