import SimulatorServer
import TestSupport

extension FieldChapters {
    /// Topics of one cluster. The copies that Kafka keeps are those of brokers that people run themselves.
    static let topics = FieldChapter(
        name: "Topic", estate: Sites.estate(),
        documents: { stage in
            Sites.documents(stage) + [
                Documents.of("Topic", "orders", [:]), Documents.of("Topic", "plain", ["cluster": "west"]),
            ]
        },
        entries: [
            FieldEntry(
                "Header apiVersion", of: "Topic/plain", set: .shows("spillway/v1", "plain"),
                changed: .refused("spillway/v2", by: "unknown-version"), removed: .refused(nil, by: "missing-field")
            ) { try await $0.live("topics/plain", on: "west")["topic_name"] },
            FieldEntry(
                "Header kind", of: "Topic/plain", set: .shows("Topic", "plain"),
                changed: .refused("Topics", by: "unknown-kind"), removed: .refused(nil, by: "missing-field")
            ) { try await $0.live("topics/plain", on: "west")["topic_name"] },
            FieldEntry(
                "Header metadata.name", of: "Topic/orders", set: .shows("orders", "orders.v1"),
                changed: .shows("renamed", "orders.v1"), removed: .refused(nil, by: "missing-field")
            ) { try await $0.live("topics/orders.v1", on: "west")["topic_name"] },
            FieldEntry(
                "Topic spec.cluster", of: "Topic/orders", set: .shows("west", ["orders.v1", "plain"]),
                changed: .refused("east", by: "Immutable"), removed: .refused(nil, by: "missing-choice")
            ) { try await $0.names("topic_name", in: "topics", on: "west") },
            FieldEntry(
                "Topic spec.topicName", of: "Topic/orders", set: .shows("orders.v1", "orders.v1"),
                changed: .refused("orders.v2", by: "Immutable"), removed: .refused(nil, by: "Immutable")
            ) { try await $0.live("topics/orders.v1", on: "west")["topic_name"] },
            FieldEntry(
                "Topic spec.partitions", of: "Topic/orders", set: .shows(2, 2), changed: .shows(4, 4),
                removed: .shows(nil, 4), never: [.refused(1, by: "Partitions"), .refused(0, by: "out-of-range")]
            ) { try await $0.live("topics/orders.v1", on: "west")["partitions_count"] },
            FieldEntry(
                "Topic spec.replicationFactor", of: "Topic/orders", set: .shows(3, 3),
                changed: .refused(2, by: "replication-factor-not-3"), removed: .shows(nil, 3)
            ) { try await $0.live("topics/orders.v1", on: "west")["replication_factor"] },
            FieldEntry(
                "Topic spec.configs", of: "Topic/plain", set: .shows(["retention.ms": "1d"], "86400000"),
                changed: .shows(["retention.ms": 60000], "60000"), removed: .shows(nil, "604800000"),
                never: [
                    .refused(["retention.ns": 1], by: "unknown-config"),
                    .refused(["retention.ms": "soon"], by: "invalid-config-value"),
                ]
            ) { try await $0.config("retention.ms", of: "topics/plain", on: "west") },
        ])
}
