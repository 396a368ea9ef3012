import Domain

extension KnownSites {
    /// What is known after an observation: names that it does not have stay, and a time never goes back.
    func remembering(_ observed: KnownSites) -> KnownSites {
        var known = self
        for (name, cluster) in observed.clusters {
            known.clusters[name] = clusters[name]?.remembering(cluster) ?? cluster
        }
        for (name, environment) in observed.environments {
            known.environments[name] = environments[name]?.remembering(environment) ?? environment
        }
        return known
    }

    /// The live id of the site that holds an object; `nil` when it is not known, and for what none holds.
    func siteID(of address: ResourceAddress) -> String? {
        guard let place = address.place else { return nil }
        return address.kind.isInRegistry ? environments[place]?.id : clusters[place]?.id
    }

    /// Whether it is remembered where the environment or cluster of an address is.
    func knows(_ address: ResourceAddress) -> Bool {
        switch address.kind {
        case .environment: environments[address.name] != nil
        case .cluster: clusters[address.name] != nil
        default: false
        }
    }

    /// Forgets where an environment or a cluster is; does nothing for other kinds.
    mutating func forget(_ address: ResourceAddress) {
        switch address.kind {
        case .environment: environments[address.name] = nil
        case .cluster: clusters[address.name] = nil
        default: break
        }
    }
}

extension KnownSites.Cluster {
    fileprivate func remembering(_ observed: KnownSites.Cluster) -> KnownSites.Cluster {
        var cluster = observed
        cluster.lastAnswered = latest(observed.lastAnswered, lastAnswered)
        cluster.protected = latest(observed.protected, protected)
        cluster.copiesBegan = latest(observed.copiesBegan, copiesBegan)
        return cluster
    }
}

extension KnownSites.Environment {
    fileprivate func remembering(_ observed: KnownSites.Environment) -> KnownSites.Environment {
        var environment = observed
        environment.lastAnswered = latest(observed.lastAnswered, lastAnswered)
        return environment
    }
}

private func latest(_ one: Timestamp?, _ other: Timestamp?) -> Timestamp? {
    [one, other].compactMap(\.self).max()
}

private func latest(_ one: [String: Timestamp]?, _ other: [String: Timestamp]?) -> [String: Timestamp]? {
    guard let one, let other else { return one ?? other }
    return one.merging(other) { max($0, $1) }
}
