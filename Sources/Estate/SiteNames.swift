/// Names of manifests for objects that have display names: the same for the same estate, in whatever order it is listed.
package struct SiteNames {
    /// An object to be named.
    package struct Candidate {
        let id: String
        let displayName: String
        /// What tells it apart from others of its display name: its environment, its region.
        let qualifiers: [String]

        package init(id: String, displayName: String, qualifiers: [String] = []) {
            self.id = id
            self.displayName = displayName
            self.qualifiers = qualifiers
        }
    }

    /// Names by id: the display name as a name, with as many qualifiers as tell all apart, and the id where none do.
    package static func names(of candidates: [Candidate]) -> [String: String] {
        var names: [String: String] = [:]
        var open = candidates
        let depth = candidates.map(\.qualifiers.count).max() ?? 0
        for count in 0...depth {
            let named = Dictionary(grouping: open) { name($0, $0.qualifiers.prefix(count)) }
            for (name, same) in named {
                guard let only = same.first, same.count == 1, !names.values.contains(name) else { continue }
                names[only.id] = name
            }
            open.removeAll { names[$0.id] != nil }
        }
        for candidate in open { names[candidate.id] = name(candidate, [candidate.id]) }
        return names
    }

    private static func name(_ candidate: Candidate, _ qualifiers: some Sequence<String>) -> String {
        text(([candidate.displayName] + qualifiers).joined(separator: "-"))
    }

    /// A text as the name of a manifest: letters, digits, `.`, `_` and `-`, at most 200 of them.
    package static func text(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isKept || scalar == "_" || scalar == "." {
                name.unicodeScalars.append(scalar)
            } else if !name.isEmpty, !name.hasSuffix("-") {
                name += "-"
            }
        }
        while let last = name.last, last == "-" { name.removeLast() }
        while let first = name.first, first == "." { name.removeFirst() }
        return name.isEmpty ? "unnamed" : String(name.prefix(200))
    }
}

/// Names that are given once: a name that is taken already gets a qualifier.
struct TakenNames {
    private var taken: Set<String> = []

    /// - Parameter qualifiers: Tried in order, after the name by itself.
    mutating func name(_ text: String, or qualifiers: [String]) -> String {
        let base = SiteNames.text(text)
        for name in [base] + qualifiers.map({ SiteNames.text("\(base)-\($0)") }) where taken.insert(name).inserted {
            return name
        }
        var number = 2
        while !taken.insert("\(base)-\(number)").inserted { number += 1 }
        return "\(base)-\(number)"
    }
}
