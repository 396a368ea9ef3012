import Planning

/// Collects the rows of `GET /schemas`: which versions there are, without their text.
struct SchemaRows: RowCollector {
    private(set) var versions: Set<SchemaVersionID> = []
    /// How many rows there were.
    private(set) var count = 0

    mutating func readRow(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONFault) {
        try cursor.step(over: .openBrace, bytes)
        var subject: JSONCursor.Text?
        var version: Int64?
        var id: Int64?
        var isFirst = true
        while let key = try cursor.nextKey(&isFirst, bytes) {
            if try key.equals("subject", in: bytes) {
                subject = try cursor.optionalText(bytes)
            } else if try key.equals("version", in: bytes) {
                version = try cursor.optionalInteger(bytes)
            } else if try key.equals("id", in: bytes) {
                id = try cursor.optionalInteger(bytes)
            } else {
                try cursor.skip(bytes)
            }
        }
        guard let subject, let version, let id else { throw .malformed("a schema has no subject, version or id") }
        let name = SubjectSelection.shortest(try subject.string(in: bytes))
        versions.insert(SchemaVersionID(subject: name, version: Int(version), id: Int(id)))
        count += 1
    }
}
