import Foundation
import Testing

/// A secret that is planted to see where it gets to.
struct Canary: Sendable {
    /// What it opens, for whoever reads of it.
    let name: String
    let secret: String
    /// The other half, where it signs in as one of two.
    var user: String?
    /// Characters of a beginning that nothing else has.
    var beginning = 8

    /// Every way in which it could stand somewhere.
    var spellings: [(way: String, text: String)] {
        var ways = [
            ("plain", secret), ("escaped as in JSON", Self.json(secret)),
            ("escaped as in JSON, with slashes", Self.json(secret).replacingOccurrences(of: "/", with: "\\/")),
            ("percent-encoded", Self.percent(secret)), ("Base64", Self.base64(secret)),
            ("its beginning", String(secret.prefix(beginning))),
        ]
        if let user { ways.append(("Base64 of the pair", Self.base64("\(user):\(secret)"))) }
        return ways
    }

    private static func json(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let quoted = (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return String(quoted.dropFirst().dropLast())
    }

    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// Without what depends on what follows.
    private static func base64(_ text: String) -> String {
        let encoded = Data(text.utf8).base64EncodedString()
        return String(encoded.prefix(text.utf8.count / 3 * 4))
    }
}

/// All that are planted in one story, and where they were looked for.
struct Aviary: Sendable {
    let canaries: [Canary]

    /// What a server says that repeats what it was told, in every spelling, and is cut in the middle of the last one.
    ///
    /// - Parameter told: Names of canaries that it was told.
    func chatter(of told: Set<String>) -> String {
        let heard = canaries.filter { told.contains($0.name) }
        let words = heard.flatMap { canary in
            canary.spellings.map(\.text).filter { $0 != canary.secret.prefix(canary.beginning) }
        }
        return "\(words.joined(separator: " ")) \(heard.last.map { $0.secret.prefix(14) } ?? "")"
    }

    /// Names of the canaries in a text.
    func sung(in text: String) -> Set<String> {
        Set(canaries.filter { $0.spellings.contains { text.contains($0.text) } }.map(\.name))
    }

    /// Looks for every canary.
    ///
    /// - Parameter meant: Names of canaries that may be there.
    func expectNone(
        in data: Data, of place: String, but meant: Set<String> = [], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for canary in canaries where !meant.contains(canary.name) {
            for (way, text) in canary.spellings {
                guard let found = data.range(of: Data(text.utf8)) else { continue }
                let around = data[
                    max(data.startIndex, found.lowerBound - 60)..<min(data.endIndex, found.upperBound + 20)]
                Issue.record(
                    "\(canary.name) (\(way)) is in \(place): …\(String(decoding: around, as: UTF8.self))…",
                    sourceLocation: sourceLocation)
            }
        }
    }

    func expectNone(
        in text: String, of place: String, but meant: Set<String> = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectNone(in: Data(text.utf8), of: place, but: meant, sourceLocation: sourceLocation)
    }

    /// Looks through every file below a folder, and their names.
    ///
    /// - Parameter meant: By path, the canaries that may be in a file.
    /// - Returns: The files.
    @discardableResult
    func expectNone(
        below folder: URL, but meant: [String: Set<String>] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Set<String> {
        var files: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            expectNone(in: path, of: "the name of a file", sourceLocation: sourceLocation)
            let url = folder.appendingPathComponent(path)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files.insert(path)
            expectNone(
                in: try Data(contentsOf: url), of: path, but: meant[path] ?? [], sourceLocation: sourceLocation)
        }
        return files
    }
}
