import SimulatorCore

/// The configs of a topic with their defaults, as recorded from a live Confluent Cloud cluster.
enum TopicConfigTable {
    struct Known: Sendable {
        package var name: String
        var defaultValue: String
        /// What the brokers of Confluent Cloud are configured with instead.
        var cloudValue: String?
        /// The broker config that supplies the default.
        var brokerName: String?
        var isEditableInCloud = true
        /// Whether lists show it while nobody set it.
        var isListed = true
        package var values: Values = .text
    }

    enum Values: Sendable {
        case text
        case number(ClosedRange<Int64>)
        case decimal
        case flag
        case words([String])
    }

    private static let anyNumber = Values.number(Int64.min...Int64.max)
    private static let atLeastZero = Values.number(0...Int64.max)
    private static let forever = "9223372036854775807"

    static let all: [Known] = listed + unlisted
    static let known = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// Set on every topic of Confluent Cloud by the service itself.
    static let setByCloud = [
        ("confluent.topic.type", "standard"), ("confluent.schema.validation.context.name", "default"),
    ]

    private static let listed: [Known] = retention + messages + files

    private static let retention = [
        Known(
            name: "cleanup.policy", defaultValue: "delete", brokerName: "log.cleanup.policy",
            values: .words(["delete", "compact"])),
        Known(
            name: "delete.retention.ms", defaultValue: "86400000", brokerName: "log.cleaner.delete.retention.ms",
            values: .number(0...60_566_400_000)),
        Known(
            name: "max.compaction.lag.ms", defaultValue: forever, brokerName: "log.cleaner.max.compaction.lag.ms",
            values: .number(1...Int64.max)),
        Known(
            name: "min.compaction.lag.ms", defaultValue: "0", brokerName: "log.cleaner.min.compaction.lag.ms",
            values: atLeastZero),
        Known(
            name: "retention.bytes", defaultValue: "-1", brokerName: "log.retention.bytes",
            values: .number(-1...Int64.max)),
        Known(name: "retention.ms", defaultValue: "604800000", values: .number(-1...Int64.max)),
        Known(
            name: "segment.bytes", defaultValue: "1073741824", cloudValue: "104857600", brokerName: "log.segment.bytes",
            values: .number(14...1_073_741_824)),
        Known(name: "segment.ms", defaultValue: "604800000", values: .number(1...Int64.max)),
    ]

    private static let messages = [
        Known(
            name: "max.message.bytes", defaultValue: "1048588", cloudValue: "2097164", brokerName: "message.max.bytes",
            values: .number(0...20_971_520)),
        Known(
            name: "message.timestamp.difference.max.ms", defaultValue: forever,
            brokerName: "log.message.timestamp.difference.max.ms", values: atLeastZero),
        Known(
            name: "message.timestamp.type", defaultValue: "CreateTime", brokerName: "log.message.timestamp.type",
            values: .words(["CreateTime", "LogAppendTime"])),
        Known(
            name: "min.insync.replicas", defaultValue: "1", cloudValue: "2", brokerName: "min.insync.replicas",
            values: .number(1...2)),
        Known(
            name: "compression.type", defaultValue: "producer", brokerName: "compression.type",
            isEditableInCloud: false, values: .words(["producer", "gzip", "snappy", "lz4", "zstd", "uncompressed"])),
        Known(
            name: "message.downconversion.enable", defaultValue: "true",
            brokerName: "log.message.downconversion.enable",
            isEditableInCloud: false, values: .flag),
        Known(
            name: "message.format.version", defaultValue: "3.0-IV1", brokerName: "log.message.format.version",
            isEditableInCloud: false),
    ]

