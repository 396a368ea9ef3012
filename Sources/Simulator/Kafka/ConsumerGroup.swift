/// A partition of a named topic.
struct TopicPartition: Sendable, Hashable {
    var topic: String
    var partition: Int
}

/// A consumer group with its committed offsets.
struct ConsumerGroup: Sendable {
    var state = "EMPTY"
    var offsets: [TopicPartition: Int64] = [:]

    /// Whether members keep the group in use, which stops offset sync into it.
    var isInUse: Bool {
        !["EMPTY", "DEAD"].contains(state)
    }

    /// The committed offsets in the order of their topics and partitions.
    var sortedOffsets: [(place: TopicPartition, offset: Int64)] {
        offsets.map { (place: $0.key, offset: $0.value) }
            .sorted { ($0.place.topic, $0.place.partition) < ($1.place.topic, $1.place.partition) }
    }
}
