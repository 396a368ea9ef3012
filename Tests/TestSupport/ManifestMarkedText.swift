package import Diagnostics

/// A text in which keycap markers (1️⃣ to 9️⃣) name the positions that diagnostics are expected at.
package struct ManifestMarkedText: Sendable {
    /// The text without markers.
    package let text: String
    /// Position of each marker in the text without markers.
    package let positions: [SourcePosition: String]

    private static let markers = (1...9).map { "\($0)\u{FE0F}\u{20E3}" }

    /// Takes the markers out of a text.
    package init(_ marked: String) {
        var text = ""
        var positions: [SourcePosition: String] = [:]
        var line = 1
        var column = 1
        for character in marked {
            if Self.markers.contains(String(character)) {
                positions[SourcePosition(line: line, column: column)] = String(character)
            } else {
                text.append(character)
                column += character.unicodeScalars.count
                if character.isNewline { (line, column) = (line + 1, 1) }
            }
        }
        self.text = text
        self.positions = positions
    }
}