    private static let files = [
        Known(
            name: "file.delete.delay.ms", defaultValue: "60000", brokerName: "log.segment.delete.delay.ms",
            isEditableInCloud: false, values: atLeastZero),
        Known(
            name: "flush.messages", defaultValue: forever, brokerName: "log.flush.interval.messages",
            isEditableInCloud: false, values: .number(1...Int64.max)),
        Known(name: "flush.ms", defaultValue: forever, isEditableInCloud: false, values: atLeastZero),
        Known(name: "follower.replication.throttled.replicas", defaultValue: "", isEditableInCloud: false),
        Known(
            name: "index.interval.bytes", defaultValue: "4096", brokerName: "log.index.interval.bytes",
            isEditableInCloud: false, values: atLeastZero),
        Known(name: "leader.replication.throttled.replicas", defaultValue: "", isEditableInCloud: false),
        Known(
            name: "min.cleanable.dirty.ratio", defaultValue: "0.5", brokerName: "log.cleaner.min.cleanable.ratio",
            isEditableInCloud: false, values: .decimal),
        Known(
            name: "preallocate", defaultValue: "false", brokerName: "log.preallocate", isEditableInCloud: false,
            values: .flag),
        Known(
            name: "segment.index.bytes", defaultValue: "10485760", brokerName: "log.index.size.max.bytes",
            isEditableInCloud: false, values: .number(4...Int64.max)),
        Known(name: "segment.jitter.ms", defaultValue: "0", isEditableInCloud: false, values: atLeastZero),
        Known(
            name: "unclean.leader.election.enable", defaultValue: "false", brokerName: "unclean.leader.election.enable",
            isEditableInCloud: false, values: .flag),
    ]

    private static let unlisted = [
        Known(
            name: "message.timestamp.before.max.ms", defaultValue: forever, isListed: false, values: atLeastZero),
        Known(
            name: "message.timestamp.after.max.ms", defaultValue: forever, isListed: false, values: atLeastZero),
        Known(name: "confluent.key.schema.validation", defaultValue: "false", isListed: false, values: .flag),
        Known(name: "confluent.value.schema.validation", defaultValue: "false", isListed: false, values: .flag),
        Known(
            name: "confluent.key.subject.name.strategy",
            defaultValue: "io.confluent.kafka.serializers.subject.TopicNameStrategy", isListed: false),
        Known(
            name: "confluent.value.subject.name.strategy",
            defaultValue: "io.confluent.kafka.serializers.subject.TopicNameStrategy", isListed: false),
        Known(name: "confluent.schema.validation.context.name", defaultValue: "default", isListed: false),
    ]

    /// What Kafka says against setting a config; `nil` when it accepts it.
    static func fault(_ name: String, _ value: String, on kind: Cluster.Kind) -> String? {
        guard let config = known[name] else { return "Unknown topic config name: \(name)" }
        if kind.isCloud, !config.isEditableInCloud {
            return "Config property '\(name)' is not allowed to be set or changed: policy violation."
        }
        switch config.values {
        case .text: return nil
        case .flag:
            return ["true", "false"].contains(value)
                ? nil : invalid(name, value, "Expected value to be either true or false")
        case .decimal:
            return Double(value).map { (0...1).contains($0) } == true
                ? nil : invalid(name, value, "Not a number in 0…1")
        case .words(let words):
            let parts = value.split(separator: ",").map(\.trimmingSpaces)
            return !parts.isEmpty && parts.allSatisfy(words.contains)
                ? nil : invalid(name, value, "String must be one of: \(words.joined(separator: ", "))")
        case .number(let range):
            guard let number = Int64(value) else { return invalid(name, value, "Not a number of type LONG") }
            return faultOfNumber(name, number, within: limits(name, range, on: kind))
        }
    }

    /// The limits of Confluent Cloud; a cluster that people run themselves has none above Kafka's own.
    private static func limits(
        _ name: String, _ range: ClosedRange<Int64>, on kind: Cluster.Kind
    ) -> ClosedRange<Int64> {
        switch name {
        case "max.message.bytes" where kind.isCloud:
            range.lowerBound...(kind == .dedicated ? 20_971_520 : 8_388_608)
        case "max.message.bytes", "min.insync.replicas", "delete.retention.ms":
            kind.isCloud ? range : range.lowerBound...Int64.max
        default: range
        }
    }

    private static func faultOfNumber(_ name: String, _ number: Int64, within range: ClosedRange<Int64>) -> String? {
        if number > range.upperBound {
            return "Config property '\(name)' with value '\(number)' exceeded max limit of \(range.upperBound)."
        }
        return number < range.lowerBound
            ? "Config property '\(name)' with value '\(number)' exceeded min limit of \(range.lowerBound)." : nil
    }

    private static func invalid(_ name: String, _ value: String, _ reason: String) -> String {
        "Invalid value \(value) for configuration \(name): \(reason)"
    }
}
