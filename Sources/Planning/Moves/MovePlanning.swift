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
        var graph = StepGraph(ResourceAddress(.group, situation.family.name))
        switch draft.kind {
        case .switchover: facts.addSwitchover(draft, to: &graph)
        case .failover: facts.addFailover(draft, to: &graph)
        }
        var unit = Unit(graph.address, labels: owner.labels)
        unit.graph = graph.steps
        unit.besides = graph.besides
        unit.change = Change(
            .update, graph.address, differences: [.init("primary", from: draft.holder, to: draft.target)],
            reason: draft.kind.rawValue, group: situation.family.name)
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
                        message: "\(draft.kind.rawValue) from \(draft.holder) to \(draft.target): \(finding.message)",
                        wayOut: finding.wayOut,
                        origin: ManifestOrigin("FailoverGroup", finding.group ?? owner.name, finding.field)),
                    addresses: facts.refusedAddresses(of: draft.family)))
        }
        addStates(of: draft.family)
    }
}

extension Facts {
    // MARK: Switchover

    fileprivate func addSwitchover(_ draft: MoveDraft, to graph: inout StepGraph) {
        let opened =
            draft.open == nil
            ? [graph.record("open", .opened(move(draft)), after: crossCanaries(draft, to: &graph))]
            : amend(draft, to: &graph)
        guard !draft.isPast || !draft.endings.isEmpty else { return addSuccession(draft, after: opened, to: &graph) }
        var ready = quietenLinks(Self.copySync, draft, after: opened, to: &graph)
        ready += resume(draft, after: opened, to: &graph)
        let brought = bringSchemas(draft, after: opened, to: &graph)
        let fenced = fenceOff(draft, after: brought, to: &graph)
        let proven = verifyFence(draft, after: fenced + ready, to: &graph)
        let drained = drain(draft, after: proven + ready, to: &graph)
        let compared = compareSchemas(draft, after: fenced + brought, to: &graph)
        let paused = pauseExporter(draft, after: compared + drained, to: &graph)
        let proofs = opened + ready + fenced + proven + drained + compared + paused
        let past = draft.isPast ? proofs : [graph.record("past", .past, after: proofs)]
        let ended = endMirrors(draft, after: past, to: &graph)
        addSuccession(draft, after: ended.isEmpty ? past : ended, to: &graph)
    }

    /// Before anything is touched: what is written to the old side arrives at the new one.
    fileprivate func crossCanaries(_ draft: MoveDraft, to graph: inout StepGraph) -> [Step.ID] {
        let rows = index.mirrors[draft.target] ?? [:]
        let denied = observation.clusters[draft.holder]?.snapshot?.denials ?? []
        return draft.family.groups.compactMap(\.canary).compactMap { canary in
            guard let row = rows[canary], row.status == .active, !draft.endings.left.contains(canary),
                workspace.clusters[draft.holder]?.type != .apacheKafka,
                !denied.contains(where: { $0.deniesWrites(to: canary) })
            else { return nil }
            let mirror = LinkedMirrors(cluster: draft.target, link: row.link, topics: [canary])
            return graph.add(
                "cross-\(canary)", .writeCanary(cluster: draft.holder, topic: canary, seenOn: mirror), after: [])
        }
    }

    // MARK: Failover

    fileprivate func addFailover(_ draft: MoveDraft, to graph: inout StepGraph) {
        var opened: [Step.ID] = []
        if draft.open == nil {
            opened = [graph.record("open", .opened(move(draft)), after: [])]
        } else if draft.open?.kind == .switchover, let consent = draft.consent {
            opened = [graph.record("downgrade", .downgraded(incident: consent.incident), after: [])]
        }
        opened += amend(draft, to: &graph)
        if draft.holder != draft.target {
            graph.besides.formUnion(fenceOff(draft, after: opened, to: &graph))
            graph.besides.formUnion(pauseExporter(draft, after: opened, to: &graph))
        }
        let past = draft.isPast ? opened : [graph.record("past", .past, after: opened)]
        var ended = endMirrors(draft, after: past, to: &graph)
        ended += detach(draft, after: past, to: &graph)
        ended += createMissing(draft, after: past, to: &graph)
        addSuccession(draft, after: ended.isEmpty ? past : ended, to: &graph)
    }

