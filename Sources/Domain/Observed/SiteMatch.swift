/// What a control plane's lists say of one manifest.
public enum SiteMatch<Observed: Sendable & Hashable>: Sendable, Hashable {
    /// The one object the manifest means.
    case found(Observed)
    /// There is none.
    case absent
    /// Several objects carry the display name; the manifest needs an `id`.
    case ambiguous(ids: [String])
    /// The id is that of an object with another name than an object named in the manifest would have, or of another
    /// environment.
    case misplaced(Observed, reason: String)

    /// The object, when exactly one is meant.
    public var found: Observed? {
        if case .found(let observed) = self { observed } else { nil }
    }
}

extension ControlPlaneSnapshot {
    /// The environment a manifest means: by id, else by display name, else the one that Spillway made and that waits to
    /// be renamed.
    ///
    /// - Parameters:
    ///   - spec: The manifest.
    ///   - ownedID: Id of the environment the ledger owns under this manifest's name.
    public func match(_ spec: EnvironmentSpec, ownedID: String? = nil) -> SiteMatch<ObservedEnvironment> {
        if let id = spec.id {
            return environments.first { $0.id == id }.map { .found($0) } ?? .absent
        }
        let named = environments.filter { $0.displayName == spec.displayName }
        return Self.only(named, else: environments.first { $0.id == ownedID }, id: \.id)
    }

    /// The cluster a manifest means: by id, else by display name within its environment, else the one that Spillway
    /// made there and that waits to be renamed.
    ///
    /// - Parameters:
    ///   - spec: The manifest.
    ///   - environmentID: Id of its environment; `nil` when the environment does not exist.
    ///   - ownedID: Id of the cluster the ledger owns under this manifest's name.
    public func match(
        _ spec: ClusterSpec, environmentID: String?, ownedID: String? = nil
    ) -> SiteMatch<ObservedCluster> {
        if let id = spec.id {
            guard let cluster = clusters.first(where: { $0.id == id }) else { return .absent }
            guard cluster.environmentID == environmentID else {
                return .misplaced(cluster, reason: "it belongs to environment \(cluster.environmentID)")
            }
            return .found(cluster)
        }
        let inside = clusters.filter { $0.environmentID == environmentID }
        return Self.only(
            inside.filter { $0.displayName == spec.displayName }, else: inside.first { $0.id == ownedID }, id: \.id)
    }

    private static func only<Found: Sendable & Hashable>(
        _ named: [Found], else owned: Found?, id: (Found) -> String
    ) -> SiteMatch<Found> {
        switch named.count {
        case 0: owned.map { .found($0) } ?? .absent
        case 1: .found(named[0])
        default: .ambiguous(ids: named.map(id).sorted())
        }
    }
}
