import Domain

/// The input, looked up the way differences need it: built once, so that planning stays linear in the topics.
struct PlanningIndex {
    /// Effective row of every mirror, by cluster and topic: any live row wins, else the STOPPED row that changed last.
    let mirrors: [String: [String: ObservedMirror]]
    /// Live rows by cluster and link.
    let liveMirrorCounts: [String: [String: Int]]
    /// Declared topics by group, sorted by name.
    let topicsOfGroups: [String: [TopicSpec]]
    /// Topics the ledger knows as mirrored, by the cluster that holds the mirrors and the source.
    let recordedMirrors: [String: [String: Set<String>]]
    /// Link halves the ledger owns, by the cluster that holds them.
    let recordedLinks: [String: [ResourceAddress: Recorded.Owned]]
    /// Bindings by the group they follow, sorted by name.
    let bindingsOfGroups: [String: [ClientBindingSpec]]

    init(_ input: PlanInput) {
        let snapshots = input.observation.clusters.compactMapValues(\.snapshot)
        mirrors = snapshots.mapValues { Self.effective($0.mirrors) }
        liveMirrorCounts = snapshots.mapValues { snapshot in
            snapshot.mirrors.reduce(into: [:]) { if $1.status != .stopped { $0[$1.link, default: 0] += 1 } }
        }
        var topics: [String: [TopicSpec]] = [:]
        for topic in input.workspace.topics.values {
            if case .failoverGroup(let group) = topic.home { topics[group, default: []].append(topic) }
        }
        topicsOfGroups = topics.mapValues { $0.sorted { $0.name < $1.name } }
        var recorded: [String: [String: Set<String>]] = [:]
        for (address, owned) in input.recorded.owned where address.kind == .mirror {
            guard let place = address.place, let source = owned.applied["source"], let topic = owned.applied["sourceTopic"]
            else { continue }
            recorded[place, default: [:]][source, default: []].insert(topic)
        }
        recordedMirrors = recorded
        let links = input.recorded.owned.filter { $0.key.kind == .link }
        recordedLinks = Dictionary(grouping: links) { $0.key.place ?? "" }
            .mapValues { Dictionary(uniqueKeysWithValues: $0.map { ($0.key, $0.value) }) }
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

extension ObservedMirror {
    /// Whether the row still follows its source.
    var isLive: Bool { status != .stopped }
    fileprivate var rank: Int { isLive ? 1 : 0 }
}
