import Diagnostics
import Domain

/// Compares configs by wire name with what is known of them, so that a typing error is told before anything is made.
struct ConfigRules {
    let object: RawObject
    /// Path of the configs: `spec.configs`.
    let path: String
    /// Clusters that will hold what is configured.
    let clusters: [ClusterSpec]

    func checkTopic(_ configs: [String: String], _ findings: inout Findings) {
        for (name, value) in configs {
            guard let known = TopicConfigs.definition(name) else {
                reportUnknownTopicConfig(name, value, &findings)
                continue
            }
            check(known, value, &findings)
        }
        checkCompactionLags(configs, &findings)
    }

    /// Link configs; lists of them differ by version, so a name without a near one may be right.
    func checkLink(_ configs: [String: String], _ findings: inout Findings) {
        for (name, value) in configs {
            if let known = KnownLinkConfigs.known[name] {
                check(known, value, &findings)
            } else if let near = ConfigNames.nearest(to: name, among: KnownLinkConfigs.known.keys) {
                findings.error(
                    "unknown-config", "links have no config `\(name)`", at: keyPlace(name),
                    help: "did you mean `\(near)`?")
            } else if !name.hasPrefix("confluent.") {
                findings.warn(
                    "unknown-config", "`\(name)` is no config of links that is known here", at: keyPlace(name),
                    help: "the cluster may refuse it: compare it with Confluent's list of link properties")
            }
        }
    }

    // MARK: Names

    private func reportUnknownTopicConfig(_ name: String, _ value: String, _ findings: inout Findings) {
        if let meant = TopicConfigs.meant(byBrokerName: name) {
            findings.error(
                "unknown-config", "`\(name)` is a config of brokers, not of topics", at: keyPlace(name),
                help: "did you mean `\(meant.name)`?")
        } else if let near = ConfigNames.nearest(to: name, among: TopicConfigs.known.keys) {
            findings.error(
                "unknown-config", "topics have no config `\(name)`", at: keyPlace(name), help: "did you mean `\(near)`?"
            )
        } else if name.hasPrefix("confluent.") {
            findings.warn(
                "unknown-config", "`\(name)` is no config of topics that is known here", at: keyPlace(name),
                help: "the cluster may refuse it: compare it with Confluent's list of topic configurations")
            reportFault(ConfigValue.values(of: name), name, value, &findings)
        } else {
            findings.error(
                "unknown-config", "topics have no config `\(name)`", at: keyPlace(name),
                help: "the names are those of Apache Kafka's topic configs, and Confluent's own, `confluent.*`")
        }
    }

    // MARK: Values

    private func check(_ known: ConfigDefinition, _ value: String, _ findings: inout Findings) {
        guard !reportFault(known.values, known.name, value, &findings) else { return }
        guard let cloud = clusters.first(where: { $0.type.isCloud }) else { return }
        if known.settable == .selfManagedOnly {
            findings.warn(
                "config-not-settable",
                "`\(known.name)` cannot be set in Confluent Cloud, and `\(cloud.name)` is \(cloud.type.rawValue)",
                at: keyPlace(known.name), help: "remove it: the service refuses it, or keeps its own value")
        }
        for cluster in clusters where cluster.type.isCloud {
            guard let range = known.range(on: cluster.type), let number = known.number(value), !range.contains(number)
            else { continue }
            findings.error(
                "invalid-config-value",
                "`\(value)` is no value of `\(known.name)` on `\(cluster.name)`: \(cluster.type.rawValue) clusters take "
                    + "\(range.lowerBound) to \(range.upperBound)",
                at: valuePlace(known.name), help: "write at most \(range.upperBound), or remove the line")
            return
        }
    }

    @discardableResult
    private func reportFault(
        _ values: ConfigValues, _ name: String, _ value: String, _ findings: inout Findings
    ) -> Bool {
        guard let fault = values.fault(of: value) else { return false }
        findings.error(
            "invalid-config-value", "`\(value)` is no value of `\(name)`: it \(fault)", at: valuePlace(name),
            help: advice(values, value))
        return true
    }

    private func advice(_ values: ConfigValues, _ value: String) -> String? {
        switch values {
        case .word(let words), .list(let words):
            if let near = Suggestion.nearest(to: value, among: words) { return "did you mean `\(near)`?" }
        default: break
        }
        return values.example.map { "write \($0)" }
    }

    /// Kafka refuses a topic whose records must wait longer for compaction than they may.
    private func checkCompactionLags(_ configs: [String: String], _ findings: inout Findings) {
        func number(_ name: String) -> Int64? { configs[name].flatMap { TopicConfigs.definition(name)?.number($0) } }
        guard let least = number("min.compaction.lag.ms"), let greatest = number("max.compaction.lag.ms"),
            least > greatest
        else { return }
        findings.error(
            "invalid-config-value",
            "`min.compaction.lag.ms` \(least) is above `max.compaction.lag.ms` \(greatest)",
            at: valuePlace("min.compaction.lag.ms"), help: "lower it, or raise `max.compaction.lag.ms`")
    }

    private func keyPlace(_ name: String) -> Place { object.keyPlace(name, in: path) }
    private func valuePlace(_ name: String) -> Place { object.valuePlace(name, in: path) }
}

extension ConfigDefinition {
    fileprivate func number(_ value: String) -> Int64? { values.canonical(value).flatMap { Int64($0) } }

    /// What a kind of cluster takes, where that is less than Kafka's own limits.
    fileprivate func range(on type: ClusterType) -> ClosedRange<Int64>? {
        guard type.isCloud, let inCloud else { return nil }
        guard name == "max.message.bytes", [.basic, .standard].contains(type) else { return inCloud }
        return inCloud.lowerBound...8_388_608
    }
}

/// Names of configs that people may have meant.
enum ConfigNames {
    /// The near name: one that differs in two letters, or only in what stands between the words.
    static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let known = known.sorted()
        return Suggestion.nearest(to: name, among: known) ?? known.first { letters($0) == letters(name) }
    }

    private static func letters(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
