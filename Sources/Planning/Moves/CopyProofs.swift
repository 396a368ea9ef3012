import Domain

/// May this copy be destroyed? Which copies of a member stand beside those of the holder, whether one of them is known to hold
/// nothing that the holder lacks, and what keeps it although somebody consented.
extension Facts {
    /// Whether a member mirrors the holder with any of some topics.
    func follows(_ topics: Set<String>, on member: String, _ situation: FamilySituation) -> Bool {
        let rows = index.mirrors[member] ?? [:]
        return topics.contains { topic in
            guard let row = rows[topic], row.isLive else { return false }
            return self.member(situation.family, atTheOtherEndOf: row.link, on: member) == situation.source
        }
    }

    /// Copies among some topics that clients can write although another member serves: writers are kept from them.
    func staleCopies(_ topics: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
        guard let snapshot = observation.clusters[member]?.snapshot else { return [] }
        let rows = index.mirrors[member] ?? [:]
        let isReplacedAtOnce = situation.family.leader.reprotect != .manual
        return topics.filter { topic in
            guard snapshot.topics[topic] != nil, !(rows[topic]?.isLive ?? false) else { return false }
            if isPromoted(topic, on: member, situation) {
                return !(isReplacedAtOnce && isLossless(topic, on: member, situation))
            }
            return isStaleCopy(topic, on: member, situation) || options.withoutLineage.contains(member)
        }
    }

    /// What writers are kept from on a member that neither serves nor is about to: all of one that was left, and copies
    /// of others that clients can write.
    func copiesToFence(_ topics: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
        situation.moves.demoted[member] != nil ? topics : staleCopies(topics, on: member, situation)
    }

    /// Topics of the holder that a member holds as former copies, or as mirrors of another member.
    func writableCopies(
        of topics: Set<String>, on member: String, _ snapshot: KafkaSnapshot, _ situation: FamilySituation
    ) -> Set<String> {
        let rows = index.mirrors[member] ?? [:]
        let hasMoved = situation.moves.serving != nil || situation.epoch > 0
        return topics.filter { topic in
            if let row = rows[topic], row.isLive {
                guard hasMoved, let source = self.member(situation.family, atTheOtherEndOf: row.link, on: member) else {
                    return false
                }
                return source != situation.source
            }
            guard snapshot.topics[topic] != nil else { return false }
            return isStaleCopy(topic, on: member, situation) || isPromoted(topic, on: member, situation)
                || options.withoutLineage.contains(member)
        }
    }

    /// Whether a copy became writable in a move that was given up before it served.
    func isPromoted(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
        guard let open = situation.openMove, open.to == member, open.isPast,
            situation.moves.serving?.epoch != open.epoch
        else { return false }
        return index.mirrors[member]?[topic].map { !$0.isLive } ?? open.hasDetached(topic)
    }

    /// Topics that a consent names which an earlier run began to use, and that were not replaced since.
    func consentedBefore(on member: String, _ situation: FamilySituation) -> Set<String> {
        Set(situation.moves.discards?[member] ?? []).filter { topic in
            recorded.owned[ResourceAddress(.mirror, in: member, topic)] == nil
        }
    }

    /// Copies that the server can truncate: the holder's own copy came from them over a bidirectional link, and ended.
    func restorable(_ copies: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
        let family = situation.family
        guard family.leader.reprotect == .restore, family.linkSettings.mode == .bidirectional else { return [] }
        return copies.filter { topic in
            guard !(index.mirrors[member]?[topic]?.isLive ?? false),
                let row = index.mirrors[situation.source]?[topic], !row.isLive
            else { return false }
            return self.member(family, atTheOtherEndOf: row.link, on: situation.source) == member
                && isBidirectional(row.link, on: situation.source)
        }
    }

    // MARK: Proof

    /// Whether a copy is known to hold nothing that the holder lacks. What was shown of a side that was left is true of
    /// the topics that were moved away from it, and of no other.
    func isLossless(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
        if let demotion = situation.moves.demoted[member], demotion.topics?.contains(topic) ?? true {
            return demotion.proof == .lossless
        }
        if isPromoted(topic, on: member, situation) {
            return !mayHaveServed(member, situation)
                && !workspace.clientBindings.values.contains { $0.target == .cluster(member) }
        }
        guard let row = index.mirrors[member]?[topic], row.isLive else { return false }
        return isNotAhead(topic, on: member, situation)
    }

