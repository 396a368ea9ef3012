package import Domain

/// How the topics of a family come to be writable on the member that becomes primary: the role table, row by row.
package struct Promotions {
    /// Why a topic keeps the move from being made, or what it may lack is not known.
    package struct Obstacle: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            /// There is no topic of that name.
            case noCopy
            /// It stays behind by a flag, and the new primary has no copy that its clients could read meanwhile.
            case leftWithoutCopy
            /// It served before, and followed nobody since.
            case staleCopy
            /// It followed until somebody ended its mirror by hand.
            case endedByHand
            /// It never was a mirror.
            case ordinary
            /// It follows another member than the holder, or a stranger.
            case mirrors(String?)
            /// Its status ends no mirror.
            case status(MirrorStatus, error: String?)
            /// Its log is being cut over a link.
            case isCut(MirrorStatus, link: String)
        }

        package let topic: String
        package let reason: Reason
    }

    /// Mirrors to end, by link and by how.
    var verbs: [String: [MirrorPromotion: [String]]] = [:]
    /// Those of them that an earlier run of this move named already: they are waited for, and nothing else.
    var underWay: Set<String> = []
    /// Mirrors to resume first, by link.
    var resumes: [String: [String]] = [:]
    /// Mirrors that are on their way to become ACTIVE and are waited for first, by link.
    var waits: [String: [String]] = [:]
    /// Links that are paused as a whole and are resumed first.
    var resumedLinks: Set<String> = []
    /// Links that are deleted by force, with everything that reads over them.
    var detached: [String: [String]] = [:]
    /// Topics that are writable already, by this move.
    var done: [String] = []
    /// Those of them that an earlier run of this move ended, or a person while it was ending them.
    var ended: Set<String> = []
    /// Those of `done` that had stopped following before, and are taken as they are.
    var diverged: [String] = []
    /// Topics without a copy.
    var absent: [String] = []
    /// Writable topics that are no copy, or followed until somebody ended it: what they lack is unknown.
    var unknown: [Obstacle] = []
    /// Topics that keep the move from being made.
    var obstacles: [Obstacle] = []
    /// Topics that stay behind on purpose.
    var left: [String] = []

    var isEmpty: Bool { verbs.isEmpty && detached.isEmpty }

    mutating func end(_ topic: String, on link: String, by verb: MirrorPromotion) {
        verbs[link, default: [:]][verb, default: []].append(topic)
    }

    /// Mirrors of one link with one verb, in a stable order.
    func batches(on cluster: String) -> [(verb: MirrorPromotion, mirrors: LinkedMirrors)] {
        verbs.sorted { $0.key < $1.key }.flatMap { link, byVerb in
            byVerb.sorted { $0.key.rawValue < $1.key.rawValue }.map { verb, topics in
                (verb, LinkedMirrors(cluster: cluster, link: link, topics: topics.sorted()))
            }
        }
    }

    /// Mirrors that nobody has named to a verb yet: what a fence and a drain are proven for.
    func following(on cluster: String) -> [LinkedMirrors] {
        batches(on: cluster).compactMap { _, mirrors in
            let topics = mirrors.topics.filter { !underWay.contains($0) }
            return topics.isEmpty ? nil : LinkedMirrors(cluster: cluster, link: mirrors.link, topics: topics)
        }
    }

    /// Topics by how they end.
    var counts: [String: Int] {
        var counts: [String: Int] = [:]
        for (verb, topics) in verbs.values.joined() { counts[verb.rawValue, default: 0] += topics.count }
        for topics in detached.values { counts["detach", default: 0] += topics.count }
        if !done.isEmpty { counts["done"] = done.count }
        return counts
    }
}

extension Facts {
    /// The role table for every topic of a family on the member that becomes primary. A topic that is left behind is
    /// judged like any other: leaving passes no gate.
    func promotions(of topics: Set<String>, _ situation: FamilySituation, _ kind: RecordedMoves.Kind) -> Promotions {
        let family = situation.family
        let cluster = family.primary
        var promotions = Promotions()
        let rows = index.mirrors[cluster] ?? [:]
        let live = observation.clusters[cluster]?.snapshot?.topics ?? [:]
        for topic in topics.sorted() {
            let isLeft = options.left.contains(topic) || situation.openMove?.left.contains(topic) ?? false
            if let row = rows[topic], row.isLive {
                let source = member(family, atTheOtherEndOf: row.link, on: cluster)
                if isLeft {
                    leave(row, source: source, situation, kind, &promotions)
                } else {
                    end(row, source: source, situation, kind, &promotions)
                }
            } else if live[topic] == nil {
                judgeAbsent(topic, isLeft: isLeft, family, kind, &promotions)
            } else {
                judgeWritable(topic, rows[topic], situation, kind, &promotions)
            }
        }
        return promotions
    }

