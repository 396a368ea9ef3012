import Domain

/// What only the copies on a side that was left hold.
extension GroupPhase {
    /// What destroying copies would lose.
    mutating func costs(of copies: Set<String>, on member: String, _ situation: FamilySituation) -> [CopyCost] {
        let schemas = schemaCost(of: member, situation)
        let lag = situation.moves.demoted[member]?.lastKnownLag ?? 0
        let records = divergence(of: copies, on: member, situation).map(CopyCost.records)
        return [records ?? .unknownRecords(lastKnownLag: lag), schemas].compactMap(\.self)
    }

    /// What destroying copies would lose, as far as it can be measured: by the server's own preview on bidirectional
    /// links, else by where the logs end for consumer groups; `nil` = nothing is known.
    mutating func divergence(
        of copies: Set<String>, on member: String, _ situation: FamilySituation
    ) -> RecordedMoves.Divergence? {
        previewed(copies, on: member, situation) ?? compared(copies, on: member, situation)
    }

    private mutating func previewed(
        _ copies: Set<String>, on member: String, _ situation: FamilySituation
    ) -> RecordedMoves.Divergence? {
        let family = situation.family
        guard family.linkSettings.mode == .bidirectional,
            let link = observation.clusters[member]?.snapshot?.links.first(where: {
                facts.member(family, of: $0, on: member) == situation.source && $0.mode == .bidirectional
            })
        else { return nil }
        let mirrors = LinkedMirrors(cluster: member, link: link.name, topics: copies.sorted())
        guard case .truncation(let cut, _)? = answer(to: .truncation(mirrors)), !cut.isEmpty else { return nil }
        return RecordedMoves.Divergence(
            records: cut.values.compactMap(\.self).boundedSum,
            isLowerBound: cut.values.contains { $0 == nil } || cut.count < copies.count)
    }

    /// Where the copies end now, against how far the new primary had followed them.
    private mutating func compared(
        _ copies: Set<String>, on member: String, _ situation: FamilySituation
    ) -> RecordedMoves.Divergence? {
        guard workspace.clusters[member]?.type == .dedicated, let fetched = situation.moves.demoted[member]?.fetched,
            case .ends(let ends)? = answer(to: .ends(cluster: member, topics: copies.sorted()))
        else { return nil }
        var (records, unknown): (Int64, Int) = (0, 0)
        let topics = observation.clusters[member]?.snapshot?.topics ?? [:]
        for topic in copies {
            guard let partitions = topics[topic]?.partitions else {
                unknown += 1
                continue
            }
            for partition in 0..<partitions {
                guard let end = ends[topic]?[partition], let offsets = fetched[topic],
                    offsets.indices.contains(partition), offsets[partition] >= 0
                else {
                    unknown += 1
                    continue
                }
                records = records.plus(max(0, end.minus(offsets[partition])))
            }
        }
        return records == 0 && unknown > 0
            ? nil : RecordedMoves.Divergence(records: records, isLowerBound: unknown > 0)
    }
}
