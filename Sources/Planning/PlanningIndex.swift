import Domain

/// The input, looked up the way differences need it: built once, so that planning stays linear in the topics.
struct PlanningIndex {
    /// Effective row of every mirror, by cluster and topic: any live row wins, else the STOPPED row that changed last.
    let mirrors: [String: [String: ObservedMirror]]
    /// Live rows by cluster and link.
    let liveMirrorCounts: [String: [String: Int]]
    /// Declared topics by group, sorted by name.
    let topicsOfGroups: [String: [TopicSpec]]
    /// Names of declared topics by the cluster they are written on, whether they exist yet or not.
    let declaredTopics: [String: Set<String>]
    /// Topics the ledger knows as mirrored, by the cluster that holds the mirrors and the source; empty while every
    /// cluster answers.
    let recordedMirrors: [String: [String: Set<String>]]
    /// Link halves the ledger owns, by the cluster that holds them.
    let recordedLinks: [String: [ResourceAddress: Recorded.Owned]]
    /// Exporters the ledger owns, by the environment whose registry holds them.
    let recordedExporters: [String: [ResourceAddress: Recorded.Owned]]
    /// Clusters from which a ClusterLink may read what another link mirrors there.
    let chainedClusters: Set<String>
    /// Bindings by the group they follow, sorted by name.
    let bindingsOfGroups: [String: [ClientBindingSpec]]

    init(_ input: PlanInput) {
        let snapshots = input.observation.clusters.compactMapValues(\.snapshot)
        mirrors = snapshots.mapValues { Self.effective($0.mirrors) }
        liveMirrorCounts = snapshots.mapValues { snapshot in
            snapshot.mirrors.reduce(into: [:]) { if $1.status != .stopped { $0[$1.link, default: 0] += 1 } }
        }
        var topics: [String: [TopicSpec]] = [:]
        var declared: [String: Set<String>] = [:]
        for name in input.workspace.topics.keys.sorted() {
            guard let topic = input.workspace.topics[name] else { continue }
            if case .failoverGroup(let group) = topic.home { topics[group, default: []].append(topic) }
            guard let cluster = input.workspace.writableCluster(of: topic) else { continue }
            declared[cluster, default: []].insert(topic.topicName)
        }
        topicsOfGroups = topics
        declaredTopics = declared
        let isDark = snapshots.count < input.observation.clusters.count
        var mirrors: [String: [String: Set<String>]] = [:]
        var links: [String: [ResourceAddress: Recorded.Owned]] = [:]
        var exporters: [String: [ResourceAddress: Recorded.Owned]] = [:]
        let rows = input.recorded.owned { address in
            [.link, .exporter].contains(address.kind) || isDark && address.kind == .mirror
        }
        for (address, owned) in rows {
            guard let place = address.place else { continue }
            if address.kind == .link { links[place, default: [:]][address] = owned }
            if address.kind == .exporter { exporters[place, default: [:]][address] = owned }
            guard address.kind == .mirror, let source = owned.applied["source"],
                let topic = owned.applied["sourceTopic"]
            else { continue }
            mirrors[place, default: [:]][source, default: []].insert(topic)
        }
        recordedMirrors = mirrors
        recordedLinks = links
        recordedExporters = exporters
        chainedClusters = Set(input.workspace.clusterLinks.values.flatMap { [$0.source, $0.destination] })
        var bindings: [String: [ClientBindingSpec]] = [:]
        for binding in input.workspace.clientBindings.values {
            if case .failoverGroup(let group) = binding.target { bindings[group, default: []].append(binding) }
        }
        bindingsOfGroups = bindings.mapValues { $0.sorted { $0.name < $1.name } }
    }

    private static func effective(_ rows: [ObservedMirror]) -> [String: ObservedMirror] {
        Dictionary(rows.lazy.map { ($0.topic, $0) }) { one, other in
            (one.rank, one.stateTime, other.link) >= (other.rank, other.stateTime, one.link) ? one : other
        }
    }
}

extension Workspace {
    /// The cluster a declared topic is written on.
    func writableCluster(of topic: TopicSpec) -> String? {
        switch topic.home {
        case .cluster(let cluster): cluster
        case .failoverGroup(let group): placement(ofGroup: group)?.primary
        }
    }
}

extension ObservedMirror {
    /// Whether the row still follows its source.
    var isLive: Bool { status != .stopped }
    fileprivate var rank: Int { isLive ? 1 : 0 }
}
