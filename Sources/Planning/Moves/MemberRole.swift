import Domain

/// What a member that does not serve is to become.
enum MemberRole {
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

    /// Why a copy may be destroyed.
    func grounds(for topic: String) -> CopyGrounds {
        if lossless.contains(topic) { return .lossless }
        guard let consent, consent.named.contains(topic) else { return .usedConsent }
        return .consent(token: consent.token)
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
    ) -> MemberRole {
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
    ) -> MemberRole {
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
                }, undecided: undecided, confirmation: family.address(of: .confirmed(member: member)),
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
        let areMirrors = copies.allSatisfy { index.mirrors[member]?[$0]?.isLive ?? false }
        let remedy: CopyRemedy =
            family.leader.reprotect == .manual
            ? .reprotect(mayRestore: family.linkSettings.mode == .bidirectional) : .discard
        written.decisions.append(
            NeededDecision(
                group: family.name, member: member, topics: copies.sorted(),
                .copies(
                    besides: situation.source, areMirrors: areMirrors,
                    costs: named.isEmpty ? [] : costs(of: named, on: member, situation), remedy),
                token: token))
    }

    // MARK: Consents that do nothing

    /// A consent that was used, or that names nothing which is to be destroyed, is inert: it is told, so that it goes.
    mutating func noteInertConsents(_ situation: FamilySituation, _ memberRoles: [String: MemberRole]) {
        let family = situation.family
        let about = LinkOwner(family).description
        for token in family.leader.discard where !consents.tokens.contains(token) {
            let member = String(token.prefix(upTo: token.lastIndex(of: "@") ?? token.endIndex))
            if case .dark? = memberRoles[member] { continue }
            let isUsed = situation.moves.discarded.contains(token)
            if isUsed, situation.moves.discards?[member] != nil { continue }
            written.notes.append(Plan.Note(.inertDiscard(token: token, isUsed: isUsed), about: about))
        }
        guard let consent = family.leader.failover, consent.from != family.primary,
            situation.moves.spent.contains(RecordedMoves.Consent(from: consent.from, incident: consent.incident))
        else { return }
        written.notes.append(Plan.Note(.usedFailover(incident: consent.incident), about: about))
    }
}
