package import Domain

/// How a unit ends: nothing to do, adopted, changed, created, held or refused.
extension PlanningPhase {
    mutating func put(_ unit: Unit) {
        written.units[unit.address] = unit
    }

    /// Refuses an object.
    ///
    /// - Parameter owner: The manifest that is refused with it, with everything else that comes from it.
    mutating func refuse(_ unit: Unit, _ refusal: Refusal, owner: LinkOwner? = nil) {
        refuse(unit)
        written.refusals.append(
            RefusedWork(
                refusal: refusal, addresses: [unit.address], owner: owner.flatMap { facts.ownerRefused(with: $0) }))
    }

    mutating func refuseImmutable(
        _ unit: Unit, _ kind: String, _ name: String, _ field: String, _ reason: SiteReason
    ) {
        refuse(
            unit,
            Refusal(
                .immutable, subject: unit.address.description, .site(reason),
                origin: ManifestOrigin(kind, name, field)))
    }

    /// Marks a unit as refused; the refusal is recorded by the caller, once for many.
    mutating func refuse(_ unit: Unit) {
        var unit = unit
        unit.hold = .refused
        put(unit)
    }

    /// Holds a unit that has something to do.
    mutating func hold(_ unit: Unit, _ effect: Change.Effect = .update, waitsFor: String) {
        var unit = unit
        unit.hold = .deferred(effect, waitsFor: waitsFor)
        put(unit)
    }

    /// Holds what depends on a unit that itself has nothing to do.
    mutating func wait(_ unit: Unit, for reason: String) {
        var unit = unit
        unit.hold = .waiting(for: reason)
        put(unit)
    }

    /// A value that is not managed any more: nothing to see, the ledger drops it.
    mutating func forget(_ address: ResourceAddress) {
        var unit = Unit(address)
        unit.ledgerOnly = .disown
        put(unit)
    }

    // MARK: Promotions

    /// Refuses an object that another workspace of the same store owns.
    ///
    /// - Returns: Whether it was refused.
    mutating func refusedAsForeign(_ unit: Unit) -> Bool {
        guard let other = recorded.ownedElsewhere[unit.address] else { return false }
        refuse(
            unit,
            Refusal(
                .ownership, subject: unit.address.description,
                .identity(.ownedElsewhere(unit.address, workspace: other))))
        return true
    }

    /// Finishes a unit of an object that exists: adopts it when nobody owned it, changes what differs, or leaves it.
    ///
    /// - Parameters:
    ///   - unit: The unit, without change and steps.
    ///   - differences: Fields that differ.
    ///   - fields: What is wanted, in the ledger's form.
    ///   - live: What is there now, in the ledger's form.
    ///   - nativeID: Id of the live object.
    ///   - group: Group it derives from.
    ///   - reason: Why, when it is not obvious.
    ///   - steps: The steps that make the differences go away, given what the ledger learns with the last one.
    mutating func settle(
        _ unit: Unit, differences: [Change.FieldDifference], fields: [String: String], live: [String: String],
        nativeID: String? = nil, group: String? = nil, reason: ChangeReason? = nil, steps: (Step.LedgerEffect) -> [Step]
    ) {
        guard !refusedAsForeign(unit) else { return }
        var unit = unit
        unit.isThere = true
        let row = facts.keptRow(of: unit, fields, nativeID: nativeID)
        let owned = facts.ownedRow(of: unit.address, nativeID: nativeID)
        switch (owned, differences.isEmpty) {
        case (let owned?, true): unit.remember(row, insteadOf: owned)
        case (nil, true): facts.adopt(&unit, row, reason, group)
        case (.some, false) where options.adoptOnly: break
        case (nil, false) where options.adoptOnly:
            let asItIs = facts.keptRow(of: unit, live.filter { fields[$0.key] != nil }, nativeID: nativeID)
            facts.adopt(&unit, asItIs, reason, group)
        case (_, false):
            unit.change = Change(
                owned == nil ? .adoptAndChange : .update, unit.address,
                differences: differences + (owned?.guards(becoming: row) ?? []), reason: reason, group: group)
            unit.steps = steps(.own(row))
        }
        put(unit)
    }

    /// Finishes a unit of an object that does not exist.
    mutating func create(
        _ unit: Unit, fields: [String: String], shown: [Change.FieldDifference], group: String? = nil,
        reason: ChangeReason? = nil, step: (Step.LedgerEffect) -> Step
    ) {
        guard !refusedAsForeign(unit) else { return }
        var unit = unit
        guard !options.adoptOnly else { return put(unit) }
        unit.change = Change(.create, unit.address, differences: shown, reason: reason, group: group)
        unit.steps = [step(.own(facts.createdRow(of: unit, fields)))]
        put(unit)
    }

