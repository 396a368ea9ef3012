/// Every manifest of a workspace after bases, lists and patches: what is wanted, before anything live was looked at.
public struct Workspace: Hashable, Sendable, Codable {
    /// The workspace file.
    public var spec: WorkspaceSpec
    /// Connections by name.
    public var connections: [String: ConnectionSpec] = [:]
    /// Environments by name.
    public var environments: [String: EnvironmentSpec] = [:]
    /// Clusters by name.
    public var clusters: [String: ClusterSpec] = [:]
    /// Topics by manifest name.
    public var topics: [String: TopicSpec] = [:]
    /// Plain cluster links by name.
    public var clusterLinks: [String: ClusterLinkSpec] = [:]
    /// Plain schema links by name.
    public var schemaLinks: [String: SchemaLinkSpec] = [:]
    /// Failover groups by name.
    public var failoverGroups: [String: FailoverGroupSpec] = [:]
    /// Client bindings by name.
    public var clientBindings: [String: ClientBindingSpec] = [:]

    /// A workspace without manifests.
    public init(spec: WorkspaceSpec) {
        self.spec = spec
    }

    /// Name of the workspace.
    public var name: String { spec.metadata.name }

    /// The primary and members of a group, following `follows`; `nil` when the group or the one it follows is unknown.
    public func placement(ofGroup name: String) -> (primary: String, members: [String])? {
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
