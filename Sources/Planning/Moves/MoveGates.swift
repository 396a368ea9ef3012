import Domain

/// What must hold before a family is moved. Every refusal names its gate, its place and a way out.
extension GroupPhase {
    mutating func findings(on draft: MoveDraft) -> [GateFinding] {
        ownFindings(on: draft) + split(draft)
    }

    /// What stands against a move by itself, whatever other families do.
    mutating func ownFindings(on draft: MoveDraft) -> [GateFinding] {
        let common =
            facts.memberFindings(draft) + facts.quietPeriod(draft) + facts.openEpoch(draft) + facts.denied(draft)
            + facts.health(draft)
        switch draft.kind {
        case .switchover:
            let ready = facts.readiness(draft) + schemaReadiness(draft)
            return common + facts.stores(draft) + facts.candidate(draft) + facts.fenceGate(draft) + ready
                + clients(draft)
                + refusedByTheServer(draft)
        case .failover:
            return common + alive(draft) + facts.candidate(draft) + facts.foreignMirrors(draft)
                + facts.bestSurvivor(draft)
                + facts.loss(draft)
        }
    }
}

extension Facts {
    // MARK: Members and stores

    fileprivate func memberFindings(_ draft: MoveDraft) -> [GateFinding] {
        // Nothing can be asked of it, so that no other gate would find what it lacks.
        guard workspace.clusters[draft.target]?.type != .apacheKafka else {
            return [
                GateFinding(gate: .members, reason: .members(.apacheKafka))
            ]
        }
        // Past the point of no return a switchover goes on without the side that was left.
        guard !(draft.isPast && draft.promotions.isEmpty && silence(ofCluster: draft.target) == nil) else { return [] }
        let silent = membersInTheWay(of: draft, kind: draft.kind)
        guard !silent.isEmpty else { return [] }
        return [
            GateFinding(gate: .members, reason: .members(.silent(silent, endOfSilence(draft))))
        ]
    }

    /// Members whose cluster or registry a kind of move needs, and that give no usable answer.
    func membersInTheWay(of draft: MoveDraft, kind: RecordedMoves.Kind) -> [SilentEndpoint] {
        (kind == .switchover ? [draft.holder, draft.target] : [draft.target]).flatMap { silences(of: $0, draft) }
    }

    fileprivate func silences(of member: String, _ draft: MoveDraft) -> [SilentEndpoint] {
        var silent: [SilentEndpoint] = []
        // Apache Kafka has no API that could answer: its mirrors say whether it is there.
        if workspace.clusters[member]?.type != .apacheKafka, silence(ofCluster: member) != nil {
            silent.append(SilentEndpoint(endpoint: .cluster(member), silence: observation.clusters[member]?.silence))
        }
        if movesSchemas(draft), let environment = environment(of: member),
            let silence = observation.registries[environment]?.silence
        {
            silent.append(SilentEndpoint(endpoint: .registry(environment), silence: silence))
        }
        return silent
    }

    /// A failover needs the new side alone, so that it leads out of the old side's silence and of no other.
    fileprivate func endOfSilence(_ draft: MoveDraft) -> SilenceEnd {
        guard silences(of: draft.target, draft).isEmpty else {
            return .another(draft.family.members.filter { $0 != draft.target && $0 != draft.holder })
        }
        switch observation.clusters[draft.holder] {
        case .reachable?: return .failoverFromAnswering
        case .unreachable(_, let sign)? where sign != .partial: return .failoverFromGone
        default: return .failoverFromUnclear
        }
    }

    func silence(ofCluster name: String) -> String? {
        guard let reach = observation.clusters[name] else { return "\(name) was not observed" }
        return reach.silence(of: name)
    }

