/// Every manifest of a workspace after bases, lists and patches: what is wanted, before anything live was looked at.
package struct Workspace: Hashable, Sendable, Codable {
    /// The workspace file.
    package var spec: WorkspaceSpec
    /// Connections by name.
    package var connections: [String: ConnectionSpec] = [:]
    /// Environments by name.
    package var environments: [String: EnvironmentSpec] = [:]
    /// Clusters by name.
    package var clusters: [String: ClusterSpec] = [:]
    /// Topics by manifest name.
    package var topics: [String: TopicSpec] = [:]
    /// Plain cluster links by name.
    package var clusterLinks: [String: ClusterLinkSpec] = [:]
    /// Plain schema links by name.
    package var schemaLinks: [String: SchemaLinkSpec] = [:]
    /// Failover groups by name.
    package var failoverGroups: [String: FailoverGroupSpec] = [:]
    /// Client bindings by name.
    package var clientBindings: [String: ClientBindingSpec] = [:]

    package init(spec: WorkspaceSpec) {
        self.spec = spec
    }

    package var name: String { spec.metadata.name }

    /// The primary and members of a group, following `follows`; `nil` when the group or the one it follows is unknown.
    package func placement(ofGroup name: String) -> (primary: String, members: [String])? {
        var current = name
        var seen: Set<String> = []
        while let group = failoverGroups[current], seen.insert(current).inserted {
            switch group.placement {
            case .declared(let primary, let members): return (primary, members)
            case .follows(let leader): current = leader
            }
        }
        return nil
    }
}
