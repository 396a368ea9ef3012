import Domain

/// Client bindings: what is published where.
struct BindingPhase: PlanningPhase {
    let facts: Facts
    let sites: SitePlan
    let groups: GroupPlans
    var written: Draft

    /// The plan for what applications read, and for what announces it: after the moves it publishes.
    static func plan(_ facts: Facts, _ sites: SitePlan, _ groups: GroupPlans, _ claims: Claims) -> Draft {
        var phase = BindingPhase(facts: facts, sites: sites, groups: groups, written: Draft(claims))
        phase.planBindings()
        phase.planWithdrawals()
        phase.planHooks()
        return phase.written
    }

    private mutating func planBindings() {
        for binding in workspace.clientBindings.values.sorted(by: { $0.name < $1.name }) { plan(binding) }
    }

    private mutating func plan(_ spec: ClientBindingSpec) {
        guard let destination = facts.destination(of: spec) else { return }
        if let group = destination.group, groups[group]?.refusedGroups.contains(group) ?? false {
            for address in spec.addresses { refuse(Unit(address, labels: spec.metadata.labels)) }
            return
        }
        let content = facts.content(of: spec, at: destination.cluster, group: destination.group)
        let dependencies = dependencies(of: spec, on: destination.cluster)
        let binding = Binding(
            spec: spec, cluster: destination.cluster, group: destination.group, content: content,
            generation: facts.generation(of: content, for: spec), dependencies: dependencies,
            makesEndpoints: dependencies.contains { [.cluster, .registry].contains($0.kind) && sites.isMaking($0) })
        for (index, target) in spec.publish.enumerated() { plan(target, index, of: binding) }
        publishTogether(spec)
        expectHooks(of: spec, binding.generation, at: destination.cluster)
    }

    /// The epoch that is published with a group's bindings: 0 while it has never moved.
    func epoch(ofGroup group: String) -> Int {
        guard let situation = situations[group] else { return 0 }
        return groups[group]?.move?.epoch ?? situation.servingEpoch
    }

    // MARK: What comes first

    /// Everything a client needs at its cluster: the cluster itself, its registry where it is published, and the topics
    /// of the group that are still to be made.
    private func dependencies(of binding: ClientBindingSpec, on cluster: String) -> [ResourceAddress] {
        var dependencies = [ResourceAddress(.cluster, cluster)]
        if let environment = workspace.clusters[cluster]?.environment, binding.namesRegistry {
            dependencies.append(ResourceAddress(.registry, environment))
        }
        if case .failoverGroup(let group) = binding.target {
            let topics = (index.topicsOfGroups[group] ?? []).map { ResourceAddress(.topic, in: cluster, $0.topicName) }
            dependencies += topics.filter { groups[group]?.toBeMade.contains($0) ?? false }
            if let family = situations[group]?.family { dependencies += facts.openings(of: family, on: cluster) }
        }
        return dependencies
    }

    /// Secrets are written in every store before any property is, and nothing is published while one of the stores that
    /// need it is dark: clients would find two answers.
    private mutating func publishTogether(_ binding: ClientBindingSpec) {
        let secret = zip(binding.addresses, binding.publish).filter { $0.1.contents.includesSecrets }.map(\.0)
        for (address, target) in zip(binding.addresses, binding.publish) where !target.contents.includesSecrets {
            written.units[address]?.dependencies += secret
        }
        guard !goesOnAlone(binding), let dark = binding.addresses.compactMap({ written.units[$0]?.waitsFor }).first
        else {
            return
        }
        for address in binding.addresses {
            guard let unit = written.units[address], unit.hold == nil, let change = unit.change, unit.publishes else {
                continue
            }
            written.units[address]?.hold = .deferred(change.effect, waitsFor: dark)
        }
    }

    /// In a failover the stores that answer are not kept waiting for those that do not.
    private func goesOnAlone(_ binding: ClientBindingSpec) -> Bool {
        guard case .failoverGroup(let group) = binding.target, let situation = situations[group] else { return false }
        return (groups[group]?.move?.kind ?? situation.openMove?.kind) == .failover
    }

    // MARK: One target

    private mutating func plan(_ target: PublishTarget, _ index: Int, of binding: Binding) {
        let spec = binding.spec
        let unit = Unit(
            spec.addresses[index], after: binding.dependencies, labels: spec.metadata.labels,
            ownership: .init(
                spec.metadata, declaredBy: "ClientBinding \(spec.name)",
                family: binding.group.flatMap(facts.family(ofGroup:))))
        if let refusal = facts.changedFormat(of: target, index, spec) { return refuse(unit, refusal) }
        if !spec.secrets.isEmpty, target.contents.includesSecrets, binding.content.secrets == nil {
            let reason = secrets.unresolvedBindings[spec.name]?.reason ?? "its credentials were not read"
            return hold(unit, waitsFor: "credentials: \(reason)")
        }
        if let unknown = binding.content.unknown, target.contents.includesProperties, !binding.makesEndpoints {
            return hold(unit, waitsFor: unknown)
        }
        switch observation.stores[unit.address] {
        case .reachable(let store)?: settle(unit, target, index, of: binding, store)
        case .absent?: settle(unit, target, index, of: binding, StoreSnapshot())
        case .some(let silent):
            leaveUnseen(
                unit, fields: facts.rowFields(of: binding, target), effect: .update,
                waitsFor: silent.silence(of: target.place) ?? target.place)
        case nil: hold(unit, waitsFor: target.place)
        }
    }

