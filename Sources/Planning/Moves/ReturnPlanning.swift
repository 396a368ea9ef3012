import Domain

/// What follows a move: members that were left become mirrors again, fences fall, old links go.
extension GroupPhase {
    // MARK: Rows

    /// Topics that are primary elsewhere now are owned there: the ledger's rows move with them, silently.
    mutating func handOverRows(of topics: Set<String>, _ situation: FamilySituation) {
        guard situation.moves.serving != nil else { return }
        let holder = situation.family.primary
        for topic in topics {
            let address = ResourceAddress(.topic, in: holder, topic)
            inheritRow(at: address, topic, situation)
            disown(ResourceAddress(.mirror, in: holder, topic))
            for secondary in situation.family.secondaries where index.mirrors[secondary]?[topic]?.isLive ?? false {
                disown(ResourceAddress(.topic, in: secondary, topic))
            }
        }
    }

    /// A topic or mirror that is only adopted because another member served before is no news.
    mutating func inheritRow(at address: ResourceAddress, _ topic: String, _ situation: FamilySituation) {
        guard recorded.owned[address] == nil, var unit = written.units[address], unit.hold == nil,
            unit.change?.effect == .adopt, unit.change?.differences.isEmpty ?? false,
            case .own(var row)? = unit.steps.last?.ledger
        else { return }
        let before = situation.family.members.flatMap { member in
            [ResourceKind.topic, .mirror].compactMap { recorded.owned[ResourceAddress($0, in: member, topic)] }
        }
        if before.contains(where: { $0.origin == .created }) { row.origin = .created }
        unit.change = nil
        unit.steps = []
        unit.ledgerOnly = .own(row)
        put(unit)
    }

    private mutating func disown(_ address: ResourceAddress) {
        guard recorded.owned[address] != nil, written.units[address] == nil else { return }
        var unit = Unit(address)
        unit.ledgerOnly = .disown
        put(unit)
    }

    // MARK: Confirmation

    /// The unit behind which copies are destroyed: consent on record, and the holder seen once more.
    mutating func confirm(_ plan: ReturnPlan, _ situation: FamilySituation, _ owner: LinkOwner) {
        let family = situation.family
        var graph = StepGraph(plan.confirmation)
        var after: [Step.ID] = []
        if let consent = plan.consent {
            let event = MoveEvent.discarding(
                token: consent.token, losing: consent.divergence,
                copies: DiscardedCopies(of: consent.named, on: plan.member))
            after = [
                graph.add(
                    "consent-\(consent.token)", .ledger(.record), after: [], ledger: .move(family: family.name, event))
            ]
        }
        let bindings = facts.bindingAddresses(of: family)
        let proof = HolderProof(
            holder: situation.source, topics: plan.topics, member: plan.member, bindings: bindings.sorted(),
            epoch: situation.epoch)
        graph.add("confirm", .move(.confirmHolder(proof)), after: after)
        var unit = Unit(
            plan.confirmation, after: ReturnOrder.beforeConfirming(plan.member, family, bindings), labels: owner.labels)
        unit.graph = graph.steps
        put(unit)
    }

    mutating func hold(returnOf member: String, _ situation: FamilySituation, waitsFor: String) {
        let family = situation.family
        spareDerived(of: family)
        hold(
            Unit(family.address(of: .confirmed(member: member))), .update,
            waitsFor: waitsFor)
    }

    // MARK: Fences

