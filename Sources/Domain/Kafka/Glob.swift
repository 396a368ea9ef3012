/// A pattern of names: `*` any run, `?` one character, everything else literal (`.` is a dot, this is no regex).
package struct Glob: Hashable, Sendable {
    private let pattern: [UInt8]
    /// Whether the pattern has no wildcard, and so names one thing.
    package let isLiteral: Bool

    package init(_ pattern: some StringProtocol) {
        self.pattern = Array(pattern.utf8)
        self.isLiteral = !pattern.contains { $0 == "*" || $0 == "?" }
    }

    /// Whether a name matches, in time proportional to the product of both lengths at worst.
    package func matches(_ name: some StringProtocol) -> Bool {
        name.utf8.withContiguousStorageIfAvailable(matches) ?? Array(name.utf8).withUnsafeBufferPointer(matches)
    }

    private func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        var (inPattern, inName) = (0, 0)
        var resume: (pattern: Int, name: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                resume = (inPattern + 1, inName)
                inPattern += 1
            } else if inPattern < pattern.count, isOneCharacter(inPattern, name[inName]) {
                inPattern += 1
                inName += 1
            } else if let (afterStar, tried) = resume {
                resume = (afterStar, tried + 1)
                inPattern = afterStar
                inName = tried + 1
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private func isOneCharacter(_ position: Int, _ character: UInt8) -> Bool {
        pattern[position] == UInt8(ascii: "?") || pattern[position] == character
    }

    /// The form a link's filters know: a literal name, or a prefix that ends in one `*`; `nil` for any other glob.
    package static func linkFilter(_ pattern: String) -> (name: String, patternType: String)? {
        guard pattern != "*" else { return ("*", "LITERAL") }
        guard pattern.hasSuffix("*") else { return Glob(pattern).isLiteral ? (pattern, "LITERAL") : nil }
        let prefix = String(pattern.dropLast())
        return Glob(prefix).isLiteral ? (prefix, "PREFIXED") : nil
    }
}

/// Topics that belong to systems, not to applications, and are never matched by a selector.
package enum InternalTopics {
    private static let globs = [
        "__*", "_schemas*", "_confluent*", "_exporter_*", "confluent-audit-log-events", "pksqlc-*", "dlq-lcc-*",
        "connect-configs", "connect-offsets", "connect-status", "mm2-*", "*-changelog", "*-repartition",
    ].map { Glob($0) }

    /// Whether a name is one of the known internal ones.
    package static func contains(_ name: String) -> Bool {
        globs.contains { $0.matches(name) }
    }
}

extension TopicSelector {
    /// Which of the names the selector takes: included, not excluded, not internal unless allowed by name.
    ///
    /// - Parameters:
    ///   - names: Candidate names.
    ///   - isInternal: Whether the cluster itself lists a name as internal.
    package func select(from names: some Sequence<String>, isInternal: (String) -> Bool) -> Set<String> {
        let include = include.map { Glob($0) }
        let exclude = exclude.map { Glob($0) }
        let allowed = Set(allowInternal)
        return Set(
            names.filter { name in
                if allowed.contains(name) { return true }
                return include.contains { $0.matches(name) } && !exclude.contains { $0.matches(name) }
                    && !InternalTopics.contains(name) && !isInternal(name)
            })
    }
}
