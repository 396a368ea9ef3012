import Domain
import Planning

/// Two sites that exist, and a world to plan against: what most examples start from.
struct Example {
    var workspace: Workspace
    var world = World()

    init(_ edit: (inout Workspace) -> Void = { _ in }) {
        workspace = Manifests.workspace { workspace in
            workspace.addSite("west")
            workspace.addSite("east")
            edit(&workspace)
        }
        world.addSites(of: workspace)
    }

    /// An example of which everything has been applied.
    static func applied(_ edit: (inout Workspace) -> Void = { _ in }) throws -> Example {
        var example = Example(edit)
        try example.apply()
        try example.apply()
        return example
    }

    func plan(_ options: PlanOptions = PlanOptions()) -> Plan {
        Run(workspace, options).plan(world)
    }

    /// The plan for an input that was changed first.
    func plan(_ options: PlanOptions = PlanOptions(), _ edit: (inout PlanInput) -> Void) -> Plan {
        Run(workspace, options).plan(world, edit)
    }

    @discardableResult
    mutating func apply(_ options: PlanOptions = PlanOptions()) throws -> Plan {
        try Run(workspace, options).apply(to: &world)
    }

    mutating func change(_ cluster: String, _ edit: (inout World.Cluster) -> Void) {
        world.change(cluster, workspace, edit)
    }

    mutating func changeRegistry(_ environment: String, _ edit: (inout RegistrySnapshot) -> Void) {
        world.changeRegistry(environment, workspace, edit)
    }

    /// A topic that is there already.
    mutating func addTopic(_ name: String, on cluster: String, partitions: Int = 6, _ configs: [String: String] = [:]) {
        change(cluster) {
            $0.topics[name] = ObservedTopic(partitions: partitions, replicationFactor: 3)
            $0.configs[name] = configs
        }
    }

    /// A link that is there already.
    mutating func addLink(
        _ name: String, on cluster: String, from remote: String, mode: LinkHalf.Mode = .destination,
        _ configs: [String: String] = [:]
    ) {
        let remoteID = world.cluster(remote, workspace)?.listed.id
        change(cluster) {
            $0.links[name] = ObservedLink(
                name: name, clusterLinkID: "id-\(name)", remoteClusterID: remoteID, mode: mode, configs: configs)
        }
    }
}

extension Plan {
    /// Changes in one line each.
    var lines: [String] { changes.map(\.inWords) }
    /// Steps by their ids.
    var stepIDs: [String] { steps.map(\.id.description) }
    /// Whether nothing is to be done, shown, awaited or refused.
    var isEmpty: Bool { changes.isEmpty && steps.isEmpty && deferred.isEmpty && refusals.isEmpty }

    func step(_ id: String) -> Step? { steps.first { $0.id.description == id } }
}