    /// A fence is wanted while a member does not serve and holds copies that are no mirrors.
    ///
    /// - Parameter leftBehind: Members that hold a topic which a move left with them: nobody is sent there to write.
    mutating func planFences(
        _ situation: FamilySituation, _ topics: Set<String>, _ memberRoles: [String: MemberRole],
        leftBehind: [String: String], _ owner: LinkOwner
    ) {
        let fence = facts.fence(of: situation.family, around: topics)
        nameForeignEntries(fence, situation, owner)
        for member in situation.family.members {
            let isDemoted = situation.moves.demoted[member] != nil
            let inherited = facts.inherited(fence, on: member, situation)
            let left = Set(leftBehind.filter { $0.value == member }.keys)
            let apart = facts.fence(
                of: situation.family, around: facts.writable(topics, on: member, situation).union(left))
            func write(_ copies: Set<String>) {
                self.write(
                    facts.fence(of: situation.family, around: copies.union(left)), on: member, situation, owner)
            }
            switch memberRoles[member] {
            case .waits?, .retired?:
                guard observation.clusters[member]?.snapshot != nil else { continue }
                write(facts.copiesToFence(topics, on: member, situation))
            case .returns(let plan)?:
                let isWhole = isDemoted && plan.undecided.isEmpty
                write(isWhole ? topics : facts.staleCopies(topics, on: member, situation))
                let kept = apart.bindings.filter { plan.positions[$0.resourceName] == nil }
                lift(from: member, situation, owner, after: plan, keeping: kept, inherited: inherited)
            case .dark?: continue
            case .follows?, nil:
                if observation.clusters[member]?.snapshot != nil { write([]) }
                lift(from: member, situation, owner, after: nil, keeping: apart.bindings, inherited: inherited)
            }
        }
    }

    /// Entries like those of the fence on the side that serves, which nobody may remove: clients cannot write there.
    private mutating func nameForeignEntries(
        _ fence: FenceWanted, _ situation: FamilySituation, _ owner: LinkOwner
    ) {
        let holder = situation.source
        let there = observation.clusters[holder]?.snapshot?.denials ?? []
        let foreign = fence.bindings.intersection(there).subtracting(situation.moves.fences[holder]?.written ?? [])
        guard !foreign.isEmpty else { return }
        written.notes.append(
            Plan.Note(
                .deniedWriters(
                    Set(foreign.map(\.principal)).sorted(), of: Set(foreign.map(\.resourceName)).sorted(), on: holder),
                about: owner.description))
    }

    mutating func write(
        _ fence: FenceWanted, on member: String, _ situation: FamilySituation, _ owner: LinkOwner
    ) {
        let (write, existed) = facts.missing(fence, on: member, situation.moves)
        guard !write.isEmpty else { return }
        let address = situation.family.address(of: .fenced(member: member))
        var unit = Unit(address, labels: owner.labels)
        unit.change = Change(
            .create, address, reason: .fence(member: member), group: situation.family.name)
        let event = MoveEvent.fencing(member: member, RecordedMoves.Fence(written: write, existed: existed))
        unit.steps = [
            Step("remember", address, .ledger(.record), ledger: .move(family: situation.family.name, event)),
            Step("write", address, .move(.fence(FenceEntries(cluster: member, bindings: write.sorted())))),
        ]
        put(unit)
    }

    /// Takes a fence down: at once, or when the copies behind it are mirrors.
    ///
    /// - Parameters:
    ///   - kept: Entries around copies that wait for a decision.
    ///   - inherited: Entries that a lost ledger has left.
    private mutating func lift(
        from member: String, _ situation: FamilySituation, _ owner: LinkOwner, after plan: ReturnPlan?,
        keeping kept: Set<ACLBinding>, inherited: Set<ACLBinding>
    ) {
        let family = situation.family
        let before = (situation.moves.fences[member]?.written ?? []).union(inherited)
        var held = before.subtracting(kept)
        let address = family.address(of: .unfenced(member: member))
        guard let snapshot = observation.clusters[member]?.snapshot else {
            guard !held.isEmpty else { return }
            return hold(Unit(address), .delete, waitsFor: facts.silence(ofCluster: member) ?? member)
        }
        var live = snapshot.denials.map { held.intersection($0) } ?? held
        var unit = Unit(address, labels: owner.labels)
        if let plan {
            unit.dependencies = ReturnOrder.beforeLettingIn(plan)
            let fence = written.units[family.address(of: .fenced(member: member))]
            for case .move(.fence(let entries)) in fence?.steps.map(\.action) ?? [] {
                live.formUnion(Set(entries.bindings).subtracting(kept))
                held.formUnion(Set(entries.bindings).subtracting(kept))
            }
        }
        guard !held.isEmpty || (kept.isEmpty && situation.moves.fences[member] != nil) else { return }
        let entries = kept.isEmpty ? nil : held.sorted()
        let forget = Step.LedgerEffect.move(family: family.name, .unfenced(member: member, entries: entries))
        if live.isEmpty {
            unit.ledgerOnly = forget
        } else {
            unit.change = Change(
                .delete, address,
                reason: .unfence(member: member, isInherited: !inherited.isDisjoint(with: live)), group: family.name)
            unit.steps = [
                Step("remove", address, .move(.unfence(FenceEntries(cluster: member, bindings: live.sorted())))),
                Step("forget", address, .ledger(.record), ledger: forget),
            ]
        }
        put(unit)
    }

