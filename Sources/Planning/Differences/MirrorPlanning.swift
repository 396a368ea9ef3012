import Domain

/// Topics of a source that a cluster has to mirror.
struct WantedMirrors {
    let topics: Set<String>
    let source: String
    /// Cluster that holds the mirrors.
    let cluster: String
    /// Halves of the link, under their real names.
    let halves: [DesiredLink]
    let prefix: String?
    let owner: LinkOwner
    /// How copies that are no mirrors become some.
    var returning: ReturnPlan?

    /// The half that holds the mirrors.
    var link: DesiredLink? { halves.first { $0.cluster == cluster } }

    func refusal(_ obstacle: MirrorReason.Obstacle) -> Refusal {
        let reason = MirrorReason(
            cluster: cluster, source: source, owner: owner.description, isOfGroup: owner.group != nil,
            obstacle: obstacle)
        return Refusal(
            .transition, subject: "\(owner.kind) \(owner.name) on \(cluster)", .mirrors(reason),
            origin: owner.origin("spec"))
    }

    /// The halves without which no mirror starts: its own, and the other one when only that one dials.
    var neededHalves: [ResourceAddress] {
        halves.filter { $0.cluster == cluster || !(link?.half.dials ?? true) }.map(\.address)
    }
}

/// Mirror topics of a link.
extension PlanningPhase {
    mutating func planMirrors(_ wanted: WantedMirrors) {
        guard let link = wanted.link else { return }
        let needed = wanted.neededHalves
        let links = facts.linkNames(from: wanted.source, on: wanted.cluster).union([link.name])
        var obstacles = Obstacles()
        let isRead = index.chainedClusters.contains(wanted.cluster)
        let isChained = index.chainedClusters.contains(wanted.source)
        let claimed = written.claims.claim(wanted, over: link, besides: index.mirrors[wanted.cluster] ?? [:])
        if !options.adoptOnly { written.refusals += facts.refusals(of: claimed.taken, wanted) }
        for topic in claimed.free {
            var unit = Unit(
                ResourceAddress(.mirror, in: wanted.cluster, (wanted.prefix ?? "") + topic),
                after: needed + [ResourceAddress(.topic, in: wanted.source, topic)], labels: wanted.owner.labels,
                ownership: wanted.owner.derivedOwnership)
            if isChained { unit.dependencies.append(ResourceAddress(.mirror, in: wanted.source, topic)) }
            if isRead { written.claims.plannedMirrors[wanted.cluster, default: []].insert(unit.address.name) }
            let fields = ["link": link.name, "source": wanted.source, "sourceTopic": topic]
            plan(unit, fields, wanted, over: link, links, &obstacles)
        }
        refuse(obstacles, wanted, over: link)
        holdRestoring(obstacles.restoring, on: wanted.cluster)
    }

    /// Consumer groups that keep copies from being truncated: the service restores nothing while they have members.
    mutating func readers(of copies: Set<String>, on member: String) -> String? {
        guard !copies.isEmpty,
            case .readers(let groups)? = answer(to: .readers(cluster: member, topics: copies.sorted())),
            !groups.isEmpty
        else { return nil }
        return "consumers of \(groups.sorted().shortened) on \(member) to stop: nothing is truncated while consumer "
            + "groups are active, and who was lost with a region is in one until its session ends, after 45 s by default "
            + "(stop them, or set `reprotect: Recreate`)"
    }

    /// Names the consumer groups that keep copies from being truncated.
    private mutating func holdRestoring(_ topics: [String], on cluster: String) {
        guard !options.adoptOnly, let readers = readers(of: Set(topics), on: cluster) else { return }
        for topic in topics {
            let address = ResourceAddress(.mirror, in: cluster, topic)
            guard let unit = written.units[address], unit.hold == nil else { continue }
            hold(unit, waitsFor: readers)
        }
    }

    private mutating func plan(
        _ unit: Unit, _ fields: [String: String], _ wanted: WantedMirrors, over link: DesiredLink, _ links: Set<String>,
        _ obstacles: inout Obstacles
    ) {
        let name = unit.address.name
        switch observation.clusters[wanted.cluster] {
        case .reachable(let snapshot)?:
            guard let row = index.mirrors[wanted.cluster]?[name], row.isLive else {
                if snapshot.topics[name] == nil { return createIfSourceAnswers(unit, fields, wanted) }
                if let plan = wanted.returning, plan.positions[name] != nil {
                    return replace(unit, fields, wanted, plan)
                }
                let isStopped = index.mirrors[wanted.cluster]?[name].map { links.contains($0.link) } ?? false
                // A topic that a move left here is mirrored to the source: whether it is one cannot be seen now.
                if !isStopped, facts.isSilent(wanted.source) { return createIfSourceAnswers(unit, fields, wanted) }
                obstacles.strangers.append(.init(topic: name, nature: isStopped ? .stoppedByHand : .ordinary))
                return refuse(unit)
            }
            guard row.link == link.name, row.sourceTopic == fields["sourceTopic"] else {
                if let plan = wanted.returning, plan.positions[name] != nil {
                    return replace(unit, fields, wanted, plan)
                }
                if row.link != link.name, links.contains(row.link), row.sourceTopic == fields["sourceTopic"] {
                    obstacles.elsewhere.append(.init(topic: name, link: row.link))
                } else {
                    obstacles.strangers.append(.init(topic: name, nature: .mirrored(link: row.link)))
                }
                return refuse(unit)
            }
            if row.status == .failed { obstacles.failed.append(name) }
            if row.status == .pendingStopped, !facts.isBeingMoved(wanted.owner) { obstacles.ending.append(name) }
            if [.pendingSetupForRestore, .pendingRestore].contains(row.status) { obstacles.restoring.append(name) }
            settle(unit, row, fields, wanted)
        case .absent?: create(unit, fields, wanted)
        case .unmanaged?, nil: refuse(unit)
        case .some(let silent):
            guard facts.isCertain(unit, wanted) else { return leaveUnclaimed(unit) }
            leaveUnseen(unit, fields: fields, waitsFor: silent.silence(of: wanted.cluster) ?? wanted.cluster)
        }
    }

