import Domain
import Planning

/// Objects behind one control plane that were known before, by id: each that a list leaves out is asked for by itself.
struct KnownObjects: Hashable, Sendable {
    /// A cluster or a registry, and the environment that held it.
    struct Inside: Hashable, Sendable {
        let id: String
        let environmentID: String
    }

    private(set) var environments: Set<String> = []
    private(set) var clusters: Set<Inside> = []
    private(set) var registries: Set<Inside> = []
    /// Clusters that manifests name by id in environments of which only the display name is known yet, by that name.
    private var awaited: [String: Set<String>] = [:]

    /// What the manifests name by id, what the ledger owns, and what was seen last, behind one connection; of what left
    /// the manifests it is not known behind which one it is.
    init(behind connection: String, _ workspace: Workspace, _ recorded: Recorded) {
        let identities = SiteIdentities(workspace, recorded)
        let own = workspace.environments.values.filter { $0.connection == connection }.map(\.name)
        for name in own {
            guard let id = identities.environments[name] else { continue }
            environments.insert(id)
            if let known = recorded.sites.environments[name], known.id == id, let registry = known.registryID {
                registries.insert(Inside(id: registry, environmentID: id))
            }
        }
        for cluster in workspace.clusters.values {
            guard let environment = cluster.environment, own.contains(environment),
                let id = identities.clusters[cluster.name]
            else { continue }
            let known = recorded.sites.clusters[cluster.name]
            if let place = known?.environmentID ?? identities.environments[environment] {
                insert(id, in: place)
            } else if let name = workspace.environments[environment]?.displayName {
                awaited[name, default: []].insert(id)
            }
        }
        let left = recorded.sitesThatLeft(workspace)
        environments.formUnion(left.environments.values.compactMap(\.id))
        for cluster in left.clusters.values { insert(cluster.id, in: cluster.environmentID) }
    }

    private mutating func insert(_ cluster: String?, in environment: String?) {
        guard let cluster, let environment else { return }
        environments.insert(environment)
        clusters.insert(Inside(id: cluster, environmentID: environment))
    }

    /// Clusters of an environment.
    ///
    /// - Parameter name: Its display name, when it is listed.
    func clusters(in environmentID: String, named name: String?) -> [String] {
        let inside = clusters.filter { $0.environmentID == environmentID }.map(\.id)
        return Set(inside).union(name.flatMap { awaited[$0] } ?? []).sorted()
    }

    func registries(in environmentID: String) -> [String] {
        registries.filter { $0.environmentID == environmentID }.map(\.id).sorted()
    }
}