    // MARK: Old links

    /// Unidirectional links into the new primary, once their source follows it.
    mutating func removeOldLinks(
        _ situation: FamilySituation, _ memberRoles: [String: MemberRole], _ owner: LinkOwner
    ) {
        let family = situation.family
        guard situation.moves.serving != nil else { return }
        for member in family.members {
            guard let snapshot = observation.clusters[member]?.snapshot else { continue }
            for link in snapshot.links.sorted(by: { $0.name < $1.name }) {
                guard let other = facts.member(family, of: link, on: member), link.mode != .bidirectional,
                    isObsolete(link, on: member, from: other, situation, memberRoles)
                else { continue }
                remove(link, on: member, from: other, situation, memberRoles)
            }
        }
    }

    private func isObsolete(
        _ link: ObservedLink, on member: String, from other: String, _ situation: FamilySituation,
        _ memberRoles: [String: MemberRole]
    ) -> Bool {
        let address = ResourceAddress(.link, in: member, link.name)
        guard written.units[address] == nil, let owned = recorded.owned[address],
            owned.declaredBy == LinkOwner(situation.family).description
        else { return false }
        for site in [member, other] {
            if memberRoles[site]?.isUnfinished ?? false { return false }
        }
        let rows = (index.mirrors[member] ?? [:]).values.filter { $0.link == link.name && $0.isLive }
        guard case .returns(let plan)? = memberRoles[member] else { return rows.isEmpty }
        return rows.allSatisfy { plan.positions[$0.topic] != nil }
    }

    private mutating func remove(
        _ link: ObservedLink, on member: String, from other: String, _ situation: FamilySituation,
        _ memberRoles: [String: MemberRole]
    ) {
        let address = ResourceAddress(.link, in: member, link.name)
        var unit = Unit(address)
        for site in [member, other] {
            guard case .returns(let plan)? = memberRoles[site] else { continue }
            unit.dependencies += ReturnOrder.beforeLettingIn(plan)
        }
        unit.change = Change(
            .delete, address, reason: .otherPrimary(situation.family.primary), group: situation.family.name)
        let half = LinkReference(cluster: member, link: link.name)
        unit.steps = [Step("delete", address, .kafka(.deleteLink(half)), ledger: .disown)]
        put(unit)
    }
}

extension Facts {
    /// Copies of a member that clients could write, if nobody kept them from it, although another member serves.
    fileprivate func writable(_ topics: Set<String>, on member: String, _ situation: FamilySituation) -> Set<String> {
        guard member != situation.source else { return [] }
        return topics.intersection(writableTopics(of: situation.family, on: member))
    }

    /// Where applications of a family read.
    func bindingAddresses(of family: GroupFamily) -> [ResourceAddress] {
        family.groups.flatMap { index.bindingsOfGroups[$0.name] ?? [] }.flatMap(\.addresses)
    }
}

extension MemberRole {
    /// Whether something is left that a later apply, or somebody, has to do.
    var isUnfinished: Bool {
        switch self {
        case .waits, .dark: true
        case .returns(let plan): !plan.undecided.isEmpty
        case .follows, .retired: false
        }
    }

    /// Whether the member mirrors the holder, now or by this plan.
    var isMirroring: Bool {
        switch self {
        case .follows, .returns: true
        case .waits, .dark, .retired: false
        }
    }
}
