import Domain

/// How far the new side of a move has come, as its own mirrors tell.
extension Facts {
    /// Mirrors that are without lag by their own word alone: nothing shows that they have everything.
    func positionsLost(_ draft: MoveDraft) -> [LinkProblem] {
        let rows = index.mirrors[draft.target] ?? [:]
        // Leaving a topic behind passes no gate: what it may lack is lost to its clients all the same.
        let judged = draft.kind == .failover ? draft.topics : draft.topics.subtracting(draft.promotions.left)
        return judged.sorted().compactMap { topic in
            guard let row = rows[topic], row.isLive,
                case .position(let partition)? = row.doubt(
                    holding: observation.sites.partitionsHeld(of: row.sourceTopic, on: draft.holder))
            else { return nil }
            return .position(topic: topic, partition: partition)
        }
    }

    /// Last fetched source offset of every partition of the live mirrors on a member.
    func fetched(_ topics: Set<String>, on member: String) -> [String: [Int64]] {
        var offsets: [String: [Int64]] = [:]
        let rows = index.mirrors[member] ?? [:]
        for topic in topics {
            guard let row = rows[topic], row.isLive, !row.lags.isEmpty else { continue }
            var byPartition = [Int64](repeating: -1, count: (row.lags.map(\.partition).max() ?? -1) + 1)
            for lag in row.lags where byPartition.indices.contains(lag.partition) {
                byPartition[lag.partition] = lag.lastSourceFetchOffset
            }
            offsets[topic] = byPartition
        }
        return offsets
    }

    /// Records behind as the target last knew, a lower bound, with the topics of which it knows nothing.
    func lag(of draft: MoveDraft) -> (known: Recorded.Lag, unknown: [String]) {
        var lag = Recorded.Lag(records: 0, worst: -1, worstPartition: nil, asOf: lastContact(of: draft))
        let rows = index.mirrors[draft.target] ?? [:]
        for topic in draft.topics.sorted() {
            if let row = rows[topic], row.isLive { lag.add(row) }
        }
        return (lag, Set(doubts(draft).map(\.topic) + draft.promotions.unknown.map(\.topic)).sorted())
    }

    /// When the new side last heard of the old one, as far as it is remembered.
    fileprivate func lastContact(of draft: MoveDraft) -> Timestamp {
        let answered = recorded.sites.clusters[draft.holder]?.lastAnswered
        guard silence(ofCluster: draft.holder) != nil else { return observation.startedAt }
        return recorded.lag[draft.family.name]?.asOf ?? answered ?? observation.startedAt
    }

    func doubts(_ draft: MoveDraft) -> [TopicDoubt] {
        let rows = index.mirrors[draft.target] ?? [:]
        let links = observation.clusters[draft.target]?.snapshot?.links ?? []
        let isCutOff = draft.kind == .failover && silence(ofCluster: draft.holder) != nil
        // Leaving a topic behind passes no gate: what it may lack is lost to its clients all the same.
        let judged = draft.kind == .failover ? draft.topics : draft.topics.subtracting(draft.promotions.left)
        return judged.sorted().compactMap { topic in
            guard let row = rows[topic], row.isLive, !draft.isPast else { return nil }
            if isCutOff, [.sourceUnavailable, .linkFailed].contains(row.status) { return nil }
            let link = links.first { $0.name == row.link }
            switch doubt(about: row, over: link, from: draft.holder) {
            case nil: return nil
            case .position(let partition)?: return TopicDoubt(topic: topic, cause: .position(partition: partition))
            case .unplaced(let partition)?: return TopicDoubt(topic: topic, cause: .unplaced(partition: partition))
            case .notFetching(let status)?: return TopicDoubt(topic: topic, cause: .notFetching(status))
            case .otherSource?: return TopicDoubt(topic: topic, cause: .otherSource)
            case .link(let problem)?:
                return isCutOff ? nil : TopicDoubt(topic: topic, cause: .link(problem: problem))
            case .memberUnseen?, .sourceUnseen?, .noMirror?, .incomplete?:
                return TopicDoubt(topic: topic, cause: .incomplete)
            }
        }
    }
}