    fileprivate func stores(_ draft: MoveDraft) -> [GateFinding] {
        let bindings = draft.family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }
        let dark = bindings.flatMap(\.addresses).compactMap { address -> SilentEndpoint? in
            guard let reach = observation.stores[address], let silence = reach.silence else { return nil }
            if case .absent = reach { return nil }
            return SilentEndpoint(endpoint: .store(address), silence: silence)
        }
        guard !dark.isEmpty else { return [] }
        return [
            GateFinding(gate: .stores, reason: .members(.stores(dark)), override: .stores)
        ]
    }

    // MARK: Epochs

    fileprivate func quietPeriod(_ draft: MoveDraft) -> [GateFinding] {
        let period = workspace.spec.policy.quietPeriod
        guard draft.open == nil, let serving = draft.situation.moves.serving else { return [] }
        let age = observation.startedAt.since(serving.since)
        guard age < period else { return [] }
        return [
            GateFinding(
                gate: .quietPeriod, reason: .epoch(.quietPeriod(age: age, period: period)), override: .quietPeriod)
        ]
    }

    fileprivate func openEpoch(_ draft: MoveDraft) -> [GateFinding] {
        guard let open = draft.situation.openMove, open.to != draft.target, open.from != draft.target else { return [] }
        return [
            GateFinding(
                gate: .openEpoch, reason: .epoch(.open(to: open.to, from: open.from, epoch: open.epoch)),
                override: .openEpoch)
        ]
    }

    // MARK: Clients

    /// Nobody knows whether clients are denied something on a new side whose entries may not be read. A failover does not
    /// wait for that.
    fileprivate func deniedUnseen(_ draft: MoveDraft) -> GateFinding? {
        guard draft.kind == .switchover, areEntriesUnseen(draft) else { return nil }
        return GateFinding(gate: .clients, reason: .clients(.entriesUnseen), override: .clients)
    }

    /// Entries on the new side that are not known to be Spillway's and keep clients from what they need: nobody may
    /// remove them, and clients could not work there.
    fileprivate func denied(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        if let unseen = deniedUnseen(draft) { return [unseen] }
        let foreign = denials(
            on: draft.target, of: draft.family.groups, topics: draft.topics,
            besides: draft.situation.moves.fences[draft.target]?.written ?? [])
        guard !foreign.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .clients, reason: .clients(.denied(foreign)), field: "spec.fence", override: .clients)
        ]
    }

    /// Whether the new side answers, and its key may not read what it denies.
    func areEntriesUnseen(_ draft: MoveDraft) -> Bool {
        guard workspace.clusters[draft.target]?.type != .apacheKafka,
            let snapshot = observation.clusters[draft.target]?.snapshot
        else { return false }
        return snapshot.denials == nil
    }

    // MARK: Topics

    /// Each group of a family that is moved says by itself how its producers are stopped.
    fileprivate func fenceGate(_ draft: MoveDraft) -> [GateFinding] {
        let promotes = draft.promotions.verbs.values.contains { $0[.promote] != nil }
        guard promotes, !draft.isPast else { return [] }
        return draft.family.groups.filter { $0.fence == nil }.map { group in
            GateFinding(
                gate: .fence, reason: .unfenced(group: draft.family.groups.count == 1 ? nil : group.name),
                field: "spec.fence", group: group.name)
        }
    }

    fileprivate func readiness(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let snapshot = observation.clusters[draft.target]?.snapshot
        var links = (snapshot?.links ?? []).filter { draft.promotions.verbs[$0.name] != nil }
        if draft.isOfTheRest {
            // Clients are there already: the groups that they use commit their offsets by themselves.
            for position in links.indices { links[position].tasks.removeAll(where: \.isOfGroupsInUse) }
        }
        let problems = links.flatMap(\.problems) + positionsLost(draft)
        guard !problems.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .readiness, reason: .readiness(.links(problems)), override: .readiness)
        ]
    }

    // MARK: Failover

    fileprivate func bestSurvivor(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let own = fetched(draft.topics, on: draft.target)
        for other in draft.family.members where other != draft.target && other != draft.holder {
            guard observation.clusters[other]?.snapshot != nil else { continue }
            var ahead: Int64 = 0
            for (topic, offsets) in fetched(draft.topics, on: other) {
                for (partition, offset) in offsets.enumerated() {
                    let held = own[topic].flatMap { $0.indices.contains(partition) ? $0[partition] : nil } ?? 0
                    ahead = ahead.plus(max(0, offset.minus(max(held, 0))))
                }
            }
            guard ahead > 0 else { continue }
            return [
                GateFinding(
                    gate: .bestSurvivor, reason: .members(.survivor(other, records: ahead)), override: .bestSurvivor)
            ]
        }
        return []
    }

    fileprivate func loss(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let aged = lossByAge(draft)
        let objectives = draft.family.groups.compactMap { group in
            group.objectives.recordsLost.map { (group: group.name, records: $0) }
        }
        guard let allowed = objectives.min(by: { $0.records < $1.records }) else { return aged }
        var lost: [LossFact] = []
        let lag = lag(of: draft)
        if lag.known.records > Int64(allowed.records) { lost.append(.behind(lag.known.records)) }
        if !draft.promotions.absent.isEmpty { lost.append(.absent(draft.promotions.absent)) }
        if !draft.promotions.unknown.isEmpty { lost.append(.unknown(draft.promotions.unknown)) }
        let standing = doubts(draft)
        if !standing.isEmpty { lost.append(.doubts(standing)) }
        guard !lost.isEmpty else { return aged }
        return aged + [
            GateFinding(
                gate: .loss,
                reason: .loss(.records(lost, allowed: allowed.records, consentToLoss(draft, allowed.group))),
                field: "spec.objectives", override: .loss, group: allowed.group)
        ]
    }
}

/// One gate that refuses.
struct GateFinding {
    let gate: Refusal.Gate
    let reason: MoveReason
    var field = "spec.primary"
    var override: GateOverride?
    /// The group that is to blame; `nil` = the one that leads the family.
    var group: String?
}
