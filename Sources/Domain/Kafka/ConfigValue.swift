/// Kafka config values by meaning: what manifests may write and what servers answer, in one canonical form, so that
/// values are equal when the broker takes them for the same.
package enum ConfigValue {
    /// The canonical text of a value: numbers without leading zeros, durations of `.ms` configs in milliseconds, sizes
    /// of `.bytes` configs in bytes, booleans in small letters, lists sorted and without spaces, filters of links as
    /// JSON by content. What the type of the config cannot read stays as it is.
    ///
    /// - Parameters:
    ///   - name: Wire name of the config.
    ///   - value: Value as written or as answered.
    package static func canonical(_ name: String, _ value: String) -> String {
        LinkConfigs.filters.contains(name)
            ? LinkConfigs.canonicalFilter(value) : values(of: name).canonical(value) ?? value
    }

    /// A map of configs in canonical form.
    package static func canonical(_ configs: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: configs.map { ($0, canonical($0, $1)) })
    }

    /// Whether two values, or their absence, are the same to the broker; nothing and empty text are.
    package static func isEqual(_ left: String?, _ right: String?, of name: String) -> Bool {
        let left = left.flatMap { $0.isEmpty ? nil : $0 }
        let right = right.flatMap { $0.isEmpty ? nil : $0 }
        guard let left, let right else { return left == right }
        return left == right || canonical(name, left) == canonical(name, right)
    }

    /// The values of a config; of one that nobody wrote down, what its name says.
    package static func values(of name: String) -> ConfigValues {
        if let known = TopicConfigs.known[name] ?? KnownLinkConfigs.known[name] { return known.values }
        if name.hasSuffix(".ms") { return .milliseconds(from: .min) }
        if name.hasSuffix(".bytes") { return .bytes(from: .min) }
        if name.hasSuffix(".enable") { return .boolean }
        return .text
    }
}