    /// Deletes links by force: everything that reads over them becomes ordinary where it is, without a last sync.
    fileprivate func detach(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        draft.endings.detached.keys.sorted().map { link in
            graph.add("detach-\(link)", .detachLink(cluster: draft.target, link: link), after: after)
        }
    }

    /// Declared topics without a copy are created empty, so that clients find what they were promised.
    fileprivate func createMissing(
        _ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph
    ) -> [Step.ID] {
        let declared = draft.family.groups.flatMap { index.topicsOfGroups[$0.name] ?? [] }
        let missing = Set(draft.endings.absent).subtracting(draft.endings.left)
        return declared.filter { missing.contains($0.topicName) }.map { spec in
            graph.add(
                "create-\(spec.topicName)", .createTopic(TopicCreation(spec, on: draft.target)), after: after)
        }
    }

    /// Records flags that a move which is under way was not given before.
    fileprivate func amend(_ draft: MoveDraft, to graph: inout StepGraph) -> [Step.ID] {
        guard let open = draft.open else { return [] }
        var amended = open
        amended.amend(flags(of: draft))
        return amended == open ? [] : [graph.record("amend", .amended(amended.flags), after: [])]
    }

    /// The flags that shape a move, as its epoch remembers them.
    fileprivate func flags(of draft: MoveDraft) -> RecordedMoves.Flags {
        RecordedMoves.Flags(
            overrides: draft.overrides, left: Set(draft.endings.left),
            detached: options.detached.filter { $0.hasPrefix("\(draft.target)/") },
            adopted: options.adoptDiverged.filter { $0.hasPrefix("\(draft.target)@") })
    }

    // MARK: The new side

    /// Makes the new side ready, and decides that it serves.
    fileprivate func addSuccession(_ draft: MoveDraft, after ended: [Step.ID], to graph: inout StepGraph) {
        let family = draft.family
        let flags = draft.kind == .failover ? Self.copySync + [Self.offsetSync] : [Self.offsetSync]
        var ready = quietenLinks(flags, draft, after: ended, to: &graph)
        if let fence = draft.situation.moves.fences[draft.target], !fence.written.isEmpty {
            let entries = FenceEntries(cluster: draft.target, bindings: fence.written.sorted())
            let opened = graph.add("unfence-\(draft.target)", .unfence(entries), after: ended)
            ready.append(graph.record("unfenced-\(draft.target)", .unfenced(member: draft.target), after: [opened]))
        }
        if movesSchemas(draft), let environment = environment(of: draft.target) {
            for context in contexts(of: family) {
                let mode = StepAction.setRegistryMode(
                    environment: environment, context: context, mode: .readWrite, force: false)
                ready.append(graph.add("registry-readwrite-\(environment)\(context)", mode, after: ended))
            }
        }
        for group in family.groups {
            guard let canary = group.canary, !draft.endings.left.contains(canary) else { continue }
            ready.append(
                graph.add(
                    "canary-\(canary)", .writeCanary(cluster: draft.target, topic: canary), after: ended + ready))
        }
        graph.record("served", .served(demoted: demotions(draft)), after: ended + ready)
    }

