import Domain

/// A change of primary: the steps, in the order that keeps records and clients safe.
extension GroupPhase {
    /// Plans a move, or refuses the family with every gate that stands against it.
    mutating func planMove(_ draft: MoveDraft, _ owner: LinkOwner) {
        let situation = draft.situation
        let findings = findings(on: draft).filter { $0.override.map { !draft.overrides.contains($0) } ?? true }
        guard findings.isEmpty else { return refuseMove(draft, findings, owner) }
        noteSchemasLeftBehind(draft, owner)
        sparePlacesOfTopics(of: situation.family)
        spareDerived(of: situation.family)
        written.claims.mirroredTopics.append((draft.holder, draft.topics, owner))
        let graph = MoveOrder.graph(of: draft, facts)
        var unit = Unit(graph.address, labels: owner.labels)
        unit.graph = graph.steps
        unit.bestEffort = graph.bestEffort
        unit.change = Change(
            .update, graph.address, differences: [.init("primary", from: draft.holder, to: draft.target)],
            reason: .move(draft.kind), group: situation.family.name)
        put(unit)
        result.move = facts.plannedMove(draft, sites)
        addStates(of: situation.family)
    }

    private mutating func refuseMove(_ draft: MoveDraft, _ findings: [GateFinding], _ owner: LinkOwner) {
        spare(draft.family, owner)
        for finding in findings {
            written.refusals.append(
                RefusedWork(
                    refusal: Refusal(
                        finding.gate, subject: "FailoverGroup \(draft.family.name)",
                        .move(finding.reason, of: draft.refused),
                        origin: ManifestOrigin("FailoverGroup", finding.group ?? owner.name, finding.field)),
                    addresses: facts.refusedAddresses(of: draft.family)))
        }
        addStates(of: draft.family)
    }
}

extension Facts {
    // MARK: Switchover

    // MARK: Failover

    /// The flags that shape a move, as its epoch remembers them.
    func flags(of draft: MoveDraft) -> RecordedMoves.Flags {
        RecordedMoves.Flags(
            overrides: draft.overrides, left: Set(draft.promotions.left),
            detached: options.detached.filter { $0.hasPrefix("\(draft.target)/") },
            adopted: options.adoptDiverged.filter { $0.hasPrefix("\(draft.target)@") })
    }

    // MARK: The new side

    func demotions(_ draft: MoveDraft) -> [String: RecordedMoves.Demotion] {
        let moved = draft.topics.subtracting(draft.promotions.left)
        // What an interrupted run was bringing may have been ended by hand meanwhile: nobody saw that it had everything.
        let isInterruptedRest = draft.isOfTheRest && draft.open != nil
        let isLossless =
            draft.kind == .switchover && draft.fence.isComplete && draft.promotions.diverged.isEmpty
            && !isInterruptedRest && hasArrived(draft.promotions, draft.open)
        var demotion = RecordedMoves.Demotion(
            epoch: draft.epoch, ledger: recorded.ledgerID ?? "", proof: isLossless ? .lossless : .diverged)
        demotion.topics = moved.sorted()
        if !isLossless {
            // Before the mirrors end, which forget how far they came.
            demotion.fetched = draft.open?.snapshot[draft.target] ?? fetched(draft.topics, on: draft.target)
            demotion.lastKnownLag = draft.open == nil ? lag(of: draft).known.records : nil
        }
        let hasServed = draft.holder == draft.situation.source || draft.isOfTheRest
        let rows = index.mirrors[draft.holder] ?? [:]
        let isReversed = draft.isReverse || (!moved.isEmpty && moved.allSatisfy { rows[$0]?.isLive ?? false })
        return hasServed && !isReversed && draft.holder != draft.target ? [draft.holder: demotion] : [:]
    }

    func move(_ draft: MoveDraft) -> RecordedMoves.Move {
        var snapshot: [String: [String: [Int64]]] = [:]
        for member in draft.family.members where member != draft.holder {
            let offsets = fetched(draft.topics, on: member)
            if !offsets.isEmpty { snapshot[member] = offsets }
        }
        var move = RecordedMoves.Move(
            epoch: draft.epoch, from: draft.isOfTheRest ? draft.holder : draft.situation.source, to: draft.target,
            kind: draft.kind,
            incident: draft.consent?.incident, hasCompleteFence: draft.fence.isComplete, snapshot: snapshot)
        move.amend(flags(of: draft))
        if silence(ofCluster: draft.holder) != nil {
            move.lastContact = recorded.sites.clusters[draft.holder]?.lastAnswered
        }
        return move
    }

    // MARK: Parts

    func member(_ family: GroupFamily, of link: ObservedLink, on cluster: String) -> String? {
        guard let remote = link.remoteClusterID else { return nil }
        return family.members.first { $0 != cluster && id(ofCluster: $0) == remote }
    }

    func resumption(of name: String, _ draft: MoveDraft) -> LinkAlteration? {
        guard let link = observation.clusters[draft.target]?.snapshot?.links.first(where: { $0.name == name }),
            let source = member(draft.family, of: link, on: draft.target)
        else { return nil }
        return LinkAlteration(
            cluster: draft.target, link: name, remote: source,
            half: link.mode == .bidirectional ? .bidirectional : .destination,
            batches: [[ConfigChange("cluster.link.paused", "false")]], renewsConnection: false)
    }

    /// Applications whose keys have to be refused by the canary once everybody is.
    func attempts(_ draft: MoveDraft) -> [FenceProof.Attempt] {
        guard draft.fence.isComplete else { return [] }
        return draft.family.groups.flatMap { group -> [FenceProof.Attempt] in
            guard let canary = group.canary, draft.topics.subtracting(draft.promotions.left).contains(canary) else {
                return []
            }
            let bindings = (index.bindingsOfGroups[group.name] ?? []).filter {
                $0.credentials[draft.holder]?.kafka != nil
            }
            return bindings.map(\.name).sorted().map { FenceProof.Attempt(binding: $0, topic: canary) }
        }
    }

}
