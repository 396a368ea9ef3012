/// The shared `config` and `credentials` files of AWS's tools (AWS SDKs and Tools Reference Guide, *Shared config and
/// credentials files*).
struct AWSConfigFiles {
    private var sections: [String: [String: String]] = [:]

    /// Reads both files; the credentials file wins where both say something.
    init(config: String?, credentials: String?) {
        for (name, settings) in Self.sections(of: config ?? "") {
            let profile = name.hasPrefix("profile ") ? String(name.dropFirst("profile ".count)) : name
            guard name == "default" || name.hasPrefix("profile ") else { continue }
            sections[profile, default: [:]].merge(settings) { $1 }
        }
        for (name, settings) in Self.sections(of: credentials ?? "") {
            sections[name, default: [:]].merge(settings) { $1 }
        }
    }

    /// Settings of a profile; `nil` when no file has it.
    func profile(_ name: String) -> [String: String]? { sections[name] }

    private static func sections(of text: String) -> [(String, [String: String])] {
        var sections: [(String, [String: String])] = []
        for line in text.split(whereSeparator: \.isNewline) {
            // Indented lines are settings of a setting (`s3 =`), which nothing here needs.
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[", let end = line.firstIndex(of: "]") {
                let name = line[line.index(after: line.startIndex)..<end].split(whereSeparator: \.isWhitespace)
                sections.append((name.joined(separator: " "), [:]))
            } else if let equals = line.firstIndex(of: "="), !sections.isEmpty {
                let name = line[..<equals].split(whereSeparator: \.isWhitespace).joined()
                let value = line[line.index(after: equals)...].split(whereSeparator: \.isWhitespace)
                sections[sections.count - 1].1[name.lowercased()] = value.joined(separator: " ")
            }
        }
        return sections
    }
}
