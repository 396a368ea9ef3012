import Diagnostics

/// A line of text with styles, before it is known whether colour may be used.
///
/// Everything that goes in is made harmless first: names and messages come from files and servers, and could carry
/// escape sequences.
struct StyledText: ExpressibleByStringInterpolation, Hashable, Sendable {
    /// How a piece of text looks where colour may be used.
    enum Style: Hashable, Sendable {
        case plain, bold, dim, red, green, yellow, cyan, magenta

        /// The number of the SGR escape; `nil` for plain text.
        var code: String? {
            switch self {
            case .plain: nil
            case .bold: "1"
            case .dim: "2"
            case .red: "31"
            case .green: "32"
            case .yellow: "33"
            case .cyan: "36"
            case .magenta: "35"
            }
        }
    }

    /// A run of text in one style.
    struct Piece: Hashable, Sendable {
        var text: String
        var style: Style
    }

    private(set) var pieces: [Piece]
    /// Column under which the text goes on where it does not fit; `nil` = a little further right than it begins.
    var hang: Int?

    init(_ text: some StringProtocol, _ style: Style = .plain) {
        let text = Self.harmless(text)
        pieces = text.isEmpty ? [] : [Piece(text: text, style: style)]
    }

    init(stringLiteral value: String) {
        self.init(value)
    }

    init(stringInterpolation: Interpolation) {
        pieces = stringInterpolation.pieces
    }

    /// Collects literals, strings and styled text.
    struct Interpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { appendInterpolation(literal) }
        mutating func appendInterpolation(_ text: String) { pieces += StyledText(text).pieces }
        mutating func appendInterpolation(_ text: String, _ style: Style) { pieces += StyledText(text, style).pieces }
        mutating func appendInterpolation(_ text: StyledText) { pieces += text.pieces }
    }

    /// Adds a character, in the piece before where that has the same style.
    mutating func append(_ character: Character, _ style: Style) {
        if pieces.last?.style == style {
            pieces[pieces.count - 1].text.append(character)
        } else {
            pieces.append(Piece(text: String(character), style: style))
        }
    }

    /// The text without spaces at its end.
    var withoutTrailingSpaces: StyledText {
        var copy = self
        while let last = copy.pieces.last, last.text.last == " " || last.text.isEmpty {
            copy.pieces.removeLast()
            let text = String(last.text.reversed().drop { $0 == " " }.reversed())
            if !text.isEmpty { copy.pieces.append(Piece(text: text, style: last.style)) }
        }
        return copy
    }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.pieces += right.pieces
        return sum
    }

    var isEmpty: Bool { pieces.isEmpty }

    /// Columns it takes on a terminal.
    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The text followed by spaces up to a width.
    func padded(to width: Int) -> StyledText {
        let missing = width - self.width
        return missing > 0 ? self + StyledText(String(repeating: " ", count: missing)) : self
    }

    /// A line cut to a width, with an ellipsis where something is missing.
    func cut(to width: Int) -> StyledText {
        guard self.width > width else { return self }
        var room = width - 1
        var result = StyledText("")
        for piece in pieces where room > 0 {
            let text = DisplayWidth.prefix(of: piece.text, width: room)
            result.pieces.append(Piece(text: text, style: piece.style))
            room -= DisplayWidth.of(text)
            if text != piece.text { break }
        }
        return result + "…"
    }

    /// The text without anything a terminal would act on: line breaks become spaces, other controls and marks that
    /// change the direction of writing become `�`.
    static func harmless(_ text: some StringProtocol) -> String {
        PlainText.line(text)
    }
}

/// Columns that text takes on a terminal.
enum DisplayWidth {
    /// Columns of a text: combining marks take none, East Asian wide characters and emoji take two.
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + of($1) }
    }

    /// Columns of one scalar (Unicode UAX #11, the wide ranges in common use).
    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// The longest beginning that fits into a width.
    static func prefix(of text: String, width: Int) -> String {
        var room = width
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            room -= of(scalar)
            guard room >= 0 else { break }
            result.append(scalar)
        }
        return String(result)
    }
}
