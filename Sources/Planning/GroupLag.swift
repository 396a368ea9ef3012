public import Domain

/// How far the mirrors of a group are behind, as the destinations last knew it.
public enum GroupLag {
    /// The lag of every group whose mirrors were seen, on the member that is least behind.
    ///
    /// A partition that was never fetched says nothing and is left out; a group without a fetched partition has no
    /// entry. Neither has one whose source is silent: what destinations know of it then is as old as their last
    /// contact, and the moment of an earlier measurement is to be kept.
    public static func measured(_ workspace: Workspace, _ observation: Observation) -> [String: Recorded.Lag] {
        var lags: [String: Recorded.Lag] = [:]
        for family in GroupFamily.all(in: workspace) where !observation.isSilent(family.primary) {
            let perMember = family.secondaries.compactMap { member in
                observation.clusters[member]?.snapshot.flatMap {
                    lag(
                        of: family, on: $0, source: observation.sites.clusters[family.primary]?.id,
                        at: observation.startedAt)
                }
            }
            guard let least = perMember.min(by: { $0.records < $1.records }) else { continue }
            lags[family.name] = least
        }
        return lags
    }

    private static func lag(
        of family: GroupFamily, on snapshot: KafkaSnapshot, source: String?, at time: Timestamp
    ) -> Recorded.Lag? {
        let links = Set(snapshot.links.filter { $0.remoteClusterID == source }.map(\.name))
        var lag = Recorded.Lag(records: 0, worst: -1, worstPartition: nil, asOf: time)
        var hasFetched = false
        for mirror in snapshot.mirrors where mirror.status != .stopped && links.contains(mirror.link) {
            for partition in mirror.lags where partition.lastSourceFetchOffset >= 0 {
                hasFetched = true
                lag.records = lag.records.plus(partition.lag)
                guard partition.lag > lag.worst else { continue }
                lag.worst = partition.lag
                lag.worstPartition = "\(mirror.topic)[\(partition.partition)]"
            }
        }
        return hasFetched ? lag : nil
    }
}

extension Observation {
    /// Whether a cluster gave no answer of its own; one that only denies access feeds its mirrors all the same.
    fileprivate func isSilent(_ cluster: String) -> Bool {
        switch clusters[cluster] {
        case .unreachable?, .broken?, .throttled?: true
        default: false
        }
    }
}
