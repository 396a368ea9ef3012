import Domain

/// What the steps of a move need to be built.
extension MoveOrder {
    /// Before anything is touched: what is written to the old side arrives at the new one.
    mutating func crossCanaries() -> [Step.ID] {
        let rows = facts.index.mirrors[draft.target] ?? [:]
        let denied = facts.observation.clusters[draft.holder]?.snapshot?.denials ?? []
        return draft.family.groups.compactMap(\.canary).compactMap { canary in
            guard let row = rows[canary], row.status == .active, !draft.promotions.left.contains(canary),
                facts.workspace.clusters[draft.holder]?.type != .apacheKafka,
                !denied.contains(where: { $0.deniesWrites(to: canary) })
            else { return nil }
            let mirror = LinkedMirrors(cluster: draft.target, link: row.link, topics: [canary])
            return graph.add(
                "cross-\(canary)",
                .move(.writeCanary(CanaryRecord(cluster: draft.holder, topic: canary, seenOn: mirror))),
                after: [])
        }
    }

    /// Deletes links by force: everything that reads over them becomes ordinary where it is, without a last sync.
    mutating func detach(after: [Step.ID]) -> [Step.ID] {
        draft.promotions.detached.keys.sorted().map { link in
            graph.add(
                "detach-\(link)", .move(.detachLink(LinkReference(cluster: draft.target, link: link))), after: after)
        }
    }

    /// Declared topics without a copy are created empty, so that clients find what they were promised.
    mutating func createMissing(after: [Step.ID]) -> [Step.ID] {
        let declared = draft.family.groups.flatMap { facts.index.topicsOfGroups[$0.name] ?? [] }
        let missing = Set(draft.promotions.absent).subtracting(draft.promotions.left)
        return declared.filter { missing.contains($0.topicName) }.map { spec in
            graph.add(
                "create-\(spec.topicName)", .kafka(.createTopic(TopicCreation(spec, on: draft.target))), after: after)
        }
    }

    /// Records flags that a move which is under way was not given before.
    mutating func amend() -> [Step.ID] {
        guard let open = draft.open else { return [] }
        var amended = open
        amended.amend(facts.flags(of: draft))
        return amended == open ? [] : [graph.record("amend", .amended(amended.flags), after: [])]
    }

    /// A switchover that cannot go on becomes a failover, once somebody consents to that.
    mutating func downgrade() -> [Step.ID] {
        guard draft.open?.kind == .switchover, let consent = draft.consent else { return [] }
        return [graph.record("downgrade", .downgraded(incident: consent.incident), after: [])]
    }

    /// Resumes what is paused, and waits for what is on its way.
    mutating func resume(after: [Step.ID]) -> [Step.ID] {
        var ids = draft.promotions.resumes.sorted { $0.key < $1.key }.map { link, topics in
            graph.add(
                "resume-\(link)",
                .kafka(.resumeMirrors(LinkedMirrors(cluster: draft.target, link: link, topics: topics.sorted()))),
                after: after)
        }
        for (link, topics) in draft.promotions.waits.sorted(by: { $0.key < $1.key }) {
            var resumed = after
            if draft.promotions.resumedLinks.contains(link), let alteration = facts.resumption(of: link, draft) {
                resumed = [graph.add("resume-link-\(link)", .kafka(.alterLink(alteration)), after: after)]
            }
            let mirrors = LinkedMirrors(cluster: draft.target, link: link, topics: topics.sorted())
            ids.append(graph.add("await-\(link)", .move(.awaitMirrors(mirrors)), after: resumed))
        }
        return ids
    }

    /// Keeps writers from the side that is left: entries for producers, READONLY for schemas.
    mutating func fenceOff(after: [Step.ID]) -> [Step.ID] {
        guard draft.fence.isDeclared || draft.kind == .failover else { return [] }
        var ids = write(draft.fence, on: draft.holder, after: after)
        if draft.fence.coversRegistry, facts.movesSchemas(draft),
            let environment = facts.environment(of: draft.holder),
            let snapshot = facts.observation.registries[environment]?.snapshot
        {
            for context in facts.contexts(of: draft.family) where snapshot.modes[context] != .readOnly {
                let mode = RegistryModeSetting(
                    environment: environment, context: context, mode: .readOnly, force: false)
                ids.append(
                    graph.add(
                        "registry-readonly-\(environment)\(context)", .registry(.setRegistryMode(mode)), after: after))
            }
        }
        return ids
    }

