import Domain

/// Failover groups in their steady state: the declared primary holds the topics, every other member mirrors them.
extension Planner {
    mutating func planFamilies() {
        for family in families { plan(family) }
    }

    private mutating func plan(_ family: GroupFamily) {
        let owner = LinkOwner(family)
        let topics = select(
            family.groups.compactMap(\.topics), declared: declaredNames(family.groups), from: family.primary,
            mirroredOn: family.secondaries, owner)
        if let obstacle = obstacleInBindings(of: family) ?? transition(of: family, topics) {
            return refuse(family, obstacle, owner)
        }
        for topic in declaredTopics(family.groups) { plan(topic, on: family.primary, group: family.name) }
        for secondary in family.secondaries {
            let wanted = (familyLinks[family.name] ?? []).filter { [$0.cluster, $0.remote].contains(secondary) }
            let halves = plan(wanted, owner)
            planMirrors(
                WantedMirrors(
                    topics: topics, source: family.primary, cluster: secondary, halves: halves, prefix: nil,
                    owner: owner))
        }
        planSchemas(of: family)
        addStates(of: family)
    }

    private func declaredTopics(_ groups: [FailoverGroupSpec]) -> [TopicSpec] {
        groups.flatMap { index.topicsOfGroups[$0.name] ?? [] }
    }

    func declaredNames(_ groups: [FailoverGroupSpec]) -> Set<String> {
        Set(declaredTopics(groups).map(\.topicName))
    }

    // MARK: Moves

    /// Why a family cannot be worked on, with a way out.
    private struct Obstacle {
        var gate = Refusal.Gate.transition
        let message: String
        var wayOut = "put `primary` back to the member that holds the data"
    }

    /// Why the live systems say that another member than the declared primary holds the data; `nil` when none does.
    private func transition(of family: GroupFamily, _ topics: Set<String>) -> Obstacle? {
        let rows = (index.mirrors[family.primary] ?? [:]).values.filter { $0.isLive && topics.contains($0.topic) }
        if let row = rows.min(by: { $0.topic < $1.topic }) {
            return moved(
                family,
                "\(rows.count) of its topics on \(family.primary) are mirrors (\(row.topic) on link \(row.link))")
        }
        guard let holder = onlyHolder(of: declaredNames(family.groups), in: family) else { return nil }
        return moved(family, "\(family.primary) has none of its topics, and \(holder) has them as ordinary ones")
    }

    private func moved(_ family: GroupFamily, _ evidence: String) -> Obstacle {
        Obstacle(
            message: "\(family.primary) is declared primary, but \(evidence); "
                + "this version of Spillway does not move a primary yet")
    }

    /// The one secondary that holds the family's topics as ordinary ones while the primary holds none.
    private func onlyHolder(of topics: Set<String>, in family: GroupFamily) -> String? {
        func writable(on member: String) -> Bool {
            guard let live = observation.clusters[member]?.snapshot?.topics else { return false }
            return topics.contains { live[$0] != nil && index.mirrors[member]?[$0] == nil }
        }
        if let live = observation.clusters[family.primary]?.snapshot?.topics {
            guard !topics.contains(where: { live[$0] != nil }) else { return nil }
        } else {
            guard case .absent? = observation.clusters[family.primary] else { return nil }
        }
        let holders = family.secondaries.filter(writable)
        return holders.count == 1 ? holders[0] : nil
    }

    /// What the family's bindings carry that this ledger does not know.
    private func obstacleInBindings(of family: GroupFamily) -> Obstacle? {
        for binding in family.groups.flatMap({ index.bindingsOfGroups[$0.name] ?? [] }) {
            for address in binding.addresses {
                guard let seen = observation.stores[address]?.snapshot?.bookkeeping else { continue }
                if let primary = seen.primary, primary != family.primary {
                    return moved(family, "binding \(binding.name) sends its clients to \(primary)")
                }
                if let obstacle = foreignEpoch(seen, at: address) { return obstacle }
            }
        }
        return nil
    }

    private func foreignEpoch(_ seen: StoreSnapshot.Bookkeeping, at address: ResourceAddress) -> Obstacle? {
        let epoch = seen.epoch ?? 0
        if epoch > 0 {
            return Obstacle(
                gate: .ownership,
                message:
                    "\(address) carries epoch \(epoch) of ledger \(seen.ledger ?? "unknown"), which this ledger does "
                    + "not know: it is stale, or another one",
                wayOut: "apply with the ledger that published it (`--state`)")
        }
        guard let published = recorded.owned[address]?.applied["epoch"], published == String(epoch),
            let ledger = seen.ledger, ledger != recorded.ledgerID
        else { return nil }
        return Obstacle(
            gate: .ownership,
            message:
                "\(address) was published by this ledger (\(recorded.ledgerID ?? "unknown")) and has been published "
                + "since by another one (\(ledger)), in the same epoch",
            wayOut: "find out who else applies this workspace, then: spillway state forget \(address)")
    }

    /// Refuses a family as a whole: nothing of it is touched, and nothing of it counts as having left the manifests.
    private mutating func refuse(_ family: GroupFamily, _ obstacle: Obstacle, _ owner: LinkOwner) {
        for topic in declaredTopics(family.groups) {
            refuse(Unit(ResourceAddress(.topic, in: family.primary, topic.topicName), labels: topic.metadata.labels))
            spared.formUnion(family.members.map { ResourceAddress(.topic, in: $0, topic.topicName) })
        }
        spared.formUnion(recorded.owned.lazy.filter { $0.value.declaredBy == owner.description }.map(\.key))
        for group in family.groups { refusedGroups.insert(group.name) }
        let bindings = family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }
        let topics = declaredNames(family.groups).map { ResourceAddress(.topic, in: family.primary, $0) }
        refusals.append(
            RefusedWork(
                refusal: Refusal(
                    obstacle.gate, subject: "FailoverGroup \(family.name)", message: obstacle.message,
                    wayOut: obstacle.wayOut, origin: owner.origin("spec.primary")),
                addresses: topics + bindings.flatMap(\.addresses)))
        addStates(of: family)
    }
}

extension ClientBindingSpec {
    /// The addresses of its targets.
    var addresses: [ResourceAddress] {
        publish.indices.map { ResourceAddress(.binding, "\(name)/\($0)") }
    }
}