    private mutating func settle(
        _ unit: Unit, _ target: PublishTarget, _ index: Int, of binding: Binding, _ store: StoreSnapshot
    ) {
        var wanted = binding.content.part(target.contents)
        wanted["spillway.primary"] = binding.cluster
        var live = store.fields
        live["spillway.primary"] = store.bookkeeping?.primary
        if let epoch = binding.group.map(epoch(ofGroup:)), let held = store.bookkeeping?.epoch, held < epoch {
            wanted["spillway.epoch"] = String(epoch)
            live["spillway.epoch"] = String(held)
        }
        if let held = store.bookkeeping?.generation, binding.content.isComplete {
            wanted["spillway.generation"] = String(binding.generation)
            live["spillway.generation"] = String(held)
        }
        var differences = wanted.differences(fromLive: live).map(\.forPeople)
        if binding.content.properties == nil, target.contents.includesProperties {
            differences.append(Change.FieldDifference("endpoints", from: nil, to: "(known after apply)"))
        }
        differences += facts.dropped(unit, target, binding.spec).map {
            Change.FieldDifference($0, from: recorded.owned[unit.address]?.applied[$0], to: nil).forPeople
        }
        if store.formerFormat != nil {
            differences.append(
                .init("format", from: facts.formerTarget(of: unit.address)?.format, to: target.format))
        }
        if !differences.isEmpty, let silence = facts.silenceOfPin(binding) {
            return hold(unit, waitsFor: silence)
        }
        finish(unit, target, index, of: binding, store, differences)
    }

    private mutating func finish(
        _ unit: Unit, _ target: PublishTarget, _ index: Int, of binding: Binding, _ store: StoreSnapshot,
        _ differences: [Change.FieldDifference]
    ) {
        let epoch = binding.group.map(epoch(ofGroup:))
        let publication = Publication(
            binding: binding.spec.name, targetIndex: index, cluster: binding.cluster, group: binding.group,
            epoch: epoch, generation: binding.generation,
            dropped: facts.dropped(unit, target, binding.spec).map(\.keyOfContent),
            successorOf: facts.lostLedger(of: binding, store))
        var published = facts.rowFields(of: binding, target)
        published["epoch"] = epoch.map(String.init)
        func step(_ effect: Step.LedgerEffect) -> Step {
            Step("publish", unit.address, .binding(.publish(publication)), ledger: effect)
        }
        if store.isFresh {
            return create(
                unit, fields: published, shown: differences, group: binding.group,
                reason: .published(place: target.place), step: step)
        }
        let known = recorded.owned[unit.address]?.applied
        var seen =
            binding.content.isComplete
            ? facts.rowFields(of: binding, target) : known ?? facts.rowFields(of: binding, target)
        seen["epoch"] = known?["epoch"]
        if let other = store.bookkeeping?.ledger, other != recorded.ledgerID, recorded.ledgerID != nil {
            seen[Recorded.Owned.publishedByMark] = other
        }
        settle(
            unit, differences: differences, fields: differences.isEmpty ? seen : published,
            live: facts.ledgerFields(of: store, target), group: binding.group, reason: .published(place: target.place)
        ) { [step($0)] }
    }
}

extension Facts {
    fileprivate func destination(of binding: ClientBindingSpec) -> (cluster: String, group: String?)? {
        switch binding.target {
        case .cluster(let cluster): (cluster, nil)
        case .failoverGroup(let group):
            (situations[group]?.family.primary ?? workspace.placement(ofGroup: group)?.primary).map { ($0, group) }
        }
    }

    /// The family a group belongs to.
    func family(ofGroup group: String) -> String? {
        families.first { $0.groups.contains { $0.name == group } }?.name
    }

    /// What lets clients of a family write at their cluster: its move, the end of a fence, and its registry's modes.
    fileprivate func openings(of family: GroupFamily, on cluster: String) -> [ResourceAddress] {
        let modes = environment(of: cluster).map { environment in
            contexts(of: family).map { ResourceAddress(.mode, in: environment, $0.description) }
        }
        let isAlone = situations[family.name]?.openMove?.kind == .failover
        let fences =
            isAlone ? [] : family.members.filter { $0 != cluster }.map { family.address(of: .fenced(member: $0)) }
        return [family.address(of: .served), family.address(of: .unfenced(member: cluster))] + fences + (modes ?? [])
    }

    /// What the ledger keeps of a publication: the content as a whole, so that one number stands for it everywhere.
    fileprivate func rowFields(of binding: Binding, _ target: PublishTarget) -> [String: String] {
        var fields = binding.content.isComplete ? binding.content.fields : binding.content.part(target.contents)
        if !binding.content.isComplete { fields[WantedContent.partialMark] = "true" }
        fields.merge(target.remembered) { $1 }
        fields["place"] = target.place
        fields[WantedContent.contentsMark] = target.contents.rawValue
        fields["primary"] = binding.cluster
        fields["generation"] = String(binding.generation)
        return fields
    }

