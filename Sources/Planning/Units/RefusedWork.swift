import Domain

/// A refusal with the objects it keeps from being worked on.
struct RefusedWork {
    let refusal: Refusal
    var addresses: [ResourceAddress]
    /// The manifest that is refused as a whole, with everything that comes from it: `FailoverGroup payments`.
    var owner: String?
}

extension MergedPlan {
    /// What is refused has nothing done: nothing of a refused manifest is changed, whichever of its parts it is that
    /// cannot be. Fences and what is recorded of moves stay out of it: they keep records apart.
    mutating func holdRefused() {
        let refused = written.refusedOwners
        guard !refused.isEmpty else { return }
        var held: [String: [ResourceAddress]] = [:]
        for (address, unit) in written.units where !unit.protectsRecords {
            let former = recorded.owned[address]?.family.map(LinkOwner.name(ofFamily:))
            let owners = (unit.owners + [former].compactMap(\.self)).filter(refused.contains)
            guard !owners.isEmpty else { continue }
            written.units[address]?.hold = .refused
            written.units[address]?.ledgerOnly = .none
            for owner in owners { held[owner, default: []].append(address) }
        }
        for index in written.refusals.indices {
            guard let owner = written.refusals[index].owner else { continue }
            written.refusals[index].addresses += held[owner] ?? []
        }
    }

    /// A plan that only adopts leaves what protects objects as it was.
    mutating func dropGuards() {
        for (address, unit) in written.units where !unit.guards.isEmpty {
            written.units[address]?.guards = []
            written.units[address]?.ledgerOnly = .none
        }
    }
}

extension LeftBehindPhase {
    /// Whether what the ledger owns belongs to a manifest that is refused as a whole: it has not left it, as far as can
    /// be told.
    func isOfRefused(_ address: ResourceAddress, _ owned: Recorded.Owned) -> Bool {
        let refused = planned.refusedOwners.union(written.refusedOwners)
        guard !refused.isEmpty else { return false }
        if let family = owned.family { return refused.contains(LinkOwner.name(ofFamily: family)) }
        if let declaredBy = owned.declaredBy {
            // Of a binding it does not say whose clients it sends.
            if refused.contains(declaredBy) { return true }
            guard address.kind == .binding else { return false }
        }
        return facts.isOfUnknownFamily(address, owned, refused)
    }
}

extension Facts {
    /// The owner with which a refusal of one part refuses everything. A group in the middle of a move goes on with what
    /// is not refused: there is only forward for it.
    func ownerRefused(with owner: LinkOwner) -> String? {
        guard let group = owner.group, let situation = situations[group] else { return owner.description }
        return situation.openMove == nil && situation.moves.demoted.isEmpty ? owner.description : nil
    }

    /// Rows of earlier versions do not say whether a group had them: they may be of any that is refused.
    fileprivate func isOfUnknownFamily(
        _ address: ResourceAddress, _ owned: Recorded.Owned, _ refused: Set<String>
    ) -> Bool {
        switch address.kind {
        case .topic:
            families.contains { family in
                refused.contains(LinkOwner.name(ofFamily: family.name))
                    && address.place.map(family.members.contains) ?? false
            }
        case .binding: owned.applied["epoch"] != nil
        default: false
        }
    }
}

extension Unit {
    /// Whether it keeps writers from copies, or records how far a move has come.
    fileprivate var protectsRecords: Bool {
        address.kind == .fence || address.kind == .group && hold == nil && isRecord
    }

    private var isRecord: Bool { (steps + graph).allSatisfy { !$0.isEffectful } }
}
