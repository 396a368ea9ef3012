import Domain

/// Environments and clusters of which it is not clear, or not agreed, which live object they are.
extension SitePhase {
    mutating func refuse(_ unit: Unit, _ conflict: IdentityConflict) {
        let (kind, name) = (unit.address.kind == .cluster ? "Cluster" : "Environment", unit.address.name)
        let site = facts.siteConflict(unit.address, conflict)
        let field =
            switch conflict {
            case .ambiguous, .namesake, .shared: "metadata.name"
            case .misplaced: "spec.id"
            case .stranger: site.isPinned ? "spec.id" : "spec.restEndpoint"
            }
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description, .identity(.conflict(site)),
                origin: ManifestOrigin(kind, name, field)))
    }
}

extension Facts {
    fileprivate func siteConflict(_ address: ResourceAddress, _ conflict: IdentityConflict) -> SiteConflict {
        let right: String? =
            if case .misplaced(_, let id) = conflict {
                siteIdentities.environments.filter { $0.value == id }.keys.min()
            } else { nil }
        return SiteConflict(
            site: address, conflict: conflict, serves: familyServed(by: address),
            environment: workspace.clusters[address.name]?.environment, rightEnvironment: right,
            isPinned: workspace.clusters[address.name]?.id != nil)
    }

    /// The family whose holder a cluster is.
    private func familyServed(by address: ResourceAddress) -> String? {
        families.first { family in
            address.kind == .cluster && (recorded.moves[family.name]?.serving?.site ?? family.primary) == address.name
        }?.name
    }
}
