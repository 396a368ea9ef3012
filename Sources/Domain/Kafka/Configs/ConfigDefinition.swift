/// What is known of one config of a topic or of a link.
package struct ConfigDefinition: Hashable, Sendable {
    /// Who lets it be set.
    package enum Settable: Hashable, Sendable {
        /// Everybody who knows it.
        case anywhere
        /// Clusters that people run themselves; Confluent Cloud refuses it (recorded, *Kafka REST v3: topic configs*).
        case selfManagedOnly
    }

    /// Who knows the name.
    package enum Source: String, Hashable, Sendable {
        /// Apache Kafka 3.9, *Topic configs*.
        case kafka = "Apache Kafka 3.9, topic configs"
        /// Confluent Server, *Topic configurations*.
        case confluentServer = "Confluent Server, topic configurations"
        /// Confluent Platform and Cloud, *Cluster Linking: link properties*.
        case clusterLinking = "Confluent, Cluster Linking: link properties"
    }

    /// Wire name.
    package let name: String
    /// The values that the broker takes.
    package let values: ConfigValues
    /// Who lets it be set.
    package let settable: Settable
    /// What the brokers of Confluent Cloud take at most, where it is less than Kafka's own.
    package let inCloud: ClosedRange<Int64>?
    /// Where this is written down.
    package let source: Source
    /// The name of the broker's config that people mean when they write it for a topic.
    package let brokerName: String?
    /// Whether services set it on every topic by themselves.
    package let isSetByService: Bool

    init(
        _ name: String, _ values: ConfigValues, _ source: Source, settable: Settable = .anywhere,
        inCloud: ClosedRange<Int64>? = nil, brokerName: String? = nil, isSetByService: Bool = false
    ) {
        self.name = name
        self.values = values
        self.settable = settable
        self.inCloud = inCloud
        self.source = source
        self.brokerName = brokerName
        self.isSetByService = isSetByService
    }
}

extension ConfigValues {
    /// Java's `int`.
    static func int(_ least: Int64, _ greatest: Int64 = Int64(Int32.max), _ unit: Unit = .none) -> ConfigValues {
        .integer(least...greatest, unit)
    }
    /// Java's `long`, in milliseconds.
    static func milliseconds(from least: Int64) -> ConfigValues { .integer(least...Int64.max, .milliseconds) }
    /// Java's `long`, in bytes.
    static func bytes(from least: Int64) -> ConfigValues { .integer(least...Int64.max, .bytes) }
}