    // MARK: Existing mirrors

    private mutating func settle(
        _ unit: Unit, _ row: ObservedMirror, _ fields: [String: String], _ wanted: WantedMirrors
    ) {
        guard facts.ownedRow(of: unit.address) != nil || !facts.isSilent(wanted.source) else {
            return leaveUnclaimed(unit)
        }
        settle(unit, differences: [], fields: fields, live: fields, group: wanted.owner.group) { _ in [] }
        if row.status == .pendingMirror, !options.adoptOnly, !facts.isSilent(wanted.source) {
            return awaitMirror(unit.address, row, wanted)
        }
        guard row.status == .paused, !options.adoptOnly, var settled = written.units[unit.address], settled.hold == nil
        else {
            return
        }
        settled.change = Change(
            settled.change == nil ? .update : .adoptAndChange, unit.address,
            differences: [.init("status", from: "PAUSED", to: "ACTIVE")] + settled.guards,
            reason: .unpaused, group: wanted.owner.group)
        put(settled)
        written.claims.pausedMirrors[ResourceAddress(.link, in: wanted.cluster, row.link), default: []].append(
            unit.address.name)
    }

    /// A mirror that an earlier run made, and that does not fetch yet: it counts when it does.
    private mutating func awaitMirror(_ address: ResourceAddress, _ row: ObservedMirror, _ wanted: WantedMirrors) {
        guard var unit = written.units[address], unit.hold == nil else { return }
        unit.change = Change(
            unit.change == nil ? .update : .adoptAndChange, address,
            differences: [.init("status", from: "PENDING_MIRROR", to: "ACTIVE")] + unit.guards,
            reason: .awaited, group: wanted.owner.group)
        let mirrors = LinkedMirrors(cluster: wanted.cluster, link: row.link, topics: [address.name])
        unit.steps.insert(Step("await", address, .move(.awaitMirrors(mirrors))), at: 0)
        put(unit)
    }

    /// A mirror nobody owns is adopted, or made, once its source says that it still has the topic.
    private mutating func leaveUnclaimed(_ unit: Unit) {
        var unit = unit
        unit.isThere = true
        put(unit)
    }

    // MARK: New mirrors

    private mutating func createIfSourceAnswers(_ unit: Unit, _ fields: [String: String], _ wanted: WantedMirrors) {
        guard facts.isSilent(wanted.source) else { return create(unit, fields, wanted) }
        guard facts.isCertain(unit, wanted) else { return leaveUnclaimed(unit) }
        hold(
            unit, .create, waitsFor: observation.clusters[wanted.source]?.silence(of: wanted.source) ?? wanted.source)
    }

    private mutating func create(_ unit: Unit, _ fields: [String: String], _ wanted: WantedMirrors) {
        let topic = fields["sourceTopic"] ?? unit.address.name
        let creation = MirrorCreation(
            cluster: wanted.cluster, link: fields["link"] ?? "", topic: unit.address.name, source: topic)
        let visible = fields.filter { $0.key != "sourceTopic" || $0.value != unit.address.name }
        create(unit, fields: fields, shown: visible.asDifferences, group: wanted.owner.group) { effect in
            Step("create", unit.address, .kafka(.createMirror(creation)), ledger: effect)
        }
    }

    // MARK: Copies that become mirrors again

