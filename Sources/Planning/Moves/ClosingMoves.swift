import Domain

/// Ends moves when every member follows: after everything else of the families is planned.
struct ClosingPhase: PlanningPhase {
    let facts: Facts
    let planned: Draft
    var written: Draft

    /// - Parameter planned: What all other phases wrote for objects that manifests mean.
    static func plan(_ facts: Facts, _ groups: GroupPlans, planned: Draft) -> Draft {
        var phase = ClosingPhase(facts: facts, planned: planned, written: Draft(planned.claims))
        for settled in groups.all.compactMap(\.settled) {
            phase.closeMove(settled, facts.bindingAddresses(of: settled.situation.family))
        }
        return phase.written
    }

    private mutating func closeMove(_ settled: SettledFamily, _ bindings: [ResourceAddress]) {
        let (situation, memberRoles) = (settled.situation, settled.memberRoles)
        let family = situation.family
        let unfinished = Set(memberRoles.filter { $0.value.isUnfinished }.keys)
        let returning = Set(situation.moves.demoted.keys).union((situation.moves.discards ?? [:]).keys)
        let returned = returning.filter { member in
            family.members.contains(member) && !unfinished.contains(member)
                && !(memberRoles[member]?.isRetired ?? false)
        }
        var events = returned.sorted().map { (Milestone.returned(member: $0), MoveEvent.returned(member: $0)) }
        if let open = situation.moves.open, !waitsForEndings(of: open, situation) {
            let isAborted = open.to != family.primary || situation.moves.isBringingTheRest
            // Only the open move tells which copies it promoted, and that nobody is to write them.
            let keepsPromoted = open.isPast && unfinished.contains(open.to)
            if isAborted && !keepsPromoted || unfinished.isEmpty {
                events.append((.closed, .closed(aborted: isAborted)))
            }
        }
        guard !events.isEmpty else { return }
        let own = planned.units.values.filter { facts.isPart($0, of: family) }
        let pending = own.filter { !$0.isIdle && $0.address.kind != .group || !$0.graph.isEmpty }.map(\.address)
        let work = own.contains { $0.hasSteps } || bindings.contains { planned.units[$0]?.hasSteps ?? false }
        let isHeld = (own.map(\.hold) + bindings.map { planned.units[$0]?.hold }).contains { $0 != nil }
        guard !isHeld else { return }
        for (milestone, event) in events {
            var unit = Unit(family.address(of: milestone))
            let effect = Step.LedgerEffect.move(family: family.name, event)
            if work {
                unit.dependencies = (pending + bindings).sorted()
                unit.steps = [Step("record", unit.address, .ledger(.record), ledger: effect)]
            } else {
                unit.ledgerOnly = effect
            }
            put(unit)
        }
    }

    /// A move is not forgotten while mirrors are still on their way to become ordinary topics by it.
    private mutating func waitsForEndings(of open: RecordedMoves.Move, _ situation: FamilySituation) -> Bool {
        let ending = (index.mirrors[open.to] ?? [:]).values.filter { row in
            [.pendingStopped, .pendingSynchronize].contains(row.status)
                && facts.topics(of: situation.family).contains(row.topic)
        }.map(\.topic).sorted()
        guard open.isPast, open.to != situation.family.primary, !ending.isEmpty else { return false }
        hold(
            Unit(situation.family.address(of: .closed)), .update,
            waitsFor: "mirrors on \(open.to) that are about to end: \(ending.shortened)")
        return true
    }
}

extension Facts {
    fileprivate func isPart(_ unit: Unit, of family: GroupFamily) -> Bool {
        unit.ownership.declaredBy == LinkOwner(family).description || unit.change?.group == family.name
            || family.members.contains { unit.address == family.address(of: .confirmed(member: $0)) }
    }
}

/// A family that is not moved by this plan, with what its members are to become.
struct SettledFamily {
    let situation: FamilySituation
    let memberRoles: [String: MemberRole]
}
