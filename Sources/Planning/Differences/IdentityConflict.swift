import Domain

/// Why a manifest does not mean one live environment or cluster, or not the one it should: nothing is asked of it, made on
/// it or published of it.
package enum IdentityConflict: Hashable, Sendable {
    /// Several live objects carry the display name.
    case ambiguous(ids: [String])
    /// Only others than the known one carry it.
    case namesake(ids: [String], known: String)
    /// The object of the id is in another environment.
    case misplaced(id: String, environmentID: String)
    /// Other manifests mean the same live object.
    case shared(id: String, with: [String])
    /// What answers behind the endpoint is another object.
    case stranger(found: String, expected: String)

    /// Why, in words.
    var words: String {
        switch self {
        case .ambiguous(let ids): "\(ids.count) live objects carry its display name: \(ids.joined(separator: ", "))"
        case .namesake(let ids, let known):
            "it is known as \(known), and what carries its display name is \(ids.joined(separator: ", "))"
        case .misplaced(let id, let environmentID): "\(id) belongs to environment \(environmentID)"
        case .shared(let id, let others): "\(others.joined(separator: " and ")) means \(id) too"
        case .stranger(let found, let expected): "what answers behind its endpoint is \(found), not \(expected)"
        }
    }

    /// Every conflict of a workspace, by the address of the environment or cluster.
    static func all(in input: PlanInput) -> [ResourceAddress: IdentityConflict] {
        let identities = SiteIdentities(input.workspace, input.recorded)
        let (workspace, observation) = (input.workspace, input.observation)
        var conflicts: [ResourceAddress: IdentityConflict] = [:]
        var ids = observation.sites
        for spec in workspace.environments.values {
            guard let match = observation.match(spec, identities) else { continue }
            conflicts[ResourceAddress(.environment, spec.name)] = IdentityConflict(match, \.id)
            if let id = spec.id ?? match.found?.id {
                ids.environments[spec.name, default: KnownSites.Environment()].id = id
            }
        }
        for spec in workspace.clusters.values {
            let address = ResourceAddress(.cluster, spec.name)
            if let match = observation.match(spec, in: workspace, identities) {
                conflicts[address] = IdentityConflict(match, \.id)
                if let id = spec.id ?? match.found?.id {
                    ids.clusters[spec.name, default: KnownSites.Cluster(id: id)].id = id
                }
            }
            if let stranger = stranger(behind: spec, observation) { conflicts[address] = stranger }
        }
        for (name, others) in ids.sharedEnvironments(of: workspace) {
            conflicts[ResourceAddress(.environment, name)] = .shared(id: ids.environments[name]?.id ?? "", with: others)
        }
        for (name, others) in ids.sharedClusters(of: workspace) {
            conflicts[ResourceAddress(.cluster, name)] = .shared(id: ids.clusters[name]?.id ?? "", with: others)
        }
        return conflicts
    }

    private init?<Observed>(_ match: SiteMatch<Observed>, _ id: (Observed) -> String) {
        switch match {
        case .found, .absent, .unseen: return nil
        case .ambiguous(let ids): self = .ambiguous(ids: ids)
        case .namesake(let ids, let known): self = .namesake(ids: ids, known: known)
        case .misplaced(let object, let environmentID): self = .misplaced(id: id(object), environmentID: environmentID)
        }
    }

    private static func stranger(behind spec: ClusterSpec, _ observation: Observation) -> IdentityConflict? {
        switch observation.clusters[spec.name] {
        case .stranger(let found, let expected)?: return .stranger(found: found, expected: expected)
        case .reachable(let snapshot)?:
            guard let id = spec.id, snapshot.clusterID != id else { return nil }
            return .stranger(found: snapshot.clusterID, expected: id)
        default: return nil
        }
    }
}

extension Observation {
    /// What the lists say of an environment; `nil` when it has no control plane, or that is silent.
    func match(_ spec: EnvironmentSpec, _ identities: SiteIdentities) -> SiteMatch<ObservedEnvironment>? {
        guard let snapshot = spec.connection.flatMap({ controlPlanes[$0]?.snapshot }) else { return nil }
        return snapshot.match(spec, knownID: identities.environments[spec.name])
    }

    /// What the lists say of a cluster; `nil` when it has no control plane, or that is silent, and when it is not clear
    /// which environment it is in.
    func match(
        _ spec: ClusterSpec, in workspace: Workspace, _ identities: SiteIdentities
    ) -> SiteMatch<ObservedCluster>? {
        guard spec.type.isCloud, let environment = spec.environment.flatMap({ workspace.environments[$0] }),
            let snapshot = environment.connection.flatMap({ controlPlanes[$0]?.snapshot }),
            let match = match(environment, identities)
        else { return nil }
        let knownID = identities.clusters[spec.name]
        switch match {
        case .found(let environment): return snapshot.match(spec, environmentID: environment.id, knownID: knownID)
        case .absent: return snapshot.match(spec, environmentID: nil, knownID: knownID)
        case .unseen(let gap):
            guard let id = identities.environments[environment.name] else { return .unseen(gap) }
            return snapshot.match(spec, environmentID: id, knownID: knownID)
        case .ambiguous, .namesake, .misplaced: return nil
        }
    }

    /// Counts what was told of a site as not told, since it is not clear that it is that site.
    mutating func silence(_ address: ResourceAddress, _ conflict: IdentityConflict) {
        if address.kind == .cluster, clusters[address.name]?.snapshot != nil || clusters[address.name]?.isAbsent == true
        {
            clusters[address.name] = .wrong(reason: conflict.words)
        } else if address.kind == .environment,
            registries[address.name]?.snapshot != nil || registries[address.name]?.isAbsent == true
        {
            registries[address.name] = .wrong(reason: conflict.words)
        }
        if case .shared = conflict { return }
        switch address.kind {
        case .cluster: sites.clusters[address.name] = nil
        default: sites.environments[address.name] = nil
        }
    }
}

extension Reach {
    /// Whether it is known that there is nothing to ask.
    var isAbsent: Bool { if case .absent = self { true } else { false } }
}