    /// Fields of the ledger's row whose keys were published to this place, and which do not belong there any more.
    fileprivate func dropped(_ unit: Unit, _ target: PublishTarget, _ spec: ClientBindingSpec) -> [String] {
        guard let applied = recorded.owned[unit.address]?.applied, applied["place"] == target.place else { return [] }
        let published = WantedContent.contents(of: applied) ?? target.contents
        return applied.keys.filter { field in
            guard published.carries(field) else { return false }
            let key = field.keyOfContent
            let isWanted =
                target.contents.includesProperties && spec.properties[key] != nil
                || target.contents.includesSecrets && spec.secrets[key] != nil
            return !isWanted
        }.sorted()
    }

    /// The ledger whose epoch a store holds, where that epoch decides and this ledger knows nothing of it.
    fileprivate func lostLedger(of binding: Binding, _ store: StoreSnapshot) -> String? {
        guard let group = binding.group, let situation = situations[group],
            let held = store.bookkeeping, held.epoch == situation.servingEpoch, held.epoch ?? 0 > 0,
            held.primary == binding.cluster, held.ledger != recorded.ledgerID,
            situation.moves.serving == nil || !holdsClaim(to: binding, over: held.ledger)
        else { return nil }
        return held.ledger
    }

    /// Whether this ledger published a binding itself, and did not take it over as another one left it.
    fileprivate func holdsClaim(to binding: Binding, over ledger: String?) -> Bool {
        binding.spec.addresses.contains { address in
            recorded.owned[address].map { $0.applied[Recorded.Owned.publishedByMark] != ledger } ?? false
        }
    }

    /// What a store holds, in the form of the ledger's row.
    fileprivate func ledgerFields(of store: StoreSnapshot, _ target: PublishTarget) -> [String: String] {
        var fields = store.fields.merging(target.remembered) { $1 }
        fields["place"] = target.place
        fields[WantedContent.contentsMark] = target.contents.rawValue
        fields["primary"] = store.bookkeeping?.primary
        fields["generation"] = store.bookkeeping.map { String($0.generation) }
        return fields
    }

    /// A pinned binding is published only while its cluster answers.
    fileprivate func silenceOfPin(_ binding: Binding) -> String? {
        guard binding.group == nil else { return nil }
        switch observation.clusters[binding.cluster] {
        case .unreachable?, .denied?, .broken?, .wrong?, .throttled?, .withoutCredentials?, .stranger?, .beingMade?:
            return observation.clusters[binding.cluster]?.silence(of: binding.cluster)
        case .reachable?, .absent?, .unmanaged?, nil: return nil
        }
    }
}

extension MergedPlan {
    /// Places of a move's bindings that are not written by this plan.
    func unmovedClients(of move: Plan.Move) -> [UnmovedClients] {
        let bindings = workspace.clientBindings.values.filter { binding in
            if case .failoverGroup(let group) = binding.target { move.groups.contains(group) } else { false }
        }
        return bindings.sorted { $0.name < $1.name }.flatMap { binding in
            zip(binding.addresses, binding.publish).compactMap { address, target in
                written.units[address]?.waitsFor.map {
                    UnmovedClients(binding: binding.name, place: target.place, waitsFor: $0)
                }
            }
        }
    }
}

/// One binding, with what all its targets share.
private struct Binding {
    let spec: ClientBindingSpec
    let cluster: String
    let group: String?
    let content: WantedContent
    let generation: Int
    let dependencies: [ResourceAddress]
    /// Whether this plan makes what an endpoint that is not known yet belongs to.
    let makesEndpoints: Bool
}

extension String {
    /// The key behind the ledger's prefix: `properties.acks` is `acks`.
    var keyOfContent: String { String(drop { $0 != "." }.dropFirst()) }
}

extension Unit {
    /// Whether it writes to a store.
    fileprivate var publishes: Bool { steps.contains { $0.isEffectful } }

    /// What its deferred work waits for.
    fileprivate var waitsFor: String? {
        if case .deferred(_, let waitsFor)? = hold { waitsFor } else { nil }
    }
}

extension Change.FieldDifference {
    /// The difference without the ledger's prefixes, and with fingerprints shortened.
    var forPeople: Self {
        if field.hasPrefix("secrets.") {
            func short(_ text: String?) -> String? { text.map { Fingerprint(hexadecimal: $0).description } }
            return Self("secret \(field.dropFirst("secrets.".count))", from: short(from), to: short(to))
        }
        guard field.hasPrefix("properties.") else { return self }
        return Self(String(field.dropFirst("properties.".count)), from: from, to: to)
    }
}

extension ClientBindingSpec {
    /// Whether what it publishes names the Schema Registry.
    fileprivate var namesRegistry: Bool {
        (Array(properties.values) + Array(secrets.values)).contains { text in
            guard let template = try? BindingTemplate(text) else { return false }
            return template.references.contains(.registryEndpoint)
        }
    }
}
