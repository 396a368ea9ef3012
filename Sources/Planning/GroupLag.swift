package import Domain

/// How far the copies of a group are behind, as far as it was seen.
package enum GroupLag {
    /// The lag of every family of which it is known: the rest has no entry, and keeps what was measured before.
    package static func measured(_ plan: Plan) -> [String: Recorded.Lag] {
        plan.lags.compactMapValues(\.reading)
    }
}

extension Facts {
    /// The lag of a family on the standby that is least behind, or why no standby tells it.
    func lag(of situation: FamilySituation) -> SeenLag {
        let (topics, standbys) = copies(of: situation)
        let lags = standbys.map { lag(of: topics, on: $0, from: situation.source) }
        if let least = lags.compactMap(\.reading).min(by: { $0.records < $1.records }) { return .seen(least) }
        return .unknown(lags.flatMap(\.doubts))
    }

    /// The topics of a family, and the members that copy them from the one that holds them.
    func copies(of situation: FamilySituation) -> (topics: Set<String>, standbys: [String]) {
        let (family, holder) = (situation.family, situation.source)
        let standbys = family.members.filter { $0 != holder }
        let topics = selected(
            by: family.groups.compactMap(\.topics), declared: declaredNames(family.groups), from: holder,
            mirroredOn: standbys)
        return (topics, standbys)
    }

    /// The lag of a holder's topics on a member. It is known only when every one of them is mirrored from there by a
    /// mirror that fetches over a link that gets through.
    func lag(of topics: Set<String>, on member: String, from holder: String) -> SeenLag {
        guard let snapshot = observation.clusters[member]?.snapshot else {
            let silence = observation.clusters[member]?.silence ?? "not observed"
            return .unknown([LagDoubt(on: member, .memberUnseen(silence))])
        }
        if let silence = silenceOfSource(holder) { return .unknown([LagDoubt(on: member, .sourceUnseen(silence))]) }
        let rows = index.mirrors[member] ?? [:]
        let links = Dictionary(snapshot.links.map { ($0.name, $0) }) { first, _ in first }
        var doubts: [LagDoubt] = []
        var lag = Recorded.Lag(records: 0, worst: -1, worstPartition: nil, asOf: observation.startedAt)
        for topic in topics.sorted() {
            guard let row = rows[topic], row.isLive else {
                doubts.append(LagDoubt(topic, on: member, .noMirror))
                continue
            }
            if let doubt = doubt(about: row, over: links[row.link], from: holder) {
                doubts.append(LagDoubt(topic, on: member, doubt))
            }
            lag.add(row)
        }
        return doubts.isEmpty && !topics.isEmpty ? .seen(lag) : .unknown(doubts)
    }

    /// Why what a row tells is not the lag of now; `nil` when it is.
    func doubt(about row: ObservedMirror, over link: ObservedLink?, from holder: String) -> LagDoubt.Reason? {
        guard let link, let remote = link.remoteClusterID, remote == id(ofCluster: holder) else { return .otherSource }
        if let doubt = row.doubt(holding: observation.sites.partitionsHeld(of: row.sourceTopic, on: holder)) {
            return doubt
        }
        if let doubt = doubtOfEmptiness(row, at: holder) { return doubt }
        return link.interruption.map { .link("\(link.name): \($0)") }
    }

    /// Why a source feeds nobody as far as can be told; one that only denies access feeds its mirrors all the same.
    func silenceOfSource(_ holder: String) -> String? {
        switch observation.clusters[holder] {
        case .unreachable?, .broken?, .wrong?, .stranger?: observation.clusters[holder]?.silence(of: holder)
        default: nil
        }
    }
}

extension Recorded.Lag {
    mutating func add(_ row: ObservedMirror) {
        for partition in row.lags {
            records = records.plus(partition.lag)
            guard partition.lag > worst else { continue }
            worst = partition.lag
            worstPartition = "\(row.topic)[\(partition.partition)]"
        }
    }
}
