import SimulatorCore

/// A partition of a named topic.
package struct TopicPartition: Sendable, Hashable {
    package var topic: String
    package var partition: Int

    package init(topic: String, partition: Int) {
        self.topic = topic
        self.partition = partition
    }
}

/// A consumer group with its committed offsets.
package struct ConsumerGroup: Sendable {
    package var state = "EMPTY"
    package var offsets: [TopicPartition: Int64] = [:]

    package init(state: String = "EMPTY", offsets: [TopicPartition: Int64] = [:]) {
        self.state = state
        self.offsets = offsets
    }

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
