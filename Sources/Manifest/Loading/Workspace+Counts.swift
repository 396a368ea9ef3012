package import Domain

extension Workspace {
    /// How many manifests of each kind there are; kinds without one are left out.
    package var countsByKind: [String: Int] {
        let counts: [ManifestKind: Int] = [
            .connection: connections.count, .environment: environments.count, .cluster: clusters.count,
            .topic: topics.count, .clusterLink: clusterLinks.count, .schemaLink: schemaLinks.count,
            .failoverGroup: failoverGroups.count, .clientBinding: clientBindings.count,
        ]
        return Dictionary(uniqueKeysWithValues: counts.filter { $0.value > 0 }.map { ($0.rawValue, $1) })
    }
}
