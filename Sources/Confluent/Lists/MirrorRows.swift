import Domain

/// Collects the rows of `GET …/links/-/mirrors`.
struct MirrorRows: RowCollector {
    /// More than any cluster can have: the numbers of partitions are used as indices.
    static let mostPartitions = 1_000_000

    private(set) var mirrors: [ObservedMirror] = []

    private struct Row {
        var link: JSONCursor.Text?
        var topic: JSONCursor.Text?
        var source: JSONCursor.Text?
        var status: JSONCursor.Text?
        var error: JSONCursor.Text?
        var stateTime: Int64 = 0
        var partitions: Int?
        var lags: [ObservedMirror.PartitionLag] = []
    }

    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        let row = try Self.row(&cursor, bytes)
        guard let link = row.link, let topic = row.topic else {
            throw .malformed("a mirror has no link_name or mirror_topic_name")
        }
        let name = try topic.string(in: bytes)
        let error = try row.error?.string(in: bytes)
        mirrors.append(
            ObservedMirror(
                link: try link.string(in: bytes), topic: name,
                sourceTopic: try row.source?.string(in: bytes) ?? name,
                status: MirrorStatus(wire: try row.status?.string(in: bytes) ?? "UNKNOWN"),
                error: Self.isError(error) ? error : nil, stateTime: Timestamp(milliseconds: row.stateTime),
                lags: row.lags, partitions: row.partitions))
    }

    /// Whether a `mirror_topic_error` is one.
    private static func isError(_ word: String?) -> Bool {
        switch word {
        case nil, "", "NO_ERROR", "NOT_SET", "UNKNOWN": false
        default: true
        }
    }

    private static func row(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) -> Row {
        try cursor.step(over: .openBrace, bytes)
        var row = Row()
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("link_name", in: bytes) {
                row.link = try cursor.optionalText(bytes)
            } else if try key.equals("mirror_topic_name", in: bytes) {
                row.topic = try cursor.optionalText(bytes)
            } else if try key.equals("source_topic_name", in: bytes) {
                row.source = try cursor.optionalText(bytes)
            } else if try key.equals("mirror_status", in: bytes) {
                row.status = try cursor.optionalText(bytes)
            } else if try key.equals("mirror_topic_error", in: bytes) {
                row.error = try cursor.optionalText(bytes)
            } else if try key.equals("state_time_ms", in: bytes) {
                row.stateTime = try cursor.optionalInteger(bytes) ?? row.stateTime
            } else if try key.equals("num_partitions", in: bytes) {
                row.partitions = try cursor.optionalCount(bytes, upTo: mostPartitions)
            } else if try key.equals("mirror_lags", in: bytes) {
                row.lags = try lags(&cursor, bytes)
            } else {
                try cursor.skip(bytes)
            }
        }
        return row
    }

    private static func lags(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> [ObservedMirror.PartitionLag] {
        guard try cursor.peek(bytes) == .openBracket else {
            try cursor.skip(bytes)
            return []
        }
        try cursor.step(over: .openBracket, bytes)
        var lags: [ObservedMirror.PartitionLag] = []
        var isFirst = true
        while try cursor.nextElement(&isFirst, bytes) {
            if let lag = try lag(&cursor, bytes) { lags.append(lag) }
        }
        return lags
    }

    /// One entry; `nil` when it does not tell a partition with a number of records.
    private static func lag(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> ObservedMirror.PartitionLag? {
        try cursor.step(over: .openBrace, bytes)
        var (partition, records): (Int64?, Int64?) = (nil, nil)
        var position: Int64 = -1
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("partition", in: bytes) {
                partition = try cursor.optionalInteger(bytes)
            } else if try key.equals("lag", in: bytes) {
                records = try cursor.optionalInteger(bytes)
            } else if try key.equals("last_source_fetch_offset", in: bytes) {
                position = try cursor.optionalInteger(bytes) ?? -1
            } else {
                try cursor.skip(bytes)
            }
        }
        guard let partition, let records else { return nil }
        guard let number = Int(exactly: partition), (0...Self.mostPartitions).contains(number), records >= 0 else {
            throw .malformed("partition \(partition) of a mirror is \(records) records behind")
        }
        return .init(partition: number, lag: records, lastSourceFetchOffset: max(-1, position))
    }
}
