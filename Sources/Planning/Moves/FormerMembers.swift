import Domain

/// Members that left `members` while something of theirs is unfinished: writable copies that nobody reconciled, a fence.
extension GroupPhase {
    /// Refuses their leaving without consent; once given up they are watched, and kept from writing when they answer.
    mutating func planFormerMembers(_ situation: FamilySituation, _ owner: LinkOwner) {
        for member in facts.formerMembers(of: situation) {
            let isGivenUp = situation.moves.abandoned?.contains(member) ?? false
            guard isGivenUp || options.abandoned.contains(member) else {
                refuseLeaving(of: member, situation, owner)
                continue
            }
            if !isGivenUp { giveUp(member, situation, owner) }
            if let snapshot = observation.clusters[member]?.snapshot {
                let own = facts.topics(of: situation.family)
                let topics = Set(snapshot.topics.keys.filter { own.contains($0) })
                write(facts.fence(of: situation.family, around: topics), on: member, situation, owner)
            }
            pauseExporters(of: member, situation, owner)
            written.notes.append(
                Plan.Note(.givenUp(member: member, source: situation.source), about: owner.description))
        }
    }

    private mutating func refuseLeaving(of member: String, _ situation: FamilySituation, _ owner: LinkOwner) {
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .members, subject: "FailoverGroup \(situation.family.name) on \(member)",
                    .family(
                        .leaves(
                            member: member, writableCopies: situation.moves.demoted[member] != nil,
                            fenceEntries: situation.moves.fences[member]?.written.count ?? 0)),
                    origin: owner.origin("spec.members")),
                addresses: [situation.family.address(of: .abandoned(member: member))]))
    }

    private mutating func giveUp(_ member: String, _ situation: FamilySituation, _ owner: LinkOwner) {
        let address = situation.family.address(of: .abandoned(member: member))
        var unit = Unit(address, labels: owner.labels)
        unit.change = Change(
            .release, address, reason: .abandoned, group: situation.family.name)
        unit.steps = [
            Step(
                "abandon", address, .ledger(.record),
                ledger: .move(family: situation.family.name, .abandoned(member: member)))
        ]
        put(unit)
    }

    /// Exporters from a former member into the registry that is in use.
    private mutating func pauseExporters(of member: String, _ situation: FamilySituation, _ owner: LinkOwner) {
        guard facts.movesSchemas(situation.family, from: member, to: situation.source),
            let environment = facts.environment(of: member)
        else { return }
        for exporter in facts.exporters(of: situation.family, on: environment) where exporter.state != .paused {
            let address = ResourceAddress(.exporter, in: environment, "\(exporter.name)/former")
            var unit = Unit(address, labels: owner.labels)
            unit.change = Change(
                .update, address, reason: .givenUp(member: member), group: situation.family.name)
            unit.steps = [
                Step(
                    "pause", address,
                    .registry(.pauseExporter(ExporterReference(environment: environment, exporter: exporter.name))))
            ]
            put(unit)
        }
    }
}

extension Facts {
    func formerMembers(of situation: FamilySituation) -> [String] {
        let fenced = situation.moves.fences.filter { !$0.value.written.isEmpty }.keys
        return Set(situation.moves.demoted.keys).union(fenced).subtracting(situation.family.members).sorted()
    }
}
