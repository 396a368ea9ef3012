extension KnownSites {
    /// Clusters of a workspace of which several are the same live one, each with the names of the others.
    package func sharedClusters(of workspace: Workspace) -> [String: [String]] {
        Self.shared(clusters.filter { workspace.clusters[$0.key] != nil }.mapValues(\.id))
    }

    /// Environments of a workspace of which several are the same live one, each with the names of the others.
    package func sharedEnvironments(of workspace: Workspace) -> [String: [String]] {
        Self.shared(environments.filter { workspace.environments[$0.key] != nil }.compactMapValues(\.id))
    }

    private static func shared(_ ids: [String: String]) -> [String: [String]] {
        var others: [String: [String]] = [:]
        for names in Dictionary(grouping: ids.keys, by: { ids[$0] }).values where names.count > 1 {
            for name in names { others[name] = names.filter { $0 != name }.sorted() }
        }
        return others
    }
}
