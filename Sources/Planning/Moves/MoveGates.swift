import Domain

/// What must hold before a family is moved. Every refusal names its gate, its place and a way out.
extension Planner {
    /// One gate that refuses.
    struct GateFinding {
        let gate: Refusal.Gate
        let message: String
        let wayOut: String
        var field = "spec.primary"
        var override: GateOverride?
    }

    mutating func findings(on draft: MoveDraft) -> [GateFinding] {
        ownFindings(on: draft) + split(draft)
    }

    /// What stands against a move by itself, whatever other families do.
    mutating func ownFindings(on draft: MoveDraft) -> [GateFinding] {
        let common = memberFindings(draft) + quietPeriod(draft) + openEpoch(draft) + denied(draft) + health(draft)
        switch draft.kind {
        case .switchover:
            let ready = readiness(draft) + schemaReadiness(draft)
            return common + stores(draft) + candidate(draft) + fenceGate(draft) + ready + clients(draft)
                + refusedByTheServer(draft)
        case .failover:
            return common + alive(draft) + candidate(draft) + foreignMirrors(draft) + bestSurvivor(draft)
                + loss(draft)
        }
    }

    // MARK: Members and stores

    private func memberFindings(_ draft: MoveDraft) -> [GateFinding] {
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
        let needed = draft.kind == .switchover ? [draft.holder, draft.target] : [draft.target]
        var silent: [String] = []
        for member in needed {
            // Apache Kafka has no API that could answer: its mirrors say whether it is there.
            let isAsked = workspace.clusters[member]?.type != .apacheKafka
            if isAsked, let silence = silence(ofCluster: member) { silent.append(silence) }
            let movesSchemas = movesSchemas(draft.family, from: draft.holder, to: draft.target)
            if movesSchemas, let environment = environment(of: member),
                let silence = observation.registries[environment]?.silence(of: "registry of \(environment)")
            {
                silent.append(silence)
            }
        }
        // Past the point of no return a switchover goes on without the side that was left.
        guard !silent.isEmpty, !(draft.isPast && draft.endings.isEmpty && silence(ofCluster: draft.target) == nil)
        else { return [] }
        let wayOut =
            draft.kind == .switchover && silence(ofCluster: draft.target) == nil
            ? "consent to a failover, which loses what was not replicated: "
                + "`failover: {from: \(draft.holder), incident: …}`; or wait until it answers"
            : "wait until it answers, or set `primary` to a member that does"
        return [
            GateFinding(
                gate: .members, message: "\(silent.joined(separator: "; "))", wayOut: wayOut)
        ]
    }

    func silence(ofCluster name: String) -> String? {
        guard let reach = observation.clusters[name] else { return "\(name) was not observed" }
        return reach.silence(of: name)
    }

