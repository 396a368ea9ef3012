import Domain

/// Whether a partition is empty at its source, of which a mirror tells lag 0 without a position.
///
/// A mirror tells so of a partition that never had a record, and just as well of one that it has not asked for yet, or no
/// longer knows its place in: the row alone proves nothing. Such a partition counts as empty, and its lag as 0, when
/// - nothing remembers that it holds records (``KnownSites/partitionsHeld(of:on:)``), and
/// - its source says that the log ends at 0, as far as the lags of consumer groups tell it (``Probe/ends(cluster:topics:)``).
///   Where none tells (no group reads the partition, or the cluster tells no lags), the mirror must have been fetching for
///   ``Facts/timeToAsk``.
///
/// So a topic that was just made is without lag some seconds later, although no record was ever written to it. Whether the
/// source answers whoever plans makes no difference to that: a mirror has credentials of its own. Where the source is silent,
/// what is told of such a partition is as old as the last contact with it, like every lag.
extension Facts {
    /// How long a mirror is given to hear from its source: after that, one that still tells no position has none to tell.
    ///
    /// It is a rule of thumb, no proof, and counts only where nobody tells where the log ends. A mirror over a link that
    /// gets through takes its first fetch within a second or so: it signs in, and a fetch that finds nothing is answered
    /// after half a second. Five seconds leave room for a busy broker, and keep a topic that really is empty from holding
    /// a move up for longer than a look or two.
    static let timeToAsk: Duration = .seconds(5)

    fileprivate func questionOfEnds(of source: String) -> Probe? {
        guard workspace.clusters[source]?.type == .dedicated, observation.clusters[source]?.snapshot != nil,
            let topics = unplacedTopics[source]
        else { return nil }
        return .ends(cluster: source, topics: topics)
    }

    /// Why it is not known that a row's partitions without a position are empty; `nil` when it is known of all of them.
    func doubtOfEmptiness(_ row: ObservedMirror, at source: String) -> LagDoubt.Reason? {
        let unplaced = row.unplaced
        guard !unplaced.isEmpty else { return nil }
        var ends: [Int: Int64] = [:]
        if let question = questionOfEnds(of: source) {
            guard let answer = answers[question] else { return .unplaced(partition: unplaced[0]) }
            if case .ends(let told) = answer { ends = told[row.sourceTopic] ?? [:] }
        }
        if let held = unplaced.first(where: { ends[$0] ?? 0 > 0 }) { return .position(partition: held) }
        guard let untold = unplaced.first(where: { ends[$0] == nil }), !hasAsked(row, source) else { return nil }
        return .unplaced(partition: untold)
    }

    /// Whether a mirror has certainly had an answer from its source, or can have none any more.
    fileprivate func hasAsked(_ row: ObservedMirror, _ source: String) -> Bool {
        if silenceOfSource(source) != nil { return true }
        return row.stateTime.milliseconds > 0 && observation.startedAt.since(row.stateTime) >= Self.timeToAsk
    }
}

extension GroupPhase {
    /// Asks where those logs of a source end in which mirrors tell no position.
    mutating func askForEnds(of source: String) {
        guard let question = facts.questionOfEnds(of: source) else { return }
        _ = answer(to: question)
    }
}

extension Observation {
    /// Topics in which mirrors tell no position, and of which it is not remembered why, by the cluster they are read from.
    var unplacedTopics: [String: [String]] {
        let names = Dictionary(sites.clusters.map { ($0.value.id, $0.key) }) { first, _ in first }
        var topics: [String: Set<String>] = [:]
        for snapshot in clusters.values.lazy.compactMap(\.snapshot) {
            let sources = Dictionary(snapshot.links.map { ($0.name, $0.remoteClusterID) }) { first, _ in first }
            for row in snapshot.mirrors where row.isLive {
                guard let id = sources[row.link] ?? nil, let source = names[id] else { continue }
                let unplaced = Set(row.unplaced)
                guard !unplaced.isSubset(of: sites.partitionsHeld(of: row.sourceTopic, on: source)) else { continue }
                topics[source, default: []].insert(row.sourceTopic)
            }
        }
        return topics.mapValues { $0.sorted() }
    }
}
