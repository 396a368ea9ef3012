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

    let member: String
    /// Topics that can be truncated to where the holder went on; the others are deleted.
    let restorable: Set<String>
    /// Topics whose copies are replaced, in the order of their waves.
    let topics: [String]
    /// Place of each topic in that order.
    let positions: [String: Int]
    /// The consent that is used; `nil` when nothing can be lost.
    let token: String?
    /// What the consent loses, as far as it can be measured.
    let divergence: RecordedMoves.Divergence?
    /// The unit behind which copies are destroyed.
    let confirmation: ResourceAddress
    let wave: Int

    func method(of topic: String) -> Method {
        restorable.contains(topic) ? .restore : .recreate
    }

    /// The topics of the wave before that of a topic.
    func topicsBefore(_ topic: String) -> ArraySlice<String> {
        let start = ((positions[topic] ?? 0) / wave) * wave
        return topics[max(0, start - wave)..<start]
    }
}

extension Planner {
    /// How a member stands to the holder.
    mutating func standing(
        of member: String, _ situation: FamilySituation, _ topics: Set<String>
    ) -> MemberStanding {
        let family = situation.family
        let wasDemoted = situation.moves.demoted[member] != nil
        if family.leader.reprotect == .retire, wasDemoted { return .retired }
        guard let snapshot = observation.clusters[member]?.snapshot else {
            guard wasDemoted || situation.moves.fences[member] != nil, let silence = silence(ofCluster: member) else {
                return .follows
            }
            return .dark(silence)
        }
        let copies = writableCopies(of: topics, on: member, snapshot, situation)
        guard !copies.isEmpty else { return .follows }
        return judge(copies, on: member, situation)
    }

    /// Topics of the holder that a member holds as former copies, or as mirrors of another member.
    private func writableCopies(
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

    private mutating func judge(
        _ copies: Set<String>, on member: String, _ situation: FamilySituation
    ) -> MemberStanding {
        let family = situation.family
        let isLossless = isLossless(copies, on: member, situation)
        let token = situation.token(for: member)
        let isConsented = family.leader.discard.contains(token) || situation.moves.discarded.contains(token)
        guard family.leader.reprotect != .manual else {
            decide(copies, member, situation, isLossless: isLossless, token: token)
            return .waits
        }
        guard isLossless || isConsented else {
            decide(copies, member, situation, isLossless: false, token: token)
            return .waits
        }
        if let obstacle = obstacleToReturning(copies, member, situation) {
            refusals.append(obstacle)
            return .waits
        }
        if let dark = silence(ofCluster: situation.source) ?? unreadableBinding(of: family) { return .dark(dark) }
        let ordered = copies.sorted()
        let restorable = restorable(copies, on: member, situation)
        if let readers = readers(of: restorable, on: member) {
            hold(returnOf: member, situation, waitsFor: readers)
            return .waits
        }
        return .returns(
            ReturnPlan(
                member: member, restorable: restorable, topics: ordered,
                positions: Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) }),
                token: isLossless ? nil : token,
                divergence: isLossless ? nil : divergence(of: copies, on: member, situation),
                confirmation: Self.confirmation(of: member, family),
                wave: max(1, workspace.spec.policy.wave)))
    }

    /// Copies that the server can truncate: the holder's own copy came from them over a bidirectional link, and ended.
    private func restorable(_ copies: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
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

    /// Consumer groups that keep copies from being truncated: the service restores nothing while they have members.
    private mutating func readers(of copies: Set<String>, on member: String) -> String? {
        guard !copies.isEmpty,
            case .readers(let groups)? = answer(to: .readers(cluster: member, topics: copies.sorted())),
            !groups.isEmpty
        else { return nil }
        return "consumers of \(groups.sorted().shortened) on \(member) to stop: nothing is truncated while a consumer "
            + "group has members (stop them, or set `reprotect: Recreate`)"
    }

    // MARK: Proof

    private func isLossless(_ copies: Set<String>, on member: String, _ situation: FamilySituation) -> Bool {
        if let demotion = situation.moves.demoted[member] { return demotion.proof == .lossless }
        let isPinned = workspace.clientBindings.values.contains { $0.target == .cluster(member) }
        return copies.allSatisfy { topic in
            if isPromoted(topic, on: member, situation) { return !isPinned }
            guard let row = index.mirrors[member]?[topic], row.isLive else { return false }
            return isNotAhead(topic, on: member, situation)
        }
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
    private func obstacleToReturning(
        _ copies: Set<String>, _ member: String, _ situation: FamilySituation
    ) -> RefusedWork? {
        let family = situation.family
        func refused(_ gate: Refusal.Gate, _ message: String, wayOut: String, _ field: String) -> RefusedWork {
            RefusedWork(
                refusal: Refusal(
                    gate, subject: "FailoverGroup \(family.name) on \(member)", message: message, wayOut: wayOut,
                    origin: ManifestOrigin("FailoverGroup", family.name, field)),
                addresses: copies.map { ResourceAddress(.mirror, in: member, $0) })
        }
        if family.groups.contains(where: { $0.metadata.protect }) {
            return refused(
                .protect, "its copies would be destroyed, but the group is protected",
                wayOut: "set `metadata.protect: false` for this change", "metadata.protect")
        }
        let isWritable = copies.contains { !(index.mirrors[member]?[$0]?.isLive ?? false) }
        let isFormer = isWritable && situation.moves.demoted[member] != nil
        if isFormer, !family.groups.allSatisfy({ $0.fence != nil }) {
            return refused(
                .fence, "nothing keeps writers from the copies on \(member) while they are replaced",
                wayOut: "declare `fence.denyWrites` (or `fence: {quiet: 10s}` when somebody else stops them)",
                "spec.fence")
        }
        return nil
    }

    private func unreadableBinding(of family: GroupFamily) -> String? {
        for binding in family.groups.flatMap({ index.bindingsOfGroups[$0.name] ?? [] }) {
            for address in binding.addresses {
                guard let reach = observation.stores[address], reach.snapshot == nil else { continue }
                if case .absent = reach { continue }
                return reach.silence(of: address.description)
            }
        }
        return nil
    }

    // MARK: Decisions

    private mutating func decide(
        _ copies: Set<String>, _ member: String, _ situation: FamilySituation, isLossless: Bool, token: String
    ) {
        let family = situation.family
        let names = copies.sorted()
        let isManual = family.leader.reprotect == .manual
        let consent = isLossless ? "" : " and `discard: [\(token)]`"
        let areMirrors = copies.allSatisfy { index.mirrors[member]?[$0]?.isLive ?? false }
        decisions.append(
            NeededDecision(
                group: family.name, member: member, topics: names,
                message: areMirrors
                    ? "\(member) still mirrors \(names.count) topics (\(names.shortened)) from where \(situation.source) did, "
                        + "and may have come further"
                    : "\(member) holds \(names.count) writable copies (\(names.shortened)) beside those of "
                        + "\(situation.source)",
                cost: isLossless
                    ? "nothing: \(situation.source) has every record" : cost(of: copies, on: member, situation),
                wayOut: isManual
                    ? "to mirror them anew: `reprotect: Recreate`\(family.linkSettings.mode == .bidirectional ? " or Restore" : "")\(consent)"
                    : "to destroy them: `discard: [\(token)]`"))
    }
}
