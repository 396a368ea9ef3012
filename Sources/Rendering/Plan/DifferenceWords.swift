import Planning

extension Change.FieldDifference {
    private static let longestValue = 120

    /// The field as readers know it; topic and link configs without their prefix.
    var label: String {
        field.hasPrefix("configs.") ? String(field.dropFirst("configs.".count)) : field
    }

    /// Whether its values stand for secrets: they are keyed fingerprints then, and are only told apart.
    var isSecret: Bool {
        field == "credentials" || field.hasPrefix("secrets.")
            || [from, to].contains { $0?.hasPrefix("hmac:") ?? false }
    }

    /// `from → to`; for what is new, the value alone.
    func words(isNew: Bool) -> String {
        if isSecret { return secretWords(isNew: isNew) }
        let new = to.map(value) ?? "(unset)"
        if isNew && from == nil { return new }
        return "\(from.map(value) ?? "(unset)") → \(new)"
    }

    private func secretWords(isNew: Bool) -> String {
        switch (from, to) {
        case (nil, let to?): return isNew ? "(secret)" : "(secret, set)  \(Self.fingerprint(to))"
        case (let from?, nil): return "(secret, removed)  \(Self.fingerprint(from))"
        case (let from?, let to?):
            let (old, new) = Self.firstDifference(from, to)
            return "(secret, changed)  \(Self.fingerprint(old)) → \(Self.fingerprint(new))"
        case (nil, nil): return "(secret)"
        }
    }

    /// Credentials of several parts are several fingerprints, joined; the first that differs tells them apart.
    private static func firstDifference(_ from: String, _ to: String) -> (String, String) {
        let (old, new) = (from.split(separator: "+"), to.split(separator: "+"))
        guard old.count == new.count, let pair = zip(old, new).first(where: { $0 != $1 }) else { return (from, to) }
        return (String(pair.0), String(pair.1))
    }

    private static func fingerprint(_ text: String) -> String {
        guard text != "unknown" else { return "(unknown)" }
        let digits = text.hasPrefix("hmac:") ? text.dropFirst("hmac:".count) : text[...]
        return "hmac:\(digits.prefix(8))"
    }

    private func value(_ text: String) -> String {
        if text.isEmpty { return "\"\"" }
        if field.hasSuffix(".ms"), let milliseconds = Int64(text), milliseconds >= 1000 {
            return "\(text) (\(Words.span(milliseconds: milliseconds)))"
        }
        guard text.count > Self.longestValue else { return text }
        return "\(text.prefix(Self.longestValue))… (\(Words.count(text.count, "character")))"
    }
}
