import Domain

/// Environments and clusters of which it is not clear, or not agreed, which live object they are.
extension SitePhase {
    mutating func refuse(_ unit: Unit, _ conflict: IdentityConflict) {
        let (kind, name) = (unit.address.kind == .cluster ? "Cluster" : "Environment", unit.address.name)
        let noun = kind.lowercased()
        let message: String
        let wayOut: String
        var field = "metadata.name"
        switch conflict {
        case .ambiguous(let ids):
            message = "\(ids.count) live objects carry this display name: \(ids.joined(separator: ", "))"
            wayOut = "write which one is meant: " + ids.map { "`id: \($0)`" }.joined(separator: " or ")
        case .namesake(let ids, let known):
            message =
                "\(noun) \(name) is known as \(known), and what carries its display name now is "
                + "\(ids.joined(separator: ", "))\(facts.loss(of: unit.address))"
            wayOut =
                "if \(ids[0]) takes its place, write `id: \(ids[0])`; if not, write `id: \(known)`, or correct "
                + "`displayName`"
        case .misplaced(let id, let environmentID):
            let environment = workspace.clusters[name]?.environment ?? ""
            message = "\(id) is not in environment \(environment): it belongs to environment \(environmentID)"
            let right = siteIdentities.environments.filter { $0.value == environmentID }.keys.min()
            wayOut = (right.map { "write `environment: \($0)`" } ?? "correct `environment`") + ", or correct `id`"
            field = "spec.id"
        case .shared(let id, let others):
            message =
                "\(kind) \(name) and \(others.map { "\(kind) \($0)" }.joined(separator: " and ")) are the same "
                + "live \(noun), \(id)"
            wayOut = "keep one of them, and let what the others hold name that one; or correct `id` or `displayName`"
        case .stranger(let found, let expected):
            message =
                "the cluster behind the endpoint of \(name) is \(found), not \(expected)\(facts.loss(of: unit.address))"
            wayOut =
                workspace.clusters[name]?.id == nil
                ? "if \(found) takes its place, write `id: \(found)`; else correct the endpoint"
                : "correct `id`, or the endpoint"
            field = workspace.clusters[name]?.id == nil ? "spec.restEndpoint" : "spec.id"
        }
        refuse(
            unit,
            Refusal(
                .identity, subject: unit.address.description, message: message, wayOut: wayOut,
                origin: ManifestOrigin(kind, name, field)))
    }
}

extension Facts {
    /// What the place of a group's holder means.
    fileprivate func loss(of address: ResourceAddress) -> String {
        let held = families.filter { family in
            address.kind == .cluster && (recorded.moves[family.name]?.serving?.site ?? family.primary) == address.name
        }
        guard let family = held.first else { return "" }
        return "; the other one need not hold the data of FailoverGroup \(family.name), which \(address.name) serves"
    }
}
