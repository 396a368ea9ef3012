package import Domain

/// What has to be read so that a workspace can be planned: lists, never one object at a time.
package struct ObservationScope: Hashable, Sendable {
    /// Which topics' configs of a cluster are wanted.
    package enum TopicConfigs: Hashable, Sendable {
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
    package var controlPlanes: Set<String>
    /// Ids of environments that the ledger owns, or that hold a cluster it owns, and no manifest names any more: what is
    /// in them is listed, so that a deletion sees everything it would take along.
    package var environmentsThatLeft: Set<String>
    /// Clusters whose REST API is asked, by name.
    package var clusters: [String: TopicConfigs]
    /// Environments whose registry is asked, with the contexts whose mode and subjects are wanted.
    package var registries: [String: Set<RegistryContext>]
    /// Environments of whose registry every context is wanted, whatever it is called.
    package var everyContext: Set<String> = []
    /// Bindings whose stores are read, by name.
    package var bindings: Set<String>
    /// Clusters that left the manifests and are to be deleted, by name: their topics would go with them.
    package var leaving: [String: KnownSites.Cluster] = [:]
    /// Clusters whose entries that deny something are wanted.
    package var denials: Set<String> = []
    /// Places that bindings were published to and are not any more, as far as a way to them is declared.
    package var placesLeft: [PlaceLeft] = []

    /// The scope of a whole workspace.
    ///
    /// - Parameters:
    ///   - workspace: What is wanted.
    ///   - recorded: What the ledger remembers; owned topics are read so that removed configs can be reset.
    package init(_ workspace: Workspace, recorded: Recorded) {
        controlPlanes = Set(workspace.environments.values.compactMap(\.connection))
        controlPlanes.formUnion(Self.controlPlanesOfSitesThatLeft(workspace, recorded))
        environmentsThatLeft = recorded.environmentsThatLeft(workspace)
        leaving = recorded.sitesThatLeft(workspace).clusters.filter { name, _ in
            guard let row = recorded.owned[ResourceAddress(.cluster, name)] else { return false }
            return row.deletionPolicy == .delete && row.isConfirmed
        }
        bindings = Set(workspace.clientBindings.keys)
        placesLeft = recorded.placesLeft(in: workspace).filter { place in
            place.target.connection.map { workspace.connections[$0] != nil } ?? true
        }
        clusters = [:]
        registries = [:]
        denials = Set(GroupFamily.all(in: workspace).flatMap(\.members))
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
        for case let (.mode, environment?, context) in recorded.owned.keys.map({ ($0.kind, $0.place, $0.name) }) {
            registries[environment]?.insert(RegistryContext(context))
        }
        for link in workspace.schemaLinks.values {
            registries[link.destination]?.formUnion(link.destinationContexts)
            ask(for: link.settings.subjects, in: [link.source])
            if link.contextType == .none { ask(for: link.settings.subjects, in: [link.destination]) }
        }
        for group in workspace.failoverGroups.values {
            guard let schemas = group.schemas, let members = workspace.placement(ofGroup: group.name)?.members else {
                continue
            }
            ask(for: schemas.subjects, in: members.compactMap { workspace.clusters[$0]?.environment })
        }
    }

    private mutating func ask(for subjects: [String], in environments: [String]) {
        guard let contexts = RegistryContext.reached(bySubjects: subjects) else {
            return everyContext.formUnion(environments)
        }
        for environment in environments { registries[environment]?.formUnion(contexts) }
    }
}

extension ObservationScope {
    /// The control planes that may still list environments and clusters which the ledger owns and no manifest names.
    private static func controlPlanesOfSitesThatLeft(_ workspace: Workspace, _ recorded: Recorded) -> [String] {
        let isAnyLeft = recorded.owned.keys.contains { $0.isSite && !workspace.names($0) }
        guard isAnyLeft else { return [] }
        return workspace.connections.values.filter { if case .confluentCloud = $0.system { true } else { false } }
            .map(\.metadata.name)
    }
}

extension ResourceAddress {
    /// Whether a control plane lists what it names.
    fileprivate var isSite: Bool { place == nil && (kind == .environment || kind == .cluster) }
}

extension Workspace {
    /// Whether a manifest names the environment or cluster of an address.
    fileprivate func names(_ site: ResourceAddress) -> Bool {
        site.kind == .environment ? environments[site.name] != nil : clusters[site.name] != nil
    }
}

extension Recorded {
    /// Where the environments and clusters are that this ledger owns and no manifest names any more.
    ///
    /// - Returns: Ids by name, as far as they are remembered.
    package func sitesThatLeft(_ workspace: Workspace) -> KnownSites {
        var left = KnownSites()
        for (address, owned) in owned where address.isSite && !workspace.names(address) {
            if address.kind == .environment {
                var site = sites.environments[address.name] ?? KnownSites.Environment()
                site.id = owned.nativeID ?? site.id
                left.environments[address.name] = site
            } else if let id = owned.nativeID ?? sites.clusters[address.name]?.id {
                var site = sites.clusters[address.name] ?? KnownSites.Cluster(id: id)
                site.id = id
                left.clusters[address.name] = site
            }
        }
        return left
    }

    fileprivate func environmentsThatLeft(_ workspace: Workspace) -> Set<String> {
        let left = sitesThatLeft(workspace)
        return Set(left.environments.values.compactMap(\.id)).union(left.clusters.values.compactMap(\.environmentID))
    }
}

extension Recorded.Owned {
    /// Whether topic configs were applied to it.
    var hasConfigs: Bool {
        applied.keys.contains { $0.hasPrefix("configs.") }
    }
}