    /// A mirror that goes on as it is.
    private func leave(
        _ row: ObservedMirror, source: String?, _ situation: FamilySituation, _ kind: RecordedMoves.Kind,
        _ promotions: inout Promotions
    ) {
        promotions.left.append(row.topic)
        if kind == .failover, source != situation.source, situation.source != situation.family.primary {
            promotions.unknown.append(.init(topic: row.topic, reason: .mirrors(source)))
        }
    }

    private func judgeAbsent(
        _ topic: String, isLeft: Bool, _ family: GroupFamily, _ kind: RecordedMoves.Kind, _ promotions: inout Promotions
    ) {
        if isLeft, !hasClients(family) {
            promotions.left.append(topic)
            if kind == .failover { promotions.absent.append(topic) }
        } else if isLeft {
            promotions.obstacles.append(.init(topic: topic, reason: .leftWithoutCopy))
        } else if kind == .failover {
            promotions.absent.append(topic)
        } else {
            promotions.obstacles.append(.init(topic: topic, reason: .noCopy))
        }
    }

    /// Whether applications are sent to wherever a family is primary.
    private func hasClients(_ family: GroupFamily) -> Bool {
        let groups = Set(family.groups.map(\.name))
        return workspace.clientBindings.values.contains { binding in
            guard case .failoverGroup(let group) = binding.target else { return false }
            return groups.contains(group) || !groups.isDisjoint(with: binding.uses)
        }
    }

    /// A topic that is writable there already.
    private func judgeWritable(
        _ topic: String, _ row: ObservedMirror?, _ situation: FamilySituation, _ kind: RecordedMoves.Kind,
        _ promotions: inout Promotions
    ) {
        let cluster = situation.family.primary
        if let open = situation.openMove, open.to == cluster, open.isPast, !open.left.contains(topic),
            row != nil || open.hasDetached(topic), isStillFenced(topic, open, situation)
        {
            promotions.ended.insert(topic)
            return promotions.done.append(topic)
        }
        if isHome(topic, situation) { return promotions.done.append(topic) }
        if takesDiverged(cluster, situation) {
            promotions.diverged.append(topic)
            return promotions.done.append(topic)
        }
        if isStaleCopy(topic, on: cluster, situation) || isPromoted(topic, on: cluster, situation) {
            return promotions.obstacles.append(.init(topic: topic, reason: .staleCopy))
        }
        let reason: Promotions.Obstacle.Reason = row == nil ? .ordinary : .endedByHand
        kind == .failover
            ? promotions.unknown.append(.init(topic: topic, reason: reason))
            : promotions.obstacles.append(.init(topic: topic, reason: reason))
    }

    /// Whether what kept writers from the side that a move leaves, when it promoted a topic, does so still. A move that
    /// was being taken back has let them in again: its promoted copies lack what was written since, and go forward again
    /// only as former copies do.
    private func isStillFenced(_ topic: String, _ open: RecordedMoves.Move, _ situation: FamilySituation) -> Bool {
        if open.letsWritersIn ?? false { return false }
        guard open.kind == .switchover, let there = observation.clusters[open.from]?.snapshot?.denials else {
            return true
        }
        let written = situation.moves.fences[open.from]?.written ?? []
        return written.filter { $0.resourceName == topic }.isSubset(of: there)
    }

    private func end(
        _ row: ObservedMirror, source: String?, _ situation: FamilySituation, _ kind: RecordedMoves.Kind,
        _ promotions: inout Promotions
    ) {
        let holder = situation.source
        let isReverted = holder == situation.family.primary
        guard source == holder || isReverted || kind == .failover else {
            return promotions.obstacles.append(.init(topic: row.topic, reason: .mirrors(source)))
        }
        if kind == .failover {
            return failOver(row, isAside: source != holder && !isReverted, source, situation, &promotions)
        }
        let verb: MirrorPromotion = isReversible(row, from: source, situation.family) ? .reverse : .promote
        switch row.status {
        case .pendingStopped, .pendingSynchronize:
            // One that the run knew nothing of was begun by somebody else, and is fenced and drained like any other.
            let isNamed =
                situation.openMove.map {
                    $0.isPast && $0.to == situation.family.primary && $0.snapshot[$0.to]?[row.topic] != nil
                } ?? false
            if isNamed { promotions.underWay.insert(row.topic) }
            promotions.end(row.topic, on: row.link, by: verb)
        case .active: promotions.end(row.topic, on: row.link, by: verb)
        case .paused:
            promotions.resumes[row.link, default: []].append(row.topic)
            promotions.end(row.topic, on: row.link, by: verb)
        case .linkPaused where !isPausedOnPurpose(situation.family):
            promotions.resumedLinks.insert(row.link)
            promotions.waits[row.link, default: []].append(row.topic)
            promotions.end(row.topic, on: row.link, by: verb)
        case .pendingMirror, .pendingSetupForRestore, .pendingRestore, .other:
            promotions.waits[row.link, default: []].append(row.topic)
            promotions.end(row.topic, on: row.link, by: verb)
        default:
            promotions.obstacles.append(.init(topic: row.topic, reason: .status(row.status, error: row.error)))
        }
    }