    private func stores(_ draft: MoveDraft) -> [GateFinding] {
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

    private func quietPeriod(_ draft: MoveDraft) -> [GateFinding] {
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

    private func openEpoch(_ draft: MoveDraft) -> [GateFinding] {
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

    /// Entries on the new side that are not known to be Spillway's and keep clients from what they need: nobody may
    /// remove them, and clients could not work there.
    private func denied(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
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

    // MARK: Topics

    private func candidate(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.endings.obstacles.isEmpty, silence(ofCluster: draft.target) == nil else { return [] }
        let named = draft.endings.obstacles.map { "\($0.topic) \($0.reason)" }
        let formers = draft.endings.obstacles.contains { $0.reason.hasPrefix("is a former") }
        let wayOut =
            formers
            ? "put `primary` back to \(draft.holder), let `reprotect` make \(draft.target) a mirror first, or plan with "
                + "--adopt-diverged \(draft.target)@\(draft.situation.epoch)"
            : "leave them behind with --leave TOPIC, or repair them first"
        return [
            GateFinding(
                gate: .candidate, message: "\(draft.target) is not ready: \(named.shortened)", wayOut: wayOut)
        ]
    }

    private func fenceGate(_ draft: MoveDraft) -> [GateFinding] {
        let promotes = draft.endings.verbs.values.contains { $0[.promote] != nil }
        guard promotes, !draft.fence.isDeclared, !draft.isPast else { return [] }
        return [
            GateFinding(
                gate: .fence,
                message: "nothing keeps its producers from writing to \(draft.holder) while its mirrors are promoted",
                wayOut: "declare `fence.denyWrites` (or `fence: {quiet: 10s}` when somebody else stops them)",
                field: "spec.fence")
        ]
    }

    private func readiness(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let snapshot = observation.clusters[draft.target]?.snapshot
        let problems =
            (snapshot?.links ?? []).filter { draft.endings.verbs[$0.name] != nil }.flatMap(\.problems)
            + positionsLost(draft)
        guard !problems.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .readiness, message: problems.shortened,
                wayOut: "repair it, or plan with --override Readiness", override: .readiness)
        ]
    }

    /// What the server itself says to the verbs, without doing them.
    private mutating func refusedByTheServer(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast, draft.endings.obstacles.isEmpty, silence(ofCluster: draft.target) == nil else { return [] }
        var refused: [String] = []
        for (verb, mirrors) in draft.endings.batches(on: draft.target)
        where draft.endings.resumes[mirrors.link] == nil && draft.endings.waits[mirrors.link] == nil {
            guard case .refusals(let reasons)? = answer(to: .ending(verb, mirrors)) else { continue }
            refused += reasons.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        }
        guard !refused.isEmpty else { return [] }
        return [
            GateFinding(
                gate: .candidate, message: "\(draft.target) refuses: \(refused.shortened)",
                wayOut: "repair it first, or leave these topics behind with --leave TOPIC")
        ]
    }

    mutating func answer(to probe: Probe) -> ProbeAnswer? {
        if let answer = answers[probe] { return answer }
        probes.insert(probe)
        return nil
    }

    // MARK: Failover

    private mutating func alive(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast, draft.situation.source != draft.target else { return [] }
        let rows = index.mirrors[draft.target] ?? [:]
        let follows = draft.topics.filter { rows[$0]?.status == .active }
        guard !follows.isEmpty else { return [] }
        var evidence: String?
        if observation.clusters[draft.holder]?.snapshot != nil {
            evidence = "\(draft.holder) answers and \(follows.count) of its mirrors on \(draft.target) are ACTIVE"
        } else if let link = follows.compactMap({ rows[$0]?.link }).min() {
            let mirrors = LinkedMirrors(
                cluster: draft.target, link: link, topics: follows.filter { rows[$0]?.link == link }.sorted())
            if case .movement(let advanced, let answers)? = answer(to: .movement(mirrors, source: draft.holder)),
                advanced || answers
            {
                evidence = "\(draft.target) still receives records from \(draft.holder)"
            }
        }
        guard let evidence else { return [] }
        return [
            GateFinding(
                gate: .alive,
                message: "\(draft.holder) is alive: \(evidence); a failover would lose what a switchover keeps",
                wayOut: "remove `failover` for a switchover, or plan with --override Alive", field: "spec.failover",
                override: .alive)
        ]
    }

    private func bestSurvivor(_ draft: MoveDraft) -> [GateFinding] {
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

    private func loss(_ draft: MoveDraft) -> [GateFinding] {
        guard !draft.isPast else { return [] }
        let aged = lossByAge(draft)
        let objectives = draft.family.groups.compactMap(\.objectives.recordsLost)
        guard let allowed = objectives.min() else { return aged }
        var reasons: [String] = []
        let lag = lag(of: draft)
        if lag.known.records > Int64(allowed) {
            reasons.append("\(draft.target) was \(lag.known.records) records behind when it last knew")
        }
        if !draft.endings.absent.isEmpty { reasons.append("no copy of \(draft.endings.absent.shortened)") }
        reasons +=
            draft.endings.unknown.isEmpty
            ? [] : [draft.endings.unknown.map { "\($0.topic) \($0.reason)" }.shortened]
        let standing = doubts(draft).map { "\($0.topic) \($0.words)" }
        if !standing.isEmpty { reasons.append("not known what they lack: \(standing.shortened)") }
        guard !reasons.isEmpty else { return aged }
        return aged + [
            GateFinding(
                gate: .loss,
                message:
                    "more than the objective of \(allowed) records may be lost: \(reasons.joined(separator: "; "))",
                wayOut: "plan with --override Loss, or name Loss in `failover.overrides`", field: "spec.objectives",
                override: .loss)
        ]
    }
}
