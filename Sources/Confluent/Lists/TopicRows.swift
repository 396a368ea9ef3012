import Domain

/// Collects the rows of `GET …/topics`.
struct TopicRows: RowCollector {
    private(set) var topics: [String: ObservedTopic] = [:]

    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        try cursor.step(over: .openBrace, bytes)
        var name: JSONCursor.Text?
        var (partitions, replicationFactor): (Int?, Int?)
        var isInternal = false
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("topic_name", in: bytes) {
                name = try cursor.optionalText(bytes)
            } else if try key.equals("partitions_count", in: bytes) {
                partitions = try cursor.optionalCount(bytes, upTo: MirrorRows.mostPartitions)
            } else if try key.equals("replication_factor", in: bytes) {
                replicationFactor = try cursor.optionalCount(bytes, upTo: MirrorRows.mostPartitions)
            } else if try key.equals("is_internal", in: bytes) {
                isInternal = try cursor.boolean(bytes)
            } else {
                try cursor.skip(bytes)
            }
        }
        guard let name else { throw .malformed("a topic has no topic_name") }
        let topic = try name.string(in: bytes)
        guard let partitions, let replicationFactor else {
            throw .malformed("topic \(topic) has no partitions_count or replication_factor")
        }
        topics[topic] = ObservedTopic(
            partitions: partitions, replicationFactor: replicationFactor, isInternal: isInternal)
    }
}