    /// Whether clients may have been sent to a member before: those that were not restarted since still write there. Only
    /// moves that are remembered from the first one on show that they were not.
    func mayHaveServed(_ member: String, _ situation: FamilySituation) -> Bool {
        guard let made = situation.moves.made, let first = made.first else { return situation.servingEpoch > 0 }
        return first.epoch > 1 || made.contains { $0.from == member || $0.to == member }
    }

    /// Whether everything of the side that is left is shown to be in topics whose mirrors an earlier run of a switchover
    /// named: those that ended since, and those that are about to.
    ///
    /// Nobody asks who ended them. A promotion that is stuck in PENDING_STOPPED is failed over by hand, which keeps what was
    /// fetched and fetches nothing more: the copy holds what it held, which need not be everything. What shows that it was
    /// everything is the order of the move (``MoveOrder``). That it is past its point of no return is recorded behind
    /// three things: everybody was denied writes to these topics, which was tried and read back; the source's ends stood
    /// still; and behind that each mirror stood at these ends, without lag, in every partition. Nothing is written to a
    /// source that is fenced like this, so whatever ends the mirror, and wherever it stands then, the copy has every
    /// position that was there at the drain. Lifting the fence takes the proof away (`letsWritersIn`).
    ///
    /// It holds for what that run saw and nothing else: the fence was complete when the move began, not only by what the
    /// manifests say now; and the topic was a mirror then, for which positions were recorded. A topic that was declared
    /// while the move was under way may have been ended by hand before anybody fenced or drained it. Where it is not seen,
    /// the side that is left is diverged: its copies go by a consent.
    fileprivate func isDrained(_ topic: String, by open: RecordedMoves.Move) -> Bool {
        open.isPast && open.hasCompleteFence && open.snapshot[open.to]?[topic] != nil
    }

    /// Whether that is so of all topics that a move finds ended, or about to end.
    func hasArrived(_ promotions: Promotions, _ open: RecordedMoves.Move?) -> Bool {
        let before = promotions.ended.union(promotions.underWay)
        guard let open else { return before.isEmpty }
        return before.allSatisfy { isDrained($0, by: open) }
    }

    /// Whether a mirror of another member has fetched no further than the holder had when the move began.
    private func isNotAhead(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
        guard let open = situation.openMove else { return false }
        if open.kind == .switchover, open.hasCompleteFence { return true }
        guard let held = open.snapshot[situation.source]?[topic],
            let own = fetched([topic], on: member)[topic]
                ?? open.snapshot[member]?[topic]
        else { return false }
        // A position that is not known, where records are known to be, proves nothing.
        let nonempty = observation.sites.partitionsHeld(of: topic, on: open.from)
        return own.enumerated().allSatisfy { partition, offset in
            held.indices.contains(partition) && held[partition] >= 0 && offset <= held[partition]
                && (offset >= 0 || !nonempty.contains(partition))
        }
    }

    // MARK: Conditions

    /// What keeps copies from being destroyed although somebody consented.
    func obstacleToReturning(
        _ copies: Set<String>, _ member: String, _ situation: FamilySituation
    ) -> RefusedWork? {
        let family = situation.family
        func refused(
            _ gate: Refusal.Gate, _ reason: FamilyReason, _ group: FailoverGroupSpec, _ field: String
        ) -> RefusedWork {
            RefusedWork(
                refusal: Refusal(
                    gate, subject: "FailoverGroup \(family.name) on \(member)", .family(reason),
                    origin: ManifestOrigin("FailoverGroup", group.name, field)),
                addresses: copies.map { ResourceAddress(.mirror, in: member, $0) })
        }
        if let group = family.groups.first(where: \.metadata.protect), !copies.isEmpty {
            return refused(.protect, .protected, group, "metadata.protect")
        }
        let isStale = !staleCopies(copies, on: member, situation).isEmpty
        if isStale, let group = family.groups.first(where: { $0.fence == nil }) {
            let named = family.groups.count == 1 ? nil : group.name
            return refused(.fence, .unfencedCopies(member: member, group: named), group, "spec.fence")
        }
        return nil
    }

    func unreadableBinding(of family: GroupFamily) -> String? {
        for binding in family.groups.flatMap({ index.bindingsOfGroups[$0.name] ?? [] }) {
            for address in binding.addresses {
                guard let reach = observation.stores[address], reach.snapshot == nil else { continue }
                if case .absent = reach { continue }
                return reach.silence(of: address.description)
            }
        }
        return nil
    }
}
