@testable import Confluent
import FoundationEssentials
import Transport

/// Numbers that look random and are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &+ 0x9E37_79B9_7F4A_7C15
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Writes JSON in one of the many ways in which it can be written.
struct WildWriter {
    var numbers: SeededNumbers

    /// A member list as an object, members shuffled, white space anywhere.
    mutating func object(_ members: [(String, String)]) -> String {
        let shuffled = members.shuffled(using: &numbers)
        return "{"
            + shuffled.map { key, value in space() + text(key) + space() + ":" + space() + value + space() }
            .joined(separator: ",") + "}"
    }

    mutating func array(_ items: [String]) -> String {
        "[" + items.map { space() + $0 + space() }.joined(separator: ",") + "]"
    }

    /// A string in quotes; each character plain or escaped.
    mutating func text(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += Bool.random(using: &numbers) ? "\\\(scalar)" : escape(scalar)
            case "/": result += Bool.random(using: &numbers) ? "\\/" : "/"
            case "\n": result += Bool.random(using: &numbers) ? "\\n" : escape(scalar)
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += escape(scalar)
            default: result += Int.random(in: 0..<8, using: &numbers) == 0 ? escape(scalar) : String(scalar)
            }
        }
        return result + "\""
    }

    private func escape(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    mutating func space() -> String {
        ["", "", "", " ", "\n", "\t ", "\r\n"].randomElement(using: &numbers) ?? ""
    }

    /// A value of any shape, to be stepped over.
    mutating func anything(_ depth: Int = 0) -> String {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &numbers) {
        case 0: "null"
        case 1: Bool.random(using: &numbers) ? "true" : "false"
        case 2: "\(Int64.random(in: .min ... .max, using: &numbers))"
        case 3: ["-0.5", "1e9", "12.25E-3", "0"].randomElement(using: &numbers) ?? "0"
        case 4: text(word())
        case 5: array((0..<Int.random(in: 0..<4, using: &numbers)).map { _ in anything(depth + 1) })
        default: object((0..<Int.random(in: 0..<4, using: &numbers)).map { ("k\($0)", anything(depth + 1)) })
        }
    }

    mutating func word() -> String {
        let pieces = [
            "a", "Z9", ".", "-", "_", " ", "\"", "\\", "/", "}", "]", "{", ",", ":", "é", "漢", "😀", "\n", "\u{1}", "",
        ]
        return (0..<Int.random(in: 0..<9, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }
            .joined()
    }
}

/// Feeds text to a reader in pieces.
func collect<Collector: RowCollector>(
    _ collector: Collector, from bytes: [UInt8], pieces: (Int) -> Int
) throws -> Collector {
    var reader = JSONListReader(collector)
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + max(1, pieces(start)))
        try bytes[start..<end].withUnsafeBytes { try reader.receive($0) }
        start = end
    }
    try reader.finish()
    return reader.collector
}

func collect<Collector: RowCollector>(_ collector: Collector, from text: String) throws -> Collector {
    try collect(collector, from: Array(text.utf8)) { _ in .max / 2 }
}
