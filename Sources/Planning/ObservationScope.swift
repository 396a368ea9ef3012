public import Domain

/// What has to be read so that a workspace can be planned: lists, never one object at a time.
public struct ObservationScope: Hashable, Sendable {
    /// Which topics' configs of a cluster are wanted.
    public enum TopicConfigs: Hashable, Sendable {
        /// None: every managed topic there is a mirror, or none declares configs.
        case none
        /// A handful, read one by one.
        case of([String])
        /// All, in one bulk list.
        case all
    }

    /// Few enough managed topics that reading their configs one by one moves fewer bytes than the bulk list.
    static let individualReads = 4

    /// Connections of control planes, by name.
    public var controlPlanes: Set<String>
    /// Clusters whose REST API is asked, by name.
    public var clusters: [String: TopicConfigs]
    /// Environments whose registry is asked, with the contexts whose mode and subjects are wanted.
    public var registries: [String: Set<RegistryContext>]
    /// Bindings whose stores are read, by name.
    public var bindings: Set<String>
    /// Clusters whose entries that deny writes are wanted.
    public var denials: Set<String> = []

    /// The scope of a whole workspace.
    ///
    /// - Parameters:
    ///   - workspace: What is wanted.
    ///   - recorded: What the ledger remembers; owned topics are read so that removed configs can be reset.
    public init(_ workspace: Workspace, recorded: Recorded) {
        controlPlanes = Set(workspace.environments.values.compactMap(\.connection))
        controlPlanes.formUnion(Self.controlPlanesOfSitesThatLeft(workspace, recorded))
        bindings = Set(workspace.clientBindings.keys)
        clusters = [:]
        registries = [:]
        denials = Self.fencedMembers(workspace, recorded)
        var managed: [String: Set<String>] = [:]
        for topic in workspace.topics.values where !topic.configs.isEmpty {
            switch topic.home {
            case .cluster(let cluster): managed[cluster, default: []].insert(topic.topicName)
            case .failoverGroup(let group):
                guard let primary = workspace.placement(ofGroup: group)?.primary else { continue }
                managed[primary, default: []].insert(topic.topicName)
            }
        }
        for (address, owned) in recorded.owned where address.kind == .topic && owned.hasConfigs {
            if let place = address.place { managed[place, default: []].insert(address.name) }
        }
        for (name, cluster) in workspace.clusters where cluster.type != .apacheKafka && cluster.credentials != nil {
            let topics = managed[name, default: []]
            clusters[name] =
                topics.isEmpty ? TopicConfigs.none : topics.count <= Self.individualReads ? .of(topics.sorted()) : .all
        }
        for (name, environment) in workspace.environments where environment.schemaRegistry.credentials != nil {
            registries[name] = [.standard]
        }
        for link in workspace.schemaLinks.values {
            registries[link.destination]?.formUnion(link.destinationContexts)
            registries[link.source]?.formUnion(RegistryContext.reached(bySubjects: link.settings.subjects) ?? [])
        }
        for group in workspace.failoverGroups.values {
            guard let schemas = group.schemas, let members = workspace.placement(ofGroup: group.name)?.members else {
                continue
            }
            for environment in members.compactMap({ workspace.clusters[$0]?.environment }) {
                registries[environment]?.formUnion(RegistryContext.reached(bySubjects: schemas.subjects) ?? [])
            }
        }
    }
}

extension ObservationScope {
    /// Members of groups that may be fenced, or are.
    private static func fencedMembers(_ workspace: Workspace, _ recorded: Recorded) -> Set<String> {
        var members: Set<String> = []
        for family in GroupFamily.all(in: workspace) {
            let isFenced = recorded.moves[family.name].map { !$0.fences.isEmpty } ?? false
            let declaresFence = family.groups.contains { !($0.fence?.denyWrites ?? []).isEmpty }
            if isFenced || declaresFence { members.formUnion(family.members) }
        }
        return members
    }

    /// The control planes that may still list environments and clusters which the ledger owns and no manifest names.
    private static func controlPlanesOfSitesThatLeft(_ workspace: Workspace, _ recorded: Recorded) -> [String] {
        let isAnyLeft = recorded.owned.keys.contains { address in
            switch address.kind {
            case .environment: workspace.environments[address.name] == nil
            case .cluster: workspace.clusters[address.name] == nil
            default: false
            }
        }
        guard isAnyLeft else { return [] }
        return workspace.connections.values.filter { if case .confluentCloud = $0.system { true } else { false } }
            .map(\.metadata.name)
    }
}

extension Recorded.Owned {
    /// Whether topic configs were applied to it.
    var hasConfigs: Bool {
        applied.keys.contains { $0.hasPrefix("configs.") }
    }
}

extension SchemaLinkSpec {
    /// The contexts at the destination that this link fills, as far as the manifests tell: AUTO names its context
    /// after the source registry's id, which only the live system knows.
    public var destinationContexts: [RegistryContext] {
        switch contextType {
        case .none: RegistryContext.reached(bySubjects: settings.subjects) ?? [.standard]
        case .custom: context.map { [RegistryContext($0)] } ?? []
        case .auto: []
        }
    }
}
