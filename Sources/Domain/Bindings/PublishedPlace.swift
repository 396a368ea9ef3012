/// Where a binding is published to, as the ledger remembers it: what is left behind when the place moves has to be
/// found again.
package enum PublishedPlace {
    fileprivate static let prefix = "target."

    /// Whether a field of a row says where something was published, and nothing of its content.
    package static func isPart(_ field: String) -> Bool { field.hasPrefix(prefix) }
}

extension PublishTarget {
    private static let word = "kind"

    /// The target as flat fields of a ledger's row.
    package var remembered: [String: String] {
        var row = [PublishedPlace.prefix + Self.word: type(of: store).word]
        for (field, value) in store.fields { row[PublishedPlace.prefix + field] = value }
        return row
    }

    /// Reads what ``remembered`` wrote into a row; `nil` for rows of earlier versions.
    package init?(remembered row: [String: String]) {
        var fields: [String: String] = [:]
        for (field, value) in row where PublishedPlace.isPart(field) {
            fields[String(field.dropFirst(PublishedPlace.prefix.count))] = value
        }
        guard let word = fields.removeValue(forKey: Self.word) else { return nil }
        self.init(word, fields: fields)
    }
}

/// What was last published to a target of a binding.
package struct LastPublication: Hashable, Sendable {
    package let target: PublishTarget
    /// Keys of plain and secret values.
    package let keys: Set<String>

    /// What a row of the ledger remembers; `nil` for rows of earlier versions.
    package init?(of row: Recorded.Owned) {
        guard let target = PublishTarget(remembered: row.applied) else { return nil }
        self.target = target
        keys = Set(
            row.applied.keys.filter { $0.hasPrefix("properties.") || $0.hasPrefix("secrets.") }
                .map { String($0.drop { $0 != "." }.dropFirst()) })
    }
}

extension Recorded {
    /// What was last published to every target of a binding, as far as the ledger remembers it.
    package var publications: [ResourceAddress: LastPublication] {
        owned { $0.kind == .binding }.compactMapValues { LastPublication(of: $0) }
    }
}

extension ResourceAddress {
    private static let leftMark = "/left/"

    /// A place a binding was published to before, and still holds what was published.
    package init(placeLeftBy binding: String, _ place: String) {
        self.init(.binding, "\(binding)\(Self.leftMark)\(place)")
    }

    /// The binding and the place in words, when it is one that was left.
    package var leftPlace: (binding: String, place: String)? {
        guard kind == .binding, let mark = name.firstRange(of: Self.leftMark) else { return nil }
        return (String(name[..<mark.lowerBound]), String(name[mark.upperBound...]))
    }
}
