import Domain

/// What a member that does not serve is to become.
enum MemberStanding {
    /// It mirrors the holder, or starts to: nothing stands in the way.
    case follows
    /// Its writable copies are replaced by mirrors.
    case returns(ReturnPlan)
    /// It holds writable copies about which somebody has to decide.
    case waits
    /// It does not answer; its return is worked on when it does.
    case dark(String)
    /// It is left for good.
    case retired
}

/// How the copies of a member become mirrors again.
struct ReturnPlan {
    enum Method {
        /// Deleted and mirrored anew.
        case recreate
        /// Truncated to where the holder went on (`truncate-and-restore`).
        case restore
    }

    /// What somebody consented to lose, by a token that was not used before.
    struct Consent {
        let token: String
        /// What it names: topics, and schemas that only the member's registry holds.
        let named: Set<String>
        /// What they hold alone, as far as it can be measured.
        let divergence: RecordedMoves.Divergence?
    }

    let member: String
    /// Topics that can be truncated to where the holder went on; the others are deleted.
    let restorable: Set<String>
    /// Topics whose copies are replaced, in the order of their waves.
    let topics: [String]
    /// Place of each topic in that order.
    let positions: [String: Int]
    /// Topics whose copies hold nothing that the holder lacks.
    let lossless: Set<String>
    /// The consent that is used now; `nil` when nothing can be lost, or an earlier run used it.
    let consent: Consent?
    /// Topics whose copies wait for a decision while the member follows with the others.
    let undecided: Set<String>
    /// The unit behind which copies are destroyed.
    let confirmation: ResourceAddress
    let wave: Int

    func method(of topic: String) -> Method {
        restorable.contains(topic) ? .restore : .recreate
    }

    /// Why a copy may be destroyed, in words.
    func grounds(for topic: String) -> String {
        if lossless.contains(topic) { return "lossless" }
        guard let consent, consent.named.contains(topic) else { return "by a consent that is in use" }
        return "consent \(consent.token)"
    }

    /// The topics of the wave before that of a topic.
    func topicsBefore(_ topic: String) -> ArraySlice<String> {
        let start = ((positions[topic] ?? 0) / wave) * wave
        return topics[max(0, start - wave)..<start]
    }
}

extension GroupPhase {
    /// How a member stands to the holder.
    mutating func standing(
        of member: String, _ situation: FamilySituation, _ topics: Set<String>
    ) -> MemberStanding {
        let family = situation.family
        let wasDemoted = situation.moves.demoted[member] != nil
        if family.leader.reprotect == .retire, wasDemoted { return .retired }
        guard let snapshot = observation.clusters[member]?.snapshot else {
            guard wasDemoted || situation.moves.fences[member] != nil, let silence = facts.silence(ofCluster: member)
            else {
                return .follows
            }
            return .dark(silence)
        }
        let copies = facts.writableCopies(of: topics, on: member, snapshot, situation)
        guard !copies.isEmpty else { return .follows }
        return judge(copies, on: member, situation, isFollowing: facts.follows(topics, on: member, situation))
    }

    /// Copies are replaced that hold nothing alone, or that a consent names; those that it does not name wait.
    private mutating func judge(
        _ copies: Set<String>, on member: String, _ situation: FamilySituation, isFollowing: Bool
    ) -> MemberStanding {
        let family = situation.family
        let lossless = copies.filter { facts.isLossless($0, on: member, situation) }
        let given = facts.consentedBefore(on: member, situation)
        let unnamed = copies.subtracting(lossless).subtracting(given)
        let named = unnamed.isEmpty ? [] : unnamed.union(schemasLost(of: member, situation))
        let token = unnamed.isEmpty ? nil : situation.token(for: member, named)
        if let token { consents.tokens.insert(token) }
        let isConsented = token.map(family.leader.discard.contains) ?? true
        consents.topics[member] = isConsented && family.leader.reprotect != .manual ? named : []
        var replaced = isConsented ? copies : copies.subtracting(unnamed)
        if family.leader.reprotect == .manual || !(isConsented || isFollowing || !given.isDisjoint(with: copies)) {
            replaced = []
        }
        let undecided = copies.subtracting(replaced)
        if !undecided.isEmpty { decide(undecided, member, situation, token: token, named: unnamed) }
        guard !replaced.isEmpty || isFollowing else { return .waits }
        if let obstacle = facts.obstacleToReturning(replaced, member, situation) {
            written.refusals.append(obstacle)
            return .waits
        }
        if !replaced.isEmpty,
            let dark = facts.silence(ofCluster: situation.source) ?? facts.unreadableBinding(of: family)
        {
            return .dark(dark)
        }
        let ordered = replaced.sorted()
        let restorable = facts.restorable(replaced, on: member, situation)
        if let readers = readers(of: restorable, on: member) {
            hold(returnOf: member, situation, waitsFor: readers)
            return .waits
        }
        return .returns(
            ReturnPlan(
                member: member, restorable: restorable, topics: ordered,
                positions: Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) }),
                lossless: lossless,
                consent: token.flatMap { token in
                    unnamed.isSubset(of: replaced)
                        ? .init(
                            token: token, named: named, divergence: divergence(of: unnamed, on: member, situation))
                        : nil
                }, undecided: undecided, confirmation: Facts.confirmation(of: member, family),
                wave: max(1, workspace.spec.policy.wave)))
    }

    // MARK: Decisions

    /// - Parameters:
    ///   - token: The consent that is missing; `nil` when nothing would be lost.
    ///   - named: The copies that it names.
    private mutating func decide(
        _ copies: Set<String>, _ member: String, _ situation: FamilySituation, token: String?, named: Set<String>
    ) {
        let family = situation.family
        let names = copies.sorted()
        let isManual = family.leader.reprotect == .manual
        let consent = token.map { " and `discard: [\($0)]`" } ?? ""
        let areMirrors = copies.allSatisfy { index.mirrors[member]?[$0]?.isLive ?? false }
        written.decisions.append(
            NeededDecision(
                group: family.name, member: member, topics: names,
                message: areMirrors
                    ? "\(member) still mirrors \(names.count) topics (\(names.shortened)) from where \(situation.source) did, "
                        + "and may have come further"
                    : "\(member) holds \(names.count) writable copies (\(names.shortened)) beside those of "
                        + "\(situation.source)",
                cost: named.isEmpty
                    ? "nothing: \(situation.source) has every record" : cost(of: named, on: member, situation),
                wayOut: isManual
                    ? "to mirror them anew: `reprotect: Recreate`\(family.linkSettings.mode == .bidirectional ? " or Restore" : "")\(consent)"
                    : "to destroy them: `discard: [\(token ?? "")]`", token: token))
    }

    // MARK: Consents that do nothing

    /// A consent that was used, or that names nothing which is to be destroyed, is inert: it is told, so that it goes.
    mutating func noteInertConsents(_ situation: FamilySituation, _ standings: [String: MemberStanding]) {
        let family = situation.family
        let about = LinkOwner(family).description
        for token in family.leader.discard where !consents.tokens.contains(token) {
            let member = String(token.prefix(upTo: token.lastIndex(of: "@") ?? token.endIndex))
            if case .dark? = standings[member] { continue }
            let isUsed = situation.moves.discarded.contains(token)
            if isUsed, situation.moves.discards?[member] != nil { continue }
            let why = isUsed ? "was used" : "names no copies that are to be destroyed now"
            written.notes.append(
                Plan.Note("`discard: [\(token)]` \(why): it does nothing any more, and can be removed", about: about))
        }
        guard let consent = family.leader.failover, consent.from != family.primary,
            situation.moves.spent.contains(RecordedMoves.Consent(from: consent.from, incident: consent.incident))
        else { return }
        written.notes.append(
            Plan.Note(
                "`failover` of \(consent.incident) was used: it does nothing any more, and can be removed", about: about
            ))
    }
}

