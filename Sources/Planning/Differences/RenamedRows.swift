import Domain

/// What the ledger owns of sites that have other names now, or whose names mean other sites.
extension LeftBehindPhase {
    /// What is owned on a site that its name does not mean any more stays as it is, and is given up.
    mutating func leaveElsewhere(_ address: ResourceAddress, _ row: Recorded.Owned) {
        switch address.kind {
        case .mode, .compatibility: return forget(address)
        default: break
        }
        release(address, .otherSite(row.siteID ?? row.nativeID, place: address.place ?? address.name))
    }
}

extension MergedPlan {
    /// What the ledger owns under a name that its site does not have any more is owned under the new one from now on.
    mutating func renameRows() {
        guard !options.adoptOnly else { return }
        for (old, now) in ownership.renamed.sorted(by: { $0.key < $1.key }) {
            guard var unit = written.units[now], unit.hold == nil else { continue }
            if unit.hasSteps {
                guard unit.graph.isEmpty else { continue }
                unit.steps.append(Step("rename", old, .ledger(.release), ledger: .disown))
                written.units[now] = unit
            } else {
                if unit.ledgerOnly == .none, let row = recorded.owned[now] { unit.ledgerOnly = .own(row) }
                written.units[now] = unit
                forget(old)
            }
        }
        for (old, now) in ownership.clusterNames {
            noteRenamed(ResourceAddress(.cluster, old), ResourceAddress(.cluster, now))
        }
        for (old, now) in ownership.environmentNames {
            noteRenamed(ResourceAddress(.environment, old), ResourceAddress(.environment, now))
        }
    }

    private mutating func noteRenamed(_ old: ResourceAddress, _ now: ResourceAddress) {
        let isOwned = ownership.renamed.contains { $0.value == now || $0.value.place == now.name }
        guard isOwned else { return }
        written.notes.append(Plan.Note(.renamed(from: old.name), about: now.description))
    }
}