    /// Keeps writers from copies of members that the move is not about: one that served before may have become writable
    /// since, and clients of that time would go on there.
    mutating func fenceOthers(after: [Step.ID]) -> [Step.ID] {
        draft.family.members.filter { $0 != draft.holder && $0 != draft.target }.flatMap { member in
            let copies = facts.copiesToFence(draft.topics, on: member, draft.situation)
            return write(facts.fence(of: draft.family, around: copies), on: member, after: after)
        }
    }

    /// Writes the entries of a fence that a member lacks, if it answers.
    private mutating func write(_ fence: FenceWanted, on member: String, after: [Step.ID]) -> [Step.ID] {
        let (write, existed) = facts.missing(fence, on: member, draft.situation.moves)
        guard !write.isEmpty, facts.silence(ofCluster: member) == nil else { return [] }
        let event = MoveEvent.fencing(member: member, RecordedMoves.Fence(written: write, existed: existed))
        let noted = graph.record("fencing-\(member)", event, after: after)
        let entries = FenceEntries(cluster: member, bindings: write.sorted())
        return [graph.add("fence-\(member)", .move(.fence(entries)), after: [noted])]
    }

    mutating func verifyFence(after: [Step.ID]) -> [Step.ID] {
        let following = draft.promotions.following(on: draft.target)
        guard draft.fence.isDeclared, !draft.isPast || !following.isEmpty else { return [] }
        let proof = FenceProof(
            entries: FenceEntries(cluster: draft.holder, bindings: draft.fence.bindings.sorted()),
            mirrors: following, quiet: draft.fence.quiet,
            attempts: facts.attempts(draft))
        return [graph.add("verify-fence-\(draft.holder)", .move(.verifyFence(proof)), after: after)]
    }

    mutating func drain(after: [Step.ID]) -> [Step.ID] {
        guard draft.fence.isDeclared || !draft.isReverse else { return [] }
        return draft.promotions.following(on: draft.target).map { mirrors in
            graph.add("drain-\(mirrors.link)", .move(.drain(mirrors)), after: after)
        }
    }

    mutating func endMirrors(after: [Step.ID]) -> [Step.ID] {
        draft.promotions.batches(on: draft.target).map { verb, mirrors in
            graph.add("\(verb.rawValue)-\(mirrors.link)", .move(.endMirrors(verb, mirrors)), after: after)
        }
    }

    // MARK: The new side

    /// Takes down the fence around the new primary.
    mutating func letWritersIn(after: [Step.ID]) -> [Step.ID] {
        guard let fence = draft.situation.moves.fences[draft.target], !fence.written.isEmpty else { return [] }
        let entries = FenceEntries(cluster: draft.target, bindings: fence.written.sorted())
        let opened = graph.add("unfence-\(draft.target)", .move(.unfence(entries)), after: after)
        return [graph.record("unfenced-\(draft.target)", .unfenced(member: draft.target), after: [opened])]
    }

    /// The registry of the new primary takes schemas.
    mutating func openRegistry(after: [Step.ID]) -> [Step.ID] {
        guard facts.movesSchemas(draft), let environment = facts.environment(of: draft.target) else { return [] }
        return facts.contexts(of: draft.family).map { context in
            let mode = RegistryModeSetting(environment: environment, context: context, mode: .readWrite, force: false)
            return graph.add(
                "registry-readwrite-\(environment)\(context)", .registry(.setRegistryMode(mode)), after: after)
        }
    }

    /// The new primary takes records, one canary after the other.
    mutating func writeCanaries(after: [Step.ID]) -> [Step.ID] {
        var written: [Step.ID] = []
        for canary in draft.family.groups.compactMap(\.canary) where !draft.promotions.left.contains(canary) {
            let action = StepAction.move(.writeCanary(CanaryRecord(cluster: draft.target, topic: canary)))
            written.append(graph.add("canary-\(canary)", action, after: after + written))
        }
        return written
    }
}
