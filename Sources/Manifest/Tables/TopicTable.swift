extension Table {
    static let topic = Table(
        name: "Topic",
        doc: "One topic on one cluster, or of one group.",
        fields: [
            Field("spec.cluster", .reference(.cluster), .absent, .no, "Cluster that holds it, writable."),
            Field(
                "spec.failoverGroup", .reference(.failoverGroup), .absent, .no,
                "Group it moves with: writable on the primary, mirrored elsewhere."),
            Field("spec.topicName", .string, .described("metadata.name"), .no, "Name in Kafka."),
            Field(
                "spec.partitions", .integer(minimum: 1), .described("unmanaged; server default on create"), .grow,
                "Partition count; shrinking is an error."),
            Field(
                "spec.replicationFactor", .integer(minimum: 1), .described("unmanaged; server default on create"), .no,
                "Replication factor; Confluent Cloud accepts 3 only."),
            Field(
                "spec.configs", .map(.scalar), .value("{}"), .yes,
                "Topic configs; keys listed here, or set by Spillway before, are managed (removing one resets "
                    + "it); others are shown as unmanaged and left alone."),
            Field(
                "spec.deletionPolicy", .enumeration(["Retain", "Delete"]), .value("Retain"), .yes,
                "When it leaves the manifests."),
        ],
        choices: [.exactlyOne(["cluster", "failoverGroup"], at: "spec")])
}
