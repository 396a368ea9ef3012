/// Kafka config values by meaning: what manifests may write and what servers answer, in one canonical form.
public enum ConfigValue {
    /// Configs that every fresh topic carries explicitly and nobody declared.
    public static let ignoredTopicConfigs: Set<String> = [
        "confluent.topic.type", "confluent.schema.validation.context.name",
    ]

    /// The canonical text of a value: durations of `.ms` configs in milliseconds, sizes of `.bytes` configs in bytes,
    /// the list of `cleanup.policy` sorted and without spaces.
    ///
    /// - Parameters:
    ///   - name: Wire name of the config.
    ///   - value: Value as written or as answered.
    public static func canonical(_ name: String, _ value: String) -> String {
        if name.hasSuffix(".ms"), let duration = Duration(manifest: value) {
            return String(duration.wholeMilliseconds)
        }
        if name.hasSuffix(".bytes"), let bytes = ByteCount.parse(value) {
            return String(bytes)
        }
        if name == "cleanup.policy" {
            let policies = value.utf8.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
            return policies.map { String(Substring($0)) }.sorted().joined(separator: ",")
        }
        return value
    }

    /// A map of configs in canonical form.
    public static func canonical(_ configs: [String: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: configs.map { ($0, canonical($0, $1)) })
    }
}
