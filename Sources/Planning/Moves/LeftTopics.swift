import Domain

/// Topics that a move left behind: clients are sent to the primary, where these are mirrors still. Nobody writes them
/// until a later move brings them, too.
extension Facts {
    /// The topics that are mirrors on the primary, and the member that each of them is mirrored from.
    func topicsLeftBehind(by situation: FamilySituation) -> [String: String] {
        let family = situation.family
        guard hasMoved(situation) else { return [:] }
        return (index.mirrors[family.primary] ?? [:]).values.reduce(into: [:]) { homes, row in
            guard row.isLive, topics(of: family).contains(row.topic) else { return }
            homes[row.topic] = member(family, atTheOtherEndOf: row.link, on: family.primary)
        }
    }

    fileprivate func hasMoved(_ situation: FamilySituation) -> Bool {
        situation.moves.serving != nil || situation.epoch > 0
    }

    /// Which of them no move can bring as they are. A paused one is resumed by its move, and one that is being made goes
    /// on by itself; one that is being ended by hand, or has failed, holds nobody knows what: somebody decides about it.
    func stuck(_ topics: Set<String>, on cluster: String) -> [String: MirrorStatus] {
        topics.reduce(into: [:]) { stuck, topic in
            guard let status = index.mirrors[cluster]?[topic]?.status, !status.isOnItsWay,
                ![.active, .paused, .linkPaused].contains(status)
            else { return }
            stuck[topic] = status
        }
    }

    /// Which of them are still on their way to being mirrors.
    fileprivate func unsettled(_ topics: Set<String>, on cluster: String) -> [String: MirrorStatus] {
        (index.mirrors[cluster] ?? [:]).filter { topics.contains($0.key) && $0.value.status.isOnItsWay }
            .mapValues(\.status)
    }

    /// Whether a topic that clients can write on the declared primary was left there, and is mirrored to the holder.
    func isHome(_ topic: String, _ situation: FamilySituation) -> Bool {
        let family = situation.family
        guard hasMoved(situation) else { return false }
        guard situation.source != family.primary else {
            return situation.bringsTheRest && !isStaleCopy(topic, on: family.primary, situation)
        }
        guard let row = index.mirrors[situation.source]?[topic], row.isLive else { return false }
        return member(family, atTheOtherEndOf: row.link, on: situation.source) == family.primary
    }

    /// Topics of a family that a member mirrors from another one.
    func mirrored(from source: String, on cluster: String, _ family: GroupFamily) -> Set<String> {
        Set(
            (index.mirrors[cluster] ?? [:]).values.lazy.filter { row in
                row.isLive && self.member(family, atTheOtherEndOf: row.link, on: cluster) == source
            }.map(\.topic))
    }
}

extension GroupPhase {
    /// The move of what was left behind, as soon as nothing stands against it; until then a note says what does.
    mutating func moveOfTheRest(_ situation: FamilySituation, _ owner: LinkOwner) -> MoveDraft? {
        let behind = facts.topicsLeftBehind(by: situation)
        let isBegun = situation.moves.isBringingTheRest
        guard isBegun || !behind.isEmpty else { return nil }
        let draft = facts.draft(situation)
        if isBegun, draft.isPast { return draft }
        guard let obstacle = obstacleToFollowing(Set(behind.keys), draft) else { return draft }
        // Clients that have nothing else to write to cannot wait for it: what stands against it is refused, with its way out.
        if case .gates = obstacle, facts.writableTopics(of: draft.family, on: draft.target).isEmpty { return draft }
        written.notes.append(
            Plan.Note(
                .leftBehind(behind.keys.sorted(), by: draft.refused, obstacle), about: owner.description))
        return nil
    }

    /// What keeps it from being tried at all, else what its gates say.
    private mutating func obstacleToFollowing(_ behind: Set<String>, _ draft: MoveDraft) -> LeftTopicsObstacle? {
        let situation = draft.situation
        if situation.openMove != nil, !situation.moves.isBringingTheRest { return .openMove }
        if options.reverted.contains(draft.family.name) { return .reversion }
        if situation.moves.demoted[draft.holder] != nil { return .noStandby }
        if behind.isSubset(of: options.left) { return .option }
        let stuck = facts.stuck(behind, on: draft.target)
        guard stuck.isEmpty else { return .stuck(stuck) }
        let unsettled = facts.unsettled(behind, on: draft.target)
        guard unsettled.isEmpty else { return .unsettled(unsettled) }
        let findings = findings(on: draft).filter { $0.override.map { !draft.overrides.contains($0) } ?? true }
        return findings.isEmpty ? nil : .gates(findings.map(\.reason))
    }
}

extension FamilySituation {
    /// Whether a move now would bring what was left behind: the declared primary serves already, and no reversal that
    /// never served is to be taken back.
    var bringsTheRest: Bool {
        source == family.primary && (openMove == nil || moves.isBringingTheRest)
    }
}
