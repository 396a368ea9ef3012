import Planning

extension TopicReason {
    var words: RefusalWords {
        switch self {
        case .shrinks(let topic, let live, let declared):
            RefusalWords(
                "\(topic) has \(live) partitions and cannot shrink to \(declared): Kafka never removes partitions, their "
                    + "records would be lost",
                wayOut: "write `partitions: \(live)`, or create another topic and move its clients")
        case .replicationFactor(let topic, let live):
            RefusalWords(
                "\(topic) has replication factor \(live); Kafka REST cannot change it",
                wayOut: "write `replicationFactor: \(live)`, or remove the field")
        case .onApacheKafka(let cluster):
            RefusalWords(
                "cluster \(cluster) is Apache Kafka, whose topics Spillway cannot read or change",
                wayOut: "list the topic in the group's `topics.include` instead of a Topic manifest")
        case .withoutCredentials(let cluster):
            RefusalWords(
                "cluster \(cluster) declares no credentials, so its topics cannot be managed",
                wayOut: "add `credentials` to Cluster \(cluster), or remove the Topic")
        case .rejected(let topics, let cluster, let answer):
            RefusalWords(
                "\(cluster) refuses \(topics.shortened) as declared: \(answer)",
                wayOut: "correct what the message names in the Topic manifests")
        case .collides(let topic, let others, let cluster):
            RefusalWords(
                "\(topic) and \(others.joined(separator: ", ")) cannot both be on \(cluster): Kafka takes `.` and `_` for "
                    + "the same in the names of metrics, and refuses the second",
                wayOut: "rename \(topic), or exclude it from what is mirrored to \(cluster)")
        case .taken(let topic, let cluster):
            RefusalWords(
                "\(topic) is declared on \(cluster) as an ordinary topic, so no mirror can have this name there",
                wayOut: "exclude \(topic) from what is mirrored to \(cluster), or remove the Topic manifest")
        }
    }
}
