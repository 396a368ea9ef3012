import Domain

/// One move of a family as it is being planned: what was decided so far, for the gates and the steps.
struct MoveDraft {
    let situation: FamilySituation
    let kind: RecordedMoves.Kind
    let holder: String
    let epoch: Int
    let topics: Set<String>
    let promotions: Promotions
    let fence: FenceWanted
    let consent: MoveConsent?
    /// Gates that may be passed, by flag or by the consent.
    let overrides: Set<GateOverride>
    /// Whether it brings what an earlier move left behind: the new side serves already, and the schemas are there.
    let isOfTheRest: Bool

    var family: GroupFamily { situation.family }
    var target: String { family.primary }
    var open: RecordedMoves.Move? {
        guard let open = situation.openMove, open.to == target else { return nil }
        return open
    }
    var isPast: Bool { open?.isPast ?? false }
    /// The move as a refusal names it.
    var refused: RefusedMove { RefusedMove(kind, from: holder, to: target) }
    /// Whether every topic changes sides by a reverse, which leaves the old side read-only by itself.
    var isReverse: Bool {
        !promotions.verbs.isEmpty && promotions.detached.isEmpty
            && promotions.verbs.values.allSatisfy { Set($0.keys) == [.reverse] }
    }
}

/// The consent to go on without the side that is left.
struct MoveConsent {
    let incident: String
    let overrides: Set<GateOverride>
}

extension Facts {
    /// The draft of the move from the holder to the declared primary.
    func draft(_ situation: FamilySituation) -> MoveDraft {
        let family = situation.family
        let holder = left(by: situation)
        let consent = consent(to: situation, from: holder)
        let open = situation.openMove.flatMap { $0.to == family.primary ? $0 : nil }
        let kind: RecordedMoves.Kind =
            consent != nil ? .failover : isWithdrawn(open, family) ? .switchover : open?.kind ?? .switchover
        let others = family.members.filter { $0 != holder }
        var topics = selected(
            by: family.groups.compactMap(\.topics), declared: declaredNames(family.groups), from: holder,
            mirroredOn: others)
        if situation.bringsTheRest {
            topics.subtract(mirrored(from: family.primary, on: holder, family))
        }
        return MoveDraft(
            situation: situation, kind: kind, holder: holder, epoch: open?.epoch ?? situation.epoch.plus(1),
            topics: topics, promotions: promotions(of: topics, situation, kind),
            fence: fence(of: family, around: topics), consent: consent,
            overrides: options.overrides.union(consent?.overrides ?? [])
                .union(isWithdrawn(open, family) ? [] : open?.overrides ?? []),
            isOfTheRest: situation.bringsTheRest)
    }

    /// The member that is left: the holder, or, when the holder itself is to go on, the one that a reversal which never
    /// served made its source.
    private func left(by situation: FamilySituation) -> String {
        let family = situation.family
        guard situation.source == family.primary else { return situation.source }
        if let open = situation.openMove, situation.moves.isBringingTheRest { return open.from }
        let rows = (index.mirrors[family.primary] ?? [:]).values.filter { row in
            row.isLive && topics(of: family).contains(row.topic)
        }
        return rows.compactMap { member(family, atTheOtherEndOf: $0.link, on: family.primary) }.min()
            ?? situation.source
    }

    /// Whether a failover was only begun, and is to be a switchover: nobody consents to a loss any more, and the side that
    /// was to be left answers.
    private func isWithdrawn(_ open: RecordedMoves.Move?, _ family: GroupFamily) -> Bool {
        guard let open, open.kind == .failover, !open.isPast, !options.overrides.contains(.alive) else { return false }
        return family.leader.failover == nil && observation.clusters[open.from]?.snapshot != nil
    }

    /// An unspent consent that names the holder.
    private func consent(to situation: FamilySituation, from left: String) -> MoveConsent? {
        let family = situation.family
        for group in family.groups {
            if let flag = options.failovers[group.name], flag.member == family.primary {
                return MoveConsent(incident: flag.incident, overrides: [])
            }
        }
        guard let declared = family.leader.failover, declared.from == left else { return nil }
        let isSpent = [left, situation.source].contains { from in
            situation.moves.spent.contains(RecordedMoves.Consent(from: from, incident: declared.incident))
        }
        guard !isSpent else { return nil }
        return MoveConsent(incident: declared.incident, overrides: Set(declared.overrides))
    }

    /// The environment whose registry serves a member.
    func environment(of member: String) -> String? {
        workspace.clusters[member]?.environment
    }

    /// Contexts a family's schemas are in; empty when it moves none.
    func contexts(of family: GroupFamily) -> [RegistryContext] {
        let subjects = family.groups.compactMap(\.schemas).flatMap(\.subjects)
        guard !subjects.isEmpty else { return [] }
        return contexts(reachedBy: subjects, in: family.members.compactMap { environment(of: $0) })
    }

    /// The contexts that subjects reach; where they mean every context, those that the registries are seen to have.
    func contexts(reachedBy subjects: [String], in environments: [String]) -> [RegistryContext] {
        if let named = RegistryContext.reached(bySubjects: subjects) { return named }
        let seen = environments.flatMap { environment -> [RegistryContext] in
            guard let snapshot = observation.registries[environment]?.snapshot else { return [] }
            return Array(snapshot.subjects.keys) + snapshot.modes.keys
        }
        return Set(seen + [.standard]).sorted()
    }

    /// Whether a move takes schemas along.
    func movesSchemas(_ draft: MoveDraft) -> Bool {
        !draft.isOfTheRest && movesSchemas(draft.family, from: draft.holder, to: draft.target)
    }

    /// Whether two members have registries of their own between which the family's schemas are copied.
    func movesSchemas(_ family: GroupFamily, from source: String, to destination: String) -> Bool {
        guard let one = environment(of: source), let other = environment(of: destination), one != other else {
            return false
        }
        return family.groups.contains { $0.schemas != nil }
    }
}
