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
                GateFinding(
                    gate: .members,
                    message: "\(draft.target) is an Apache Kafka, which can be left and not be moved to: it has no API "
                        + "to mirror what \(draft.holder) holds",
                    wayOut: "put `primary` back to \(draft.holder)")
            ]
        }
        // Past the point of no return a switchover goes on without the side that was left.
        guard !(draft.isPast && draft.promotions.isEmpty && silence(ofCluster: draft.target) == nil) else { return [] }
        let silent = membersInTheWay(of: draft, kind: draft.kind)
        guard !silent.isEmpty else { return [] }
        return [
            GateFinding(gate: .members, message: silent.joined(separator: "; "), wayOut: wayOutOfSilence(draft))
        ]
    }

    /// Members whose cluster or registry a kind of move needs, and that give no usable answer.
    func membersInTheWay(of draft: MoveDraft, kind: RecordedMoves.Kind) -> [String] {
        (kind == .switchover ? [draft.holder, draft.target] : [draft.target]).flatMap { silences(of: $0, draft) }
    }

    fileprivate func silences(of member: String, _ draft: MoveDraft) -> [String] {
        // Apache Kafka has no API that could answer: its mirrors say whether it is there.
        let isAsked = workspace.clusters[member]?.type != .apacheKafka
        var silent = isAsked ? [silence(ofCluster: member)].compactMap(\.self) : []
        if movesSchemas(draft), let environment = environment(of: member),
            let silence = observation.registries[environment]?.silence(of: "registry of \(environment)")
        {
            silent.append(silence)
        }
        return silent
    }

    /// A failover needs the new side alone, so that it leads out of the old side's silence and of no other.
    fileprivate func wayOutOfSilence(_ draft: MoveDraft) -> String {
        guard silences(of: draft.target, draft).isEmpty else {
            let others = draft.family.members.filter { $0 != draft.target && $0 != draft.holder }
            return "wait until it answers, or put `primary` back to \(draft.holder)"
                + (others.isEmpty ? "" : ", or set it to a member that does (\(others.joined(separator: ", ")))")
        }
        let consent = "`failover: {from: \(draft.holder), incident: …}`"
        switch observation.clusters[draft.holder] {
        case .reachable?:
            return "wait until it answers, or, to lose what was not replicated, consent to a failover: \(consent) and "
                + "plan with --override Alive, for \(draft.holder) itself is alive"
        case .unreachable(_, let sign)? where sign != .partial:
            return "to go on without what was not replicated, consent to a failover: \(consent); else wait until it "
                + "answers"
        default:
            return
                "wait until it answers, or, to lose what was not replicated, consent to a failover: \(consent), with "
                + "--override Alive while records still arrive from it"
        }
    }

    func silence(ofCluster name: String) -> String? {
        guard let reach = observation.clusters[name] else { return "\(name) was not observed" }
        return reach.silence(of: name)
    }

    fileprivate func stores(_ draft: MoveDraft) -> [GateFinding] {
        let bindings = draft.family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }
        let dark = bindings.flatMap(\.addresses).compactMap { address -> String? in
            guard let reach = observation.stores[address] else { return nil }
            if case .absent = reach { return nil }
            return reach.silence(of: address.description)
        }
        guard !dark.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .stores, message: "clients could not all be told: \(dark.shortened)",
                wayOut: "wait until every store answers, or plan with --override Stores", override: .stores)
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
                gate: .quietPeriod,
                message: "its primary changed \(age.components.seconds) s ago, and `policy.quietPeriod` is "
                    + "\(period.components.seconds) s",
                wayOut: "wait, or plan with --override QuietPeriod", override: .quietPeriod)
        ]
    }

    fileprivate func openEpoch(_ draft: MoveDraft) -> [GateFinding] {
        guard let open = draft.situation.openMove, open.to != draft.target, open.from != draft.target else { return [] }
        return [
            GateFinding(
                gate: .openEpoch,
                message: "a move to \(open.to) (epoch \(open.epoch)) is not finished",
                wayOut: "finish it with `primary: \(open.to)`, or take it back with `primary: \(open.from)`",
                override: .openEpoch)
        ]
    }

    // MARK: Clients

    /// Nobody knows whether clients are denied something on a new side whose entries may not be read. A failover does not
    /// wait for that.
    fileprivate func deniedUnseen(_ draft: MoveDraft) -> GateFinding? {
        guard draft.kind == .switchover, areEntriesUnseen(draft) else { return nil }
        return GateFinding(
            gate: .clients,
            message: "what \(draft.target) denies clients is not known: its entries may not be read",
            wayOut: "let the key of \(draft.target) describe ACLs, or plan with --override Clients", override: .clients)
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
                gate: .clients,
                message:
                    "\(draft.target) denies clients what they need: \(foreign.map(\.inWords).shortened), by entries "
                    + "the ledger does not know as its own",
                wayOut: "delete them on \(draft.target) by hand, or plan with --override Clients", field: "spec.fence",
                override: .clients)
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

    /// The two ways to keep producers from writing.
    static let fencesToDeclare =
        #"declare `fence.denyWrites: ["User:*"]` (or `fence: {quiet: 10s}` when somebody else stops them)"#

    /// Each group of a family that is moved says by itself how its producers are stopped.
    fileprivate func fenceGate(_ draft: MoveDraft) -> [GateFinding] {
        let promotes = draft.promotions.verbs.values.contains { $0[.promote] != nil }
        guard promotes, !draft.isPast else { return [] }
        return draft.family.groups.filter { $0.fence == nil }.map { group in
            let who = draft.family.groups.count == 1 ? "nothing keeps its" : "group \(group.name): nothing keeps its"
            return GateFinding(
                gate: .fence,
                message: "\(who) producers from writing to \(draft.holder) while its mirrors are promoted",
                wayOut: Self.fencesToDeclare
                    + (draft.family.groups.count == 1 ? "" : " in FailoverGroup \(group.name)"),
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
                gate: .readiness, message: problems.shortened,
                wayOut: "repair it, or plan with --override Readiness", override: .readiness)
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
                    gate: .bestSurvivor, message: "\(other) holds \(ahead) records that \(draft.target) does not",
                    wayOut: "set `primary: \(other)`, or plan with --override BestSurvivor", override: .bestSurvivor)
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
        var reasons: [String] = []
        let lag = lag(of: draft)
        if lag.known.records > Int64(allowed.records) {
            reasons.append("\(draft.target) was \(lag.known.records) records behind when it last knew")
        }
        if !draft.promotions.absent.isEmpty { reasons.append("no copy of \(draft.promotions.absent.shortened)") }
        reasons +=
            draft.promotions.unknown.isEmpty
            ? [] : [draft.promotions.unknown.map { $0.words(besides: draft.holder) }.shortened]
        let standing = doubts(draft).map { "\($0.topic) \($0.words)" }
        if !standing.isEmpty { reasons.append("not known what they lack: \(standing.shortened)") }
        guard !reasons.isEmpty else { return aged }
        return aged + [
            GateFinding(
                gate: .loss,
                message: "more than the objective of \(allowed.group), \(allowed.records) records, may be lost: "
                    + reasons.joined(separator: "; "),
                wayOut: overridesOfLoss(draft, allowed.group), field: "spec.objectives",
                override: .loss, group: allowed.group)
        ]
    }
}

/// One gate that refuses.
struct GateFinding {
    let gate: Refusal.Gate
    let message: String
    let wayOut: String
    var field = "spec.primary"
    var override: GateOverride?
    /// The group that is to blame; `nil` = the one that leads the family.
    var group: String?
}