    fileprivate func demotions(_ draft: MoveDraft) -> [String: RecordedMoves.Demotion] {
        let moved = draft.topics.subtracting(draft.endings.left)
        // What an interrupted run was bringing may have been ended by hand meanwhile: nobody saw that it had everything.
        let isInterruptedRest = draft.isOfTheRest && draft.open != nil
        let isLossless =
            draft.kind == .switchover && draft.fence.isComplete && draft.endings.diverged.isEmpty && !isInterruptedRest
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

    fileprivate func move(_ draft: MoveDraft) -> RecordedMoves.Move {
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

    /// Resumes what is paused, and waits for what is on its way.
    fileprivate func resume(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        var ids = draft.endings.resumes.sorted { $0.key < $1.key }.map { link, topics in
            graph.add(
                "resume-\(link)", .resumeMirrors(cluster: draft.target, link: link, topics: topics.sorted()),
                after: after)
        }
        for (link, topics) in draft.endings.waits.sorted(by: { $0.key < $1.key }) {
            var resumed = after
            if draft.endings.resumedLinks.contains(link), let alteration = resumption(of: link, draft) {
                resumed = [graph.add("resume-link-\(link)", .alterLink(alteration), after: after)]
            }
            let mirrors = LinkedMirrors(cluster: draft.target, link: link, topics: topics.sorted())
            ids.append(graph.add("await-\(link)", .awaitMirrors(mirrors), after: resumed))
        }
        return ids
    }

    fileprivate func resumption(of name: String, _ draft: MoveDraft) -> LinkAlteration? {
        guard let link = observation.clusters[draft.target]?.snapshot?.links.first(where: { $0.name == name }),
            let source = member(draft.family, of: link, on: draft.target)
        else { return nil }
        return LinkAlteration(
            cluster: draft.target, link: name, remote: source,
            half: link.mode == .bidirectional ? .bidirectional : .destination,
            batches: [[ConfigChange("cluster.link.paused", "false")]], renewsConnection: false)
    }

    /// Keeps writers from the side that is left: entries for producers, READONLY for schemas.
    fileprivate func fenceOff(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        guard draft.fence.isDeclared || draft.kind == .failover else { return [] }
        var ids: [Step.ID] = []
        let (write, existed) = missing(draft.fence, on: draft.holder, draft.situation.moves)
        if !write.isEmpty, silence(ofCluster: draft.holder) == nil {
            let recorded = graph.record(
                "fencing-\(draft.holder)",
                .fencing(member: draft.holder, RecordedMoves.Fence(written: write, existed: existed)), after: after)
            let entries = FenceEntries(cluster: draft.holder, bindings: write.sorted())
            ids.append(graph.add("fence-\(draft.holder)", .fence(entries), after: [recorded]))
        }
        if draft.fence.coversRegistry, movesSchemas(draft),
            let environment = environment(of: draft.holder),
            let snapshot = observation.registries[environment]?.snapshot
        {
            for context in contexts(of: draft.family) where snapshot.modes[context] != .readOnly {
                let mode = StepAction.setRegistryMode(
                    environment: environment, context: context, mode: .readOnly, force: false)
                ids.append(graph.add("registry-readonly-\(environment)\(context)", mode, after: after))
            }
        }
        return ids
    }

    /// Applications whose keys have to be refused by the canary once everybody is.
    fileprivate func attempts(_ draft: MoveDraft) -> [FenceProof.Attempt] {
        guard draft.fence.isComplete else { return [] }
        return draft.family.groups.flatMap { group -> [FenceProof.Attempt] in
            guard let canary = group.canary, draft.topics.subtracting(draft.endings.left).contains(canary) else {
                return []
            }
            let bindings = (index.bindingsOfGroups[group.name] ?? []).filter {
                $0.credentials[draft.holder]?.kafka != nil
            }
            return bindings.map(\.name).sorted().map { FenceProof.Attempt(binding: $0, topic: canary) }
        }
    }

    fileprivate func verifyFence(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        let following = draft.endings.following(on: draft.target)
        guard draft.fence.isDeclared, !draft.isPast || !following.isEmpty else { return [] }
        let proof = FenceProof(
            entries: FenceEntries(cluster: draft.holder, bindings: draft.fence.bindings.sorted()),
            mirrors: following, quiet: draft.fence.quiet,
            attempts: attempts(draft))
        return [graph.add("verify-fence-\(draft.holder)", .verifyFence(proof), after: after)]
    }

    fileprivate func drain(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        guard draft.fence.isDeclared || !draft.isReverse else { return [] }
        return draft.endings.following(on: draft.target).map { mirrors in
            graph.add("drain-\(mirrors.link)", .drain(mirrors), after: after)
        }
    }

    fileprivate func endMirrors(_ draft: MoveDraft, after: [Step.ID], to graph: inout StepGraph) -> [Step.ID] {
        draft.endings.batches(on: draft.target).map { verb, mirrors in
            graph.add("\(verb.rawValue)-\(mirrors.link)", .endMirrors(verb, mirrors), after: after)
        }
    }
}
