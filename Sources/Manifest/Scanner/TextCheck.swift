import Diagnostics
import TextForms

/// What is wrong with the bytes of a file before they are read as YAML.
struct TextProblem: Error {
    var code: String
    var message: String
    var byte: Int
    var help: String?
}

/// Decides whether bytes are text that YAML may consist of.
enum TextCheck {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text of a file without its byte order mark, or why it is none.
    static func text(of bytes: [UInt8], limits: Limits) -> Result<String, TextProblem> {
        guard bytes.count <= limits.bytes else {
            return .failure(
                TextProblem(
                    code: "file-too-large",
                    message: "the file has \(bytes.count) bytes; at most \(limits.bytes) are read", byte: 0,
                    help: "split it into several files"))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return .failure(
                TextProblem(
                    code: "not-utf-8", message: "the file is UTF-16; manifests are UTF-8", byte: 0,
                    help: "save it as UTF-8"))
        }
        let body = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
        if let problem = controlCharacter(in: body) { return .failure(problem) }
        guard let text = String(validating: body, as: UTF8.self) else {
            return .failure(
                TextProblem(
                    code: "not-utf-8", message: "the bytes here are not UTF-8", byte: firstInvalidByte(of: body),
                    help: "save the file as UTF-8"))
        }
        return .success(text)
    }

    private static func controlCharacter(in bytes: [UInt8]) -> TextProblem? {
        bytes.withUnsafeBufferPointer { bytes in
            for offset in bytes.indices {
                let byte = bytes[offset]
                guard byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF else { continue }
                if let problem = problem(at: offset, of: bytes) { return problem }
            }
            return nil
        }
    }

    private static func problem(at offset: Int, of bytes: UnsafeBufferPointer<UInt8>) -> TextProblem? {
        func byte(_ ahead: Int) -> UInt8 {
            offset + ahead < bytes.count ? bytes[offset + ahead] : 0
        }
        switch bytes[offset] {
        case 0x09, 0x0A, 0x0D: return nil
        case 0x00:
            return TextProblem(
                code: "control-character", message: "NUL bytes cannot stand in a manifest", byte: offset,
                help: "the file may be damaged, or no text at all")
        case 0xC2 where byte(1) == 0x85:
            return separator("U+0085 (next line)", "\\N", offset)
        case 0xC2 where (0x80...0x9F).contains(byte(1)):
            return control(byte(1), offset)
        case 0xC2: return nil
        case 0xE2 where byte(1) == 0x80 && byte(2) == 0xA8: return separator("U+2028 (line separator)", "\\L", offset)
        case 0xE2 where byte(1) == 0x80 && byte(2) == 0xA9:
            return separator("U+2029 (paragraph separator)", "\\P", offset)
        case 0xE2: return nil
        case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF:
            return TextProblem(
                code: "control-character", message: "a byte order mark stands inside the file", byte: offset,
                help: "remove it; files that were joined often have one")
        case 0xEF: return nil
        default: return control(bytes[offset], offset)
        }
    }

    private static func control(_ value: UInt8, _ offset: Int) -> TextProblem {
        let digits = Hexadecimal.text(value, digits: 4, uppercase: true)
        return TextProblem(
            code: "control-character", message: "the control character U+\(digits) is not allowed",
            byte: offset, help: "write it as an escape in double quotes")
    }

    private static func separator(_ name: String, _ escape: String, _ offset: Int) -> TextProblem {
        TextProblem(
            code: "control-character", message: "\(name) stands in the text; YAML readers disagree on what it means",
            byte: offset, help: "use an ordinary line break, or `\(escape)` in double quotes")
    }

    /// The first byte at which decoding fails.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput, .error: return offset
            }
        }
    }
}