    /// Finishes a unit whose endpoint is silent: nothing to do when the ledger says that it was applied as wanted,
    /// deferred else.
    mutating func leaveUnseen(
        _ unit: Unit, fields: [String: String], effect: Change.Effect = .create, waitsFor: String
    ) {
        guard let owned = facts.ownedRow(of: unit.address) else { return hold(unit, effect, waitsFor: waitsFor) }
        var unit = unit
        unit.isThere = true
        var row = facts.keptRow(of: unit, owned.applied.filter { !Unit.Ownership.isMark($0.key) })
        row.isDerived = owned.isDerived
        unit.remember(row, insteadOf: owned)
        guard owned.wasApplied(fields) else { return hold(unit, .update, waitsFor: waitsFor) }
        put(unit)
    }
}

extension Facts {
    // MARK: The ledger's rows

    /// The row this workspace has of an object and has read back; `nil` when the live object is another one by its id.
    func ownedRow(of address: ResourceAddress, nativeID: String? = nil) -> Recorded.Owned? {
        guard let owned = recorded.owned[address], owned.isConfirmed else { return nil }
        if let nativeID, let recordedID = owned.nativeID, nativeID != recordedID { return nil }
        return owned
    }

    /// The row of an object that is created.
    func createdRow(of unit: Unit, _ fields: [String: String]) -> Recorded.Owned {
        row(.created, of: unit, fields, nativeID: nil)
    }

    /// The row of an object that exists: its origin stays what it was, else it is adopted.
    func keptRow(of unit: Unit, _ fields: [String: String], nativeID: String? = nil) -> Recorded.Owned {
        let before = recorded.owned[unit.address]
        let origin: Recorded.Origin
        switch before?.origin {
        case .creating, .created: origin = .created
        case .adopted, nil: origin = .adopted
        }
        let knownID = before.flatMap { $0.isConfirmed ? $0.nativeID : nil }
        var row = row(origin, of: unit, fields, nativeID: nativeID ?? knownID)
        row.siteID = row.siteID ?? before?.siteID
        return row
    }

    fileprivate func row(
        _ origin: Recorded.Origin, of unit: Unit, _ fields: [String: String], nativeID: String?
    ) -> Recorded.Owned {
        var applied = unit.ownership.marking(fields)
        if fields.keys.contains(where: Recorded.Owned.isFingerprint) {
            applied[Recorded.Owned.fingerprintKeyMark] = secrets.keyID
        }
        return Recorded.Owned(
            origin: origin, deletionPolicy: unit.ownership.policy, applied: applied, nativeID: nativeID,
            isDerived: unit.ownership.isDerived, siteID: liveIDs.site(of: unit.address))
    }

    /// Fields of a row with one that cannot be read back from the live system, and may not be known now: then the
    /// ledger keeps what it knew.
    func remembering(_ field: String, of address: ResourceAddress, in fields: [String: String]) -> [String: String] {
        guard fields[field] == nil, let known = recorded.owned[address]?.applied[field] else { return fields }
        return fields.merging([field: known]) { $1 }
    }

    fileprivate func adopt(_ unit: inout Unit, _ row: Recorded.Owned, _ reason: ChangeReason?, _ group: String?) {
        unit.change = Change(.adopt, unit.address, reason: reason, group: group)
        unit.steps = [Step("adopt", unit.address, .ledger(.adopt), ledger: .own(row))]
    }
}

extension Unit {
    /// Lets the ledger learn a row, when it says something else than the one it has.
    mutating func remember(_ row: Recorded.Owned, insteadOf known: Recorded.Owned?) {
        guard row != known else { return }
        ledgerOnly = .own(row)
        guards = known?.guards(becoming: row) ?? []
    }
}

extension Recorded.Owned {
    /// Whether this was the last thing applied, as far as the wanted fields tell; a config that was applied and is not
    /// wanted any more has still to be reset.
    fileprivate func wasApplied(_ fields: [String: String]) -> Bool {
        fields.allSatisfy { applied[$0.key] == $0.value }
            && applied.keys.allSatisfy { !$0.hasPrefix("configs.") || fields[$0] != nil }
    }
}

extension Recorded {
    /// What tells the keys with which the ledger's fingerprints were made from others.
    package var fingerprintKeys: Set<String> {
        Set(owned.values.compactMap(\.fingerprintKeyID))
    }
}

extension [String: String] {
    /// The fields in which a live object differs from what is wanted; fields that nobody wants are left alone.
    func differences(fromLive live: [String: String]) -> [Change.FieldDifference] {
        filter { live[$0.key] != $0.value }.sorted { $0.key < $1.key }
            .map { Change.FieldDifference($0.key, from: live[$0.key], to: $0.value) }
    }

    var asDifferences: [Change.FieldDifference] {
        sorted { $0.key < $1.key }.map { Change.FieldDifference($0.key, from: nil, to: $0.value) }
    }
}

extension Reach {
    /// Silence of an endpoint by its name: "west, unreachable: connect timed out"; `nil` when it answered.
    func silence(of name: String) -> String? {
        silence.map { "\(name), \($0)" }
    }
}
