/// What a control plane's lists say of one manifest.
package enum SiteMatch<Observed: Sendable & Hashable>: Sendable, Hashable {
    /// The one object the manifest means.
    case found(Observed)
    case absent
    /// The lists do not tell.
    case unseen(ListGap)
    /// Several objects carry the display name; the manifest needs an `id`.
    case ambiguous(ids: [String])
    /// Only objects other than the known one carry the display name; the manifest has to say so with an `id`.
    case namesake(ids: [String], known: String)
    /// The object of the id belongs to another environment.
    case misplaced(Observed, environmentID: String)

    /// The object, when exactly one is meant.
    package var found: Observed? {
        if case .found(let observed) = self { observed } else { nil }
    }
}

extension ControlPlaneSnapshot {
    /// The environment a manifest means: the one of its id, else the one that is known, else the only one that carries
    /// its display name.
    ///
    /// - Parameters:
    ///   - spec: The manifest.
    ///   - knownID: Id under which the environment of this manifest is known; see ``SiteIdentities``.
    package func match(_ spec: EnvironmentSpec, knownID: String? = nil) -> SiteMatch<ObservedEnvironment> {
        let list = ControlPlaneList.environments
        if let id = spec.id {
            return environments.first { $0.id == id }.map { .found($0) }
                ?? missing(id, in: list, wasKnown: id == knownID)
        }
        return match(environments, named: spec.displayName, knownID: knownID, in: list)
    }

    /// The cluster a manifest means: the one of its id, else the one that is known, else the only one in its
    /// environment that carries its display name.
    ///
    /// - Parameters:
    ///   - spec: The manifest.
    ///   - environmentID: Id of its environment; `nil` when the environment does not exist.
    ///   - knownID: Id under which the cluster of this manifest is known; see ``SiteIdentities``.
    package func match(
        _ spec: ClusterSpec, environmentID: String?, knownID: String? = nil
    ) -> SiteMatch<ObservedCluster> {
        if let id = spec.id ?? knownID, let cluster = clusters.first(where: { $0.id == id }),
            cluster.environmentID != environmentID
        {
            return .misplaced(cluster, environmentID: cluster.environmentID)
        }
        guard let environmentID else { return .absent }
        let list = ControlPlaneList.clusters(environment: environmentID)
        if let id = spec.id {
            return clusters.first { $0.id == id }.map { .found($0) } ?? missing(id, in: list, wasKnown: id == knownID)
        }
        let inside = clusters.filter { $0.environmentID == environmentID }
        return match(inside, named: spec.displayName, knownID: knownID, in: list)
    }

    /// The Schema Registry of an environment; there is one at most.
    ///
    /// - Parameters:
    ///   - environmentID: Id of the environment.
    ///   - knownID: Id under which its registry is known.
    package func registry(of environmentID: String, knownID: String?) -> SiteMatch<ObservedRegistry> {
        if let registry = registries.first(where: { $0.environmentID == environmentID }) { return .found(registry) }
        let list = ControlPlaneList.registries(environment: environmentID)
        guard let knownID else { return gaps[list].map { .unseen($0) } ?? .absent }
        return missing(knownID, in: list, wasKnown: true)
    }

    /// Identity is the id: an object that is known is never replaced by another one of its name.
    private func match<Object: NamedObject>(
        _ objects: [Object], named name: String, knownID: String?, in list: ControlPlaneList
    ) -> SiteMatch<Object> {
        let named = objects.filter { $0.displayName == name }
        guard let knownID else {
            switch named.count {
            case 0: return gaps[list].map { .unseen($0) } ?? .absent
            case 1: return .found(named[0])
            default: return .ambiguous(ids: named.map(\.id).sorted())
            }
        }
        let known = objects.first { $0.id == knownID }
        if let known, known.displayName == name || named.isEmpty { return .found(known) }
        guard named.isEmpty else { return .namesake(ids: named.map(\.id).sorted(), known: knownID) }
        return missing(knownID, in: list, wasKnown: true)
    }

    private func missing<Object>(_ id: String, in list: ControlPlaneList, wasKnown: Bool) -> SiteMatch<Object> {
        doubt(about: id, in: list, wasKnown: wasKnown).map { .unseen($0) } ?? .absent
    }
}

/// What has an id, and a display name that need not be its alone.
private protocol NamedObject: Sendable, Hashable {
    var id: String { get }
    var displayName: String { get }
}

extension ObservedEnvironment: NamedObject {}
extension ObservedCluster: NamedObject {}
