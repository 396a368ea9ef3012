import Planning
import Transport

extension SchemaRegistryAPI {
    /// Versions of the selected subjects, in one list per context.
    ///
    /// - Parameter includingDeleted: Whether versions count that are deleted softly.
    func versions(
        of selection: SubjectSelection, includingDeleted: Bool = false
    ) async throws(TransportFailure) -> Set<SchemaVersionID> {
        let lists = try await together(selection.prefixes) { prefix in
            let path = RequestPath("/schemas").querying("subjectPrefix", prefix)
                .querying("deleted", includingDeleted ? "true" : nil)
            return try await everything { offset throws(TransportFailure) in
                let page = HTTPCall(.get, path.starting(at: offset))
                let rows = try await endpoint.stream(page) { JSONListReader(SchemaRows(), isBare: true) }.sink.collector
                return (rows: rows.versions, count: rows.count)
            }
        }
        return lists.reduce(into: []) { all, list in all.formUnion(list.filter { selection.contains($0.subject) }) }
    }

    /// Deletes a version softly, or for good what was deleted softly.
    func deleteVersion(_ version: SchemaVersionID, forGood: Bool) async throws(TransportFailure) {
        let path = RequestPath("/subjects").appending(version.subject).with("/versions")
            .appending(String(version.version)).querying("permanent", forGood ? "true" : nil)
        _ = try await endpoint.send(HTTPCall(.delete, path))
    }
}
