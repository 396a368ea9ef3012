import Domain

/// Collects the explicitly set entries of `GET …/topics/-/configs`, or of one topic's configs.
///
/// `is_default` says nothing for topics: it is false for the broker's own settings too. Explicitly set means
/// `source = DYNAMIC_TOPIC_CONFIG`.
struct TopicConfigRows: RowCollector {
    private(set) var configs: [String: [String: String]] = [:]
    private var topic = ""
    private var spelling: [UInt8] = []

    private struct Entry {
        var topic: JSONCursor.Text?
        var name: JSONCursor.Text?
        var value: JSONCursor.Text?
        var isExplicit = false
    }

    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        let entry = try Self.entry(&cursor, bytes)
        guard let topic = entry.topic else { throw .malformed("a config has no topic_name") }
        if spelling.isEmpty || !topic.isSpelt(spelling, in: bytes) {
            self.topic = try topic.string(in: bytes)
            spelling = topic.spelling(in: bytes)
            if configs[self.topic] == nil { configs[self.topic] = [:] }
        }
        guard entry.isExplicit, let name = try entry.name?.string(in: bytes),
            let value = try entry.value?.string(in: bytes)
        else { return }
        configs[self.topic, default: [:]][name] = value
    }

    private static func entry(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) -> Entry {
        try cursor.step(over: .openBrace, bytes)
        var entry = Entry()
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("topic_name", in: bytes) {
                entry.topic = try cursor.optionalText(bytes)
            } else if try key.equals("name", in: bytes) {
                entry.name = try cursor.optionalText(bytes)
            } else if try key.equals("value", in: bytes) {
                entry.value = try cursor.optionalText(bytes)
            } else if try key.equals("source", in: bytes) {
                entry.isExplicit = try cursor.optionalText(bytes)?.equals("DYNAMIC_TOPIC_CONFIG", in: bytes) ?? false
            } else {
                try cursor.skip(bytes)
            }
        }
        return entry
    }
}