extension Facts {
    /// Whether a member mirrors the holder with any of some topics.
    fileprivate func follows(_ topics: Set<String>, on member: String, _ situation: FamilySituation) -> Bool {
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
        return topics.filter { topic in
            snapshot.topics[topic] != nil && !(rows[topic]?.isLive ?? false)
                && !isPromoted(topic, on: member, situation)
                && (isFormer(topic, on: member, situation) || options.withoutLineage.contains(member))
        }
    }

    /// Topics of the holder that a member holds as former copies, or as mirrors of another member.
    fileprivate func writableCopies(
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
            return isFormer(topic, on: member, situation) || isPromoted(topic, on: member, situation)
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
    fileprivate func consentedBefore(on member: String, _ situation: FamilySituation) -> Set<String> {
        Set(situation.moves.discards?[member] ?? []).filter { topic in
            recorded.owned[ResourceAddress(.mirror, in: member, topic)] == nil
        }
    }

    /// Copies that the server can truncate: the holder's own copy came from them over a bidirectional link, and ended.
    fileprivate func restorable(_ copies: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
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
    fileprivate func isLossless(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
        if let demotion = situation.moves.demoted[member], demotion.topics?.contains(topic) ?? true {
            return demotion.proof == .lossless
        }
        if isPromoted(topic, on: member, situation) {
            return !workspace.clientBindings.values.contains { $0.target == .cluster(member) }
        }
        guard let row = index.mirrors[member]?[topic], row.isLive else { return false }
        return isNotAhead(topic, on: member, situation)
    }

    /// Whether a mirror of another member has fetched no further than the holder had when the move began.
    fileprivate func isNotAhead(_ topic: String, on member: String, _ situation: FamilySituation) -> Bool {
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
    fileprivate func obstacleToReturning(
        _ copies: Set<String>, _ member: String, _ situation: FamilySituation
    ) -> RefusedWork? {
        let family = situation.family
        func refused(
            _ gate: Refusal.Gate, _ message: String, wayOut: String, _ group: FailoverGroupSpec, _ field: String
        ) -> RefusedWork {
            RefusedWork(
                refusal: Refusal(
                    gate, subject: "FailoverGroup \(family.name) on \(member)", message: message, wayOut: wayOut,
                    origin: ManifestOrigin("FailoverGroup", group.name, field)),
                addresses: copies.map { ResourceAddress(.mirror, in: member, $0) })
        }
        if let group = family.groups.first(where: \.metadata.protect), !copies.isEmpty {
            return refused(
                .protect, "its copies would be destroyed, but the group is protected",
                wayOut: "set `metadata.protect: false` for this change", group, "metadata.protect")
        }
        let isStale = !staleCopies(copies, on: member, situation).isEmpty
        if isStale, let group = family.groups.first(where: { $0.fence == nil }) {
            let bare = family.groups.count == 1 ? "" : "group \(group.name): "
            return refused(
                .fence, "\(bare)nothing keeps writers from the copies on \(member) while they are replaced",
                wayOut: Self.fencesToDeclare
                    + (bare.isEmpty ? "" : " in FailoverGroup \(group.name)"), group, "spec.fence")
        }
        return nil
    }

    fileprivate func unreadableBinding(of family: GroupFamily) -> String? {
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
