import Domain

/// Collects the rows of `GET …/topics`.
struct TopicRows: RowCollector {
    private(set) var topics: [String: ObservedTopic] = [:]

    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        try cursor.step(over: .openBrace, bytes)
        var name: JSONCursor.Text?
        var topic = ObservedTopic(partitions: 0, replicationFactor: 0)
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("topic_name", in: bytes) {
                name = try cursor.optionalText(bytes)
            } else if try key.equals("partitions_count", in: bytes) {
                topic.partitions = try cursor.count(bytes, upTo: MirrorRows.mostPartitions)
            } else if try key.equals("replication_factor", in: bytes) {
                topic.replicationFactor = try cursor.count(bytes, upTo: MirrorRows.mostPartitions)
            } else if try key.equals("is_internal", in: bytes) {
                topic.isInternal = try cursor.boolean(bytes)
            } else {
                try cursor.skip(bytes)
            }
        }
        guard let name else { throw .malformed("a topic has no topic_name") }
        topics[try name.string(in: bytes)] = topic
    }
}