    /// - Parameter isAside: Whether it follows somebody else than the holder.
    private func failOver(
        _ row: ObservedMirror, isAside: Bool, _ source: String?, _ situation: FamilySituation,
        _ promotions: inout Promotions
    ) {
        let link = "\(situation.family.primary)/\(row.link)"
        if options.detached.contains(link) || situation.openMove?.detached?.contains(link) ?? false {
            return promotions.detached[row.link, default: []].append(row.topic)
        }
        switch row.status {
        case .pendingRestore, .pendingSetupForRestore:
            promotions.obstacles.append(.init(topic: row.topic, reason: .isCut(row.status, link: link)))
        default:
            if isAside { promotions.unknown.append(.init(topic: row.topic, reason: .mirrors(source))) }
            promotions.end(row.topic, on: row.link, by: .failover)
        }
    }

    /// Whether copies of a member are taken although they stopped following, by a flag of this run or of the move.
    private func takesDiverged(_ member: String, _ situation: FamilySituation) -> Bool {
        if options.adoptDiverged.contains("\(member)@\(situation.epoch)") { return true }
        guard let open = situation.openMove, open.to == member else { return false }
        return open.adopted?.contains { $0.hasPrefix("\(member)@") } ?? false
    }

    /// Whether the manifest itself keeps the family's links paused.
    private func isPausedOnPurpose(_ family: GroupFamily) -> Bool {
        family.linkSettings.configs["cluster.link.paused"] == "true"
    }

    /// A reverse needs both halves of the link, and a mirror that nobody is promoting. Where a half is missing or somebody
    /// began to promote, the mirror is promoted, and its source follows once the half is there again.
    private func isReversible(_ row: ObservedMirror, from source: String?, _ family: GroupFamily) -> Bool {
        guard isBidirectional(row.link, on: family.primary), row.status != .pendingStopped else { return false }
        guard row.status != .pendingSynchronize, let source, let there = observation.clusters[source]?.snapshot else {
            return true
        }
        return there.links.contains { $0.name == row.link }
    }

    func isBidirectional(_ link: String, on cluster: String) -> Bool {
        observation.clusters[cluster]?.snapshot?.links.first { $0.name == link }?.mode == .bidirectional
    }

    /// Whether clients that nobody restarted may write to a writable copy: its member served, by the ledger or because
    /// the holder's own copy came from it.
    func isStaleCopy(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
        if situation.moves.demoted[member] != nil { return true }
        if situation.holder != member, mayHaveServed(member, situation) { return true }
        guard let holder = situation.holder, holder != member, let row = index.mirrors[holder]?[topic], !row.isLive
        else { return false }
        return self.member(situation.family, atTheOtherEndOf: row.link, on: holder) == member
    }
}

extension Promotions.Obstacle {
    /// `orders has no copy`.
    ///
    /// - Parameter holder: The member that is left.
    package func words(besides holder: String) -> String {
        let what =
            switch reason {
            case .noCopy: "has no copy"
            case .leftWithoutCopy: "has no copy, and --leave would send its clients away from the only one"
            case .staleCopy: "is a former copy that stopped following, not a mirror"
            case .endedByHand: "was made an ordinary topic by hand"
            case .ordinary: "is an ordinary topic, not a copy"
            case .mirrors(let source): "mirrors \(source ?? "another cluster") and not \(holder)"
            case .status(let status, let error): "is \(status)" + (error.map { " (\($0))" } ?? "")
            case .isCut(let status, let link):
                "is \(status): its log is being cut (--detach \(link) ends it where it is)"
            }
        return "\(topic) \(what)"
    }
}

extension RecordedMoves.Move {
    /// Whether a topic without a row was a mirror when the move began, and lost its row with a link that the move
    /// deleted by force.
    func hasDetached(_ topic: String) -> Bool {
        !(detached ?? []).isEmpty && snapshot[to]?[topic] != nil
    }
}