    /// Replaces one copy; waves wait for each other, so that the holder is the only copy of few topics at a time.
    private mutating func replace(
        _ unit: Unit, _ fields: [String: String], _ wanted: WantedMirrors, _ plan: ReturnPlan
    ) {
        guard !options.adoptOnly else { return put(unit) }
        var unit = unit
        let name = unit.address.name
        unit.dependencies += ReturnOrder.beforeReplacing(name, plan)
        let link = fields["link"] ?? ""
        let row = Step.LedgerEffect.own(facts.createdRow(of: unit, fields))
        let method = plan.method(of: name)
        switch method {
        case .recreate:
            let copy = TopicReference(cluster: wanted.cluster, topic: name)
            let creation = MirrorCreation(
                cluster: wanted.cluster, link: link, topic: name, source: fields["sourceTopic"] ?? name)
            unit.steps = [
                Step("delete", unit.address, .kafka(.deleteTopic(copy))),
                Step("create", unit.address, .kafka(.createMirror(creation)), ledger: row),
            ]
        case .restore:
            let mirrors = LinkedMirrors(cluster: wanted.cluster, link: link, topics: [name])
            unit.steps = [Step("restore", unit.address, .move(.restoreMirrors(mirrors)), ledger: row)]
        }
        unit.change = Change(
            .replace, unit.address, differences: facts.replacement(name, wanted, plan),
            reason: .replacedCopy(restoredFrom: method == .restore ? wanted.source : nil, plan.grounds(for: name)),
            group: wanted.owner.group)
        put(unit)
    }

    // MARK: Refusals

    private mutating func refuse(_ obstacles: Obstacles, _ wanted: WantedMirrors, over link: DesiredLink) {
        guard !options.adoptOnly else { return }
        let (owner, cluster) = (wanted.owner, wanted.cluster)
        func refuse(_ topics: [String], _ obstacle: MirrorReason.Obstacle) {
            guard !topics.isEmpty else { return }
            written.refusals.append(
                RefusedWork(
                    refusal: wanted.refusal(obstacle),
                    addresses: topics.map { ResourceAddress(.mirror, in: cluster, $0) },
                    owner: facts.ownerRefused(with: owner)))
        }
        refuse(obstacles.strangers.map(\.topic), .strangers(obstacles.strangers))
        refuse(obstacles.ending, .ending(obstacles.ending))
        refuse(
            obstacles.elsewhere.map(\.topic),
            .elsewhere(
                obstacles.elsewhere,
                than: .init(
                    link: link.name, field: facts.nameField(of: link, owner),
                    liveMode: facts.otherMode(of: obstacles.elsewhere, than: link))))
        refuse(obstacles.failed, .failed(obstacles.failed))
    }
}

extension Facts {
    fileprivate func isBeingMoved(_ owner: LinkOwner) -> Bool {
        owner.group.flatMap { situations[$0] }?.openMove != nil
    }

    /// Whether the source has the topic, as far as can be told: while it is silent, a mirror that nobody owns proves
    /// nothing, for what it followed may be gone.
    fileprivate func isCertain(_ unit: Unit, _ wanted: WantedMirrors) -> Bool {
        let topic = unit.address.name.dropFirst(wanted.prefix?.count ?? 0)
        return !isSilent(wanted.source) || ownedRow(of: unit.address) != nil
            || index.declaredTopics[wanted.source]?.contains(String(topic)) ?? false
    }

    fileprivate func isSilent(_ cluster: String) -> Bool {
        observation.clusters[cluster]?.state.isUnseen ?? false
    }

    /// What a copy is and becomes, and what only the copies of that member hold.
    fileprivate func replacement(_ name: String, _ wanted: WantedMirrors, _ plan: ReturnPlan) -> [Change
        .FieldDifference]
    {
        let row = index.mirrors[wanted.cluster]?[name].flatMap { $0.isLive ? $0 : nil }
        var differences = [
            Change.FieldDifference(
                "is", from: row.map { "mirror on link \($0.link)" } ?? "ordinary topic",
                to: "mirror of \(wanted.source)")
        ]
        if let consent = plan.consent, consent.named.contains(name) {
            let records = consent.divergence.map { "\($0.isLowerBound ? "at least " : "")\($0.records)" }
            let named = plan.topics.count { consent.named.contains($0) }
            let copies = named == 1 ? "copy" : "\(named) copies"
            differences.append(
                .init(
                    "records that only \(plan.member) holds, in its \(copies)", from: records ?? "not known how many",
                    to: "destroyed"))
        }
        return differences
    }
}

extension MergedPlan {
    /// One call resumes every paused mirror of a link.
    mutating func planResumes() {
        for (link, topics) in written.claims.pausedMirrors {
            guard var unit = written.units[link], let cluster = link.place else { continue }
            let mirrors = LinkedMirrors(cluster: cluster, link: link.name, topics: topics.sorted())
            unit.steps.append(Step("resume-mirrors", link, .kafka(.resumeMirrors(mirrors))))
            written.units[link] = unit
        }
    }
}

/// Topics that cannot be mirrored, told in one refusal.
private struct Obstacles {
    var strangers: [MirrorReason.Stranger] = []
    var failed: [String] = []
    /// Those that are about to become ordinary topics, by no move of this workspace.
    var ending: [String] = []
    /// Those that follow the source over another link.
    var elsewhere: [MirrorReason.LinkedTopic] = []
    /// Those that are being truncated, which takes until no consumer group reads them.
    var restoring: [String] = []
}

extension [String] {
    /// The first five, and how many more there are.
    package var shortened: String {
        prefix(5).joined(separator: ", ") + (count > 5 ? " and \(count - 5) more" : "")
    }
}
