import Domain

/// Places that a binding was published to and is not any more: what was left there, secrets above all, is removed.
extension Planner {
    mutating func planWithdrawals() {
        let rows = recorded.owned.filter { $0.key.kind == .binding && $0.value.isConfirmed }
        guard !rows.isEmpty, !options.adoptOnly else { return }
        let inUse = Set(
            workspace.clientBindings.values.flatMap(\.publish).flatMap(\.parts).map { $0.identity(in: workspace) })
        for (address, row) in rows.sorted(by: { $0.key < $1.key }) {
            guard let binding = workspace.clientBindings[address.nameOfBinding],
                let target = PublishTarget(remembered: row.applied)
            else { continue }
            let left = target.parts.filter { !inUse.contains($0.identity(in: workspace)) }
            if address.leftPlace != nil, left.isEmpty {
                forgetLeftPlace(address)
            } else {
                for place in left { withdraw(from: place, of: binding, address, row) }
            }
        }
    }

    private mutating func withdraw(
        from place: PublishTarget, of binding: ClientBindingSpec, _ address: ResourceAddress, _ row: Recorded.Owned
    ) {
        let published = row.applied.filter { place.contents.carries($0.key) }
        guard !published.isEmpty else { return }
        if let connection = place.connection, workspace.connections[connection] == nil {
            return noteUnreachable(place, connection, binding)
        }
        let isMoved = binding.addresses.contains(address)
        let left = isMoved ? ResourceAddress(placeLeftBy: binding.name, place.place) : address
        var unit = Unit(
            left, after: binding.addresses, labels: binding.metadata.labels,
            ownership: .init(
                binding.metadata, declaredBy: "ClientBinding \(binding.name)", family: row.family))
        unit.change = Change(
            .delete, left, differences: published.sorted { $0.key < $1.key }.map { Self.gone($0.key, $0.value) },
            reason: "\(binding.name) is not published there any more")
        let withdrawal = Withdrawal(
            binding: binding.name, target: place, keys: published.keys.map(\.keyOfContent).sorted())
        unit.steps = [Step("withdraw", left, .withdraw(withdrawal), ledger: .disown)]
        if isMoved { remember(left, leftRow(row, place, published), before: address, &unit) }
        put(unit)
    }

    /// Before the row of the target says something else, another one keeps what is left: a run that is killed in between
    /// leaves it to the next.
    private mutating func remember(
        _ left: ResourceAddress, _ row: Recorded.Owned, before address: ResourceAddress, _ unit: inout Unit
    ) {
        let step = Step("leave", left, .record, ledger: .own(row))
        if units[address]?.steps.isEmpty ?? true {
            unit.steps.insert(step, at: 0)
        } else {
            units[address]?.steps.insert(step, at: 0)
        }
    }

    private func leftRow(
        _ row: Recorded.Owned, _ place: PublishTarget, _ published: [String: String]
    ) -> Recorded.Owned {
        var left = row
        left.applied = row.applied.filter { Unit.Ownership.isMark($0.key) }
        left.applied.merge(published) { $1 }
        left.applied.merge(place.remembered) { $1 }
        left.applied["place"] = place.place
        left.applied[WantedContent.contentsMark] = place.contents.rawValue
        return left
    }

    /// The binding is published there again.
    private mutating func forgetLeftPlace(_ address: ResourceAddress) {
        var unit = Unit(address)
        unit.ledgerOnly = .disown
        put(unit)
    }

    private mutating func noteUnreachable(_ place: PublishTarget, _ connection: String, _ binding: ClientBindingSpec) {
        notes.append(
            Plan.Note(
                "what was published to \(place.place) stays there: connection \(connection) is not declared any more; "
                    + "remove it by hand",
                about: "ClientBinding \(binding.name)"))
    }

    private static func gone(_ field: String, _ value: String) -> Change.FieldDifference {
        Change.FieldDifference(field, from: value, to: nil).forPeople
    }
}

extension ResourceAddress {
    /// The binding of a target, or of a place it left.
    fileprivate var nameOfBinding: String { leftPlace?.binding ?? String(name.prefix { $0 != "/" }) }
}
