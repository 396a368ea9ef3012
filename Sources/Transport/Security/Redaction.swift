import Domain

/// Removes the text of secrets from what a service said.
struct Redaction: Sendable {
    private let secrets: [Secret]

    init(_ secrets: [Secret]) {
        self.secrets = secrets
    }

    /// The text with every secret in it replaced. Secrets shorter than four characters are left: removing them would
    /// reveal them by the holes they leave.
    func clean(_ text: String) -> String {
        var result = text
        for secret in secrets {
            secret.reveal { plain in
                guard plain.utf8.count >= 4 else { return }
                for form in [plain, Self.escaped(plain)] { result = Self.replacing(form, in: result) }
            }
        }
        return result
    }

    private static func escaped(_ plain: String) -> String {
        var result = ""
        for character in plain {
            switch character {
            case "\"", "\\": result += "\\" + String(character)
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    private static func replacing(_ needle: String, in text: String) -> String {
        guard !needle.isEmpty else { return text }
        let hay = Array(text.utf8)
        let pattern = Array(needle.utf8)
        guard hay.count >= pattern.count else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < hay.count {
            if hay[index] == pattern[0], hay[index...].starts(with: pattern) {
                result.append(contentsOf: "<redacted>".utf8)
                index += pattern.count
            } else {
                result.append(hay[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
