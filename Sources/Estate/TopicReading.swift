import Domain

/// What manifests say so that the topics of a cluster are as they are.
struct TopicReading {
    private let cluster: Estate.Cluster
    /// Topics that clients write, but those of systems.
    let names: [String]
    private(set) var remarks: [Remark] = []

    init(_ cluster: Estate.Cluster) {
        self.cluster = cluster
        guard let kafka = cluster.kafka else {
            names = []
            return
        }
        let mirrors = Set(kafka.mirrors.lazy.filter { $0.status != .stopped }.map(\.topic))
        let own = kafka.topics.filter { name, topic in
            !topic.isInternal && !InternalTopics.contains(name) && !mirrors.contains(name)
        }.keys.sorted()
        let colliding = Self.colliding(own)
        names = own.filter { !colliding.contains($0) }
        if !colliding.isEmpty { remarks.append(.topicNames(cluster: cluster.name, topics: colliding)) }
    }

    /// The manifests of ``names``.
    ///
    /// - Parameters:
    ///   - homes: Groups by topic; the others live on the cluster alone.
    ///   - shared: Names that other clusters have too: there the manifests are told apart by the cluster.
    mutating func topics(_ homes: [String: String], shared: Set<String>, _ taken: inout TakenNames) -> [TopicSpec] {
        guard let kafka = cluster.kafka else { return [] }
        var unsaid: [String: [String]] = [:]
        let topics = names.compactMap { name -> TopicSpec? in
            guard let observed = kafka.topics[name] else { return nil }
            let home = homes[name].map(TopicSpec.Home.failoverGroup) ?? .cluster(cluster.name)
            let manifest = shared.contains(name) ? "\(name)-\(cluster.name)" : name
            var topic = TopicSpec(metadata: Metadata(name: taken.name(manifest, or: [cluster.name])), home: home)
            topic.topicName = name
            topic.partitions = observed.partitions
            topic.replicationFactor = observed.replicationFactor
            for (config, value) in kafka.configs[name] ?? [:] {
                guard !TopicConfigs.isSetByService(config) else { continue }
                if let value = value.sayable(as: config, inCloud: cluster.spec.type.isCloud) {
                    topic.configs[config] = value
                } else {
                    unsaid[config, default: []].append(name)
                }
            }
            return topic
        }
        remarks += unsaid.sorted { $0.key < $1.key }
            .map { .topicConfigs(cluster: cluster.name, name: $0.key, topics: $0.value.sorted()) }
        return topics
    }

    /// Topics that differ in `.` and `_` alone: older clusters may hold them, and no manifests may.
    private static func colliding(_ names: [String]) -> [String] {
        let possible = names.filter(TopicNameCollision.isPossible)
        return Dictionary(grouping: possible, by: TopicNameCollision.key).values.filter { $0.count > 1 }
            .flatMap { $0.sorted().dropFirst() }.sorted()
    }
}

extension String {
    /// A config's value as a manifest may say it; `nil` = not at all.
    fileprivate func sayable(as config: String, inCloud: Bool) -> String? {
        guard let definition = TopicConfigs.definition(config), definition.values.canonical(self) != nil else {
            return nil
        }
        return inCloud && definition.settable == .selfManagedOnly ? nil : self
    }
}
