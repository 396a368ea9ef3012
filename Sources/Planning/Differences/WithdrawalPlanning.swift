import Domain

/// Places that a binding was published to and is not any more: what is left there, secrets above all, is removed.
extension BindingPhase {
    mutating func planWithdrawals() {
        guard !options.adoptOnly else { return }
        for address in recorded.placesTakenUpAgain(in: workspace) { forget(address) }
        let left = recorded.placesLeft(in: workspace)
        let parts = Dictionary(grouping: left, by: \.row)
        for (row, parts) in parts where parts.count > 1 && !parts.contains(where: facts.isPublished) {
            forgetTarget(row)
        }
        for place in left { withdraw(from: place, isAlone: parts[place.row]?.count == 1) }
    }

    /// - Parameter isAlone: Whether no other part of the same target was left.
    private mutating func withdraw(from place: PlaceLeft, isAlone: Bool) {
        guard let binding = workspace.clientBindings[place.binding], let row = recorded.owned[place.row] else { return }
        if let connection = place.target.connection, workspace.connections[connection] == nil {
            return noteUnreachable(place.target, connection, binding)
        }
        let unit = Unit(
            facts.isPublished(place) || !isAlone ? place.address : place.row, after: binding.addresses,
            labels: binding.metadata.labels,
            ownership: .init(binding.metadata, declaredBy: "ClientBinding \(binding.name)", family: row.family))
        let rest = facts.leftRow(row, place)
        switch observation.stores[place.address] {
        case .reachable(let store)?: remove(store.fields, from: place, unit, rest)
        case .absent?: remove([:], from: place, unit, rest)
        case .some(let silent):
            wait(for: silent.silence(of: place.target.place) ?? place.target.place, unit, place, rest)
        case nil: wait(for: "\(place.target.place) was not read", unit, place, rest)
        }
    }

    /// What is there of what was published is removed, as it was seen.
    private mutating func remove(
        _ live: [String: String], from place: PlaceLeft, _ unit: Unit, _ rest: Recorded.Owned
    ) {
        let there = live.filter { place.published[$0.key] != nil }
        guard !there.isEmpty else {
            if recorded.owned[unit.address] != nil { forget(unit.address) }
            return
        }
        var unit = unit
        unit.change = Change(
            .delete, unit.address,
            differences: there.sorted { $0.key < $1.key }.map {
                Change.FieldDifference($0.key, from: $0.value, to: nil).forPeople
            },
            reason: .withdrawn(binding: place.binding))
        let withdrawal = Withdrawal(
            binding: place.binding, target: place.target, keys: there.keys.map(\.keyOfContent).sorted())
        unit.steps = [Step("withdraw", unit.address, .binding(.withdraw(withdrawal)), ledger: .disown)]
        if unit.address != place.row { remember(rest, before: place.row, &unit) }
        put(unit)
    }

    /// It is not known what is left there: it is looked for again by the next plan.
    private mutating func wait(for silence: String, _ unit: Unit, _ place: PlaceLeft, _ rest: Recorded.Owned) {
        var unit = unit
        unit.hold = .deferred(.delete, waitsFor: silence)
        if unit.address != place.row, recorded.owned[unit.address] != rest {
            if written.units[place.row]?.steps.isEmpty ?? true {
                unit.ledgerOnly = .own(rest)
            } else {
                written.units[place.row]?.steps.insert(Facts.keeping(rest, at: unit.address), at: 0)
            }
        }
        put(unit)
    }

    /// Before the row of the target says something else, another one keeps what is left: a run that is killed in between
    /// leaves it to the next.
    private mutating func remember(_ rest: Recorded.Owned, before address: ResourceAddress, _ unit: inout Unit) {
        let step = Facts.keeping(rest, at: unit.address)
        if written.units[address]?.steps.isEmpty ?? true {
            unit.steps.insert(step, at: 0)
        } else {
            written.units[address]?.steps.insert(step, at: 0)
        }
    }

    /// A target of several parts, each of which gets a row of its own: its own row goes once those are there.
    private mutating func forgetTarget(_ address: ResourceAddress) {
        var unit = Unit(address)
        unit.steps = [Step("release", address, .ledger(.release), ledger: .disown)]
        put(unit)
    }

    private mutating func noteUnreachable(_ place: PublishTarget, _ connection: String, _ binding: ClientBindingSpec) {
        written.notes.append(
            Plan.Note(
                .published(place: place.place, connection: connection), about: "ClientBinding \(binding.name)"))
    }
}

extension Facts {
    /// Whether the row that remembers a place is that of a target which is published elsewhere now.
    fileprivate func isPublished(_ place: PlaceLeft) -> Bool {
        workspace.clientBindings[place.binding]?.addresses.contains(place.row) ?? false
    }

    fileprivate static func keeping(_ rest: Recorded.Owned, at address: ResourceAddress) -> Step {
        Step("leave", address, .ledger(.record), ledger: .own(rest))
    }

    fileprivate func leftRow(_ row: Recorded.Owned, _ place: PlaceLeft) -> Recorded.Owned {
        var left = row
        left.applied = row.applied.filter { Unit.Ownership.isMark($0.key) }
        left.applied.merge(place.published) { $1 }
        left.applied.merge(place.target.remembered) { $1 }
        left.applied["place"] = place.target.place
        left.applied[WantedContent.contentsMark] = place.target.contents.rawValue
        return left
    }
}
