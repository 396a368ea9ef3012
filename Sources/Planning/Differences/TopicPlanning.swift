import Domain

/// Topics that are declared: on a cluster, or of a group and so on its primary.
struct TopicPhase: PlanningPhase {
    let facts: Facts
    var written = Draft()

    /// The plan for topics that are declared on clusters; those of groups are planned with their group.
    static func plan(_ facts: Facts) -> Draft {
        var phase = TopicPhase(facts: facts)
        phase.planTopicsOfClusters()
        return phase.written
    }

    private mutating func planTopicsOfClusters() {
        let topics = workspace.topics.values.filter { if case .cluster = $0.home { true } else { false } }
        for topic in topics.sorted(by: { $0.name < $1.name }) {
            if case .cluster(let cluster) = topic.home { plan(topic, on: cluster, group: nil) }
        }
    }
}

extension PlanningPhase {
    /// Plans one declared topic where it is writable.
    mutating func plan(_ spec: TopicSpec, on cluster: String, group: String?) {
        let unit = Unit(
            ResourceAddress(.topic, in: cluster, spec.topicName), after: [ResourceAddress(.cluster, cluster)],
            labels: spec.metadata.labels,
            ownership: .init(
                policy: spec.deletionPolicy, spec.metadata, declaredBy: "Topic \(spec.name)", family: group))
        let fields = spec.managedFields
        switch observation.clusters[cluster] {
        case .reachable(let snapshot)?:
            guard let live = snapshot.topics[spec.topicName] else {
                return create(unit, spec, on: cluster, fields, group)
            }
            let seen = SeenTopic(live, configs: snapshot.configs[spec.topicName])
            settle(unit, spec, on: cluster, live: seen, fields, group)
        case .absent?: create(unit, spec, on: cluster, fields, group)
        case .unmanaged?, nil: leaveUnmanaged(unit, spec, cluster, group)
        case .some(let silent):
            leaveUnseen(unit, fields: fields, waitsFor: silent.silence(of: cluster) ?? cluster)
        }
    }

    private mutating func create(
        _ unit: Unit, _ spec: TopicSpec, on cluster: String, _ fields: [String: String], _ group: String?
    ) {
        create(unit, fields: fields, shown: fields.asDifferences, group: group) { effect in
            Step("create", unit.address, .kafka(.createTopic(TopicCreation(spec, on: cluster))), ledger: effect)
        }
    }

    private mutating func settle(
        _ unit: Unit, _ spec: TopicSpec, on cluster: String, live: SeenTopic, _ fields: [String: String],
        _ group: String?
    ) {
        if let refusal = facts.impossibleChange(of: spec, unit.address, live: live), !options.adoptOnly {
            var unit = unit
            unit.isThere = true
            return refuse(unit, refusal)
        }
        let liveFields = live.fields
        let resets = facts.resets(of: unit.address, wanted: fields, live: liveFields)
        guard live.configs != nil || !fields.keys.contains(where: \.isConfig) else {
            var unit = unit
            unit.isThere = true
            return hold(unit, waitsFor: "the configs of \(spec.topicName), which \(cluster) did not list")
        }
        let differences = (fields.differences(fromLive: liveFields) + resets).sorted { $0.field < $1.field }
        settle(
            unit, differences: differences, fields: fields, live: liveFields, group: group,
            reason: facts.ownedRow(of: unit.address) == nil ? facts.leftAlone(live, fields) : nil
        ) { effect in
            Facts.steps(for: differences, of: unit.address, topic: spec.topicName, on: cluster, effect)
        }
    }

    /// A topic of a group whose primary has no REST API is only mirrored; on any other cluster it cannot be managed.
    private mutating func leaveUnmanaged(_ unit: Unit, _ spec: TopicSpec, _ cluster: String, _ group: String?) {
        let isSourceOnly = workspace.clusters[cluster]?.type == .apacheKafka
        if isSourceOnly, group != nil, spec.managedFields.isEmpty {
            var unit = unit
            unit.isThere = true
            return put(unit)
        }
        refuse(
            unit,
            Refusal(
                .unsupported, subject: unit.address.description,
                .topic(isSourceOnly ? .onApacheKafka(cluster: cluster) : .withoutCredentials(cluster: cluster)),
                origin: ManifestOrigin("Topic", spec.name, "spec")))
    }
}

extension Facts {
    /// Configs that somebody else set are shown once, when the topic is adopted.
    fileprivate func leftAlone(_ live: SeenTopic, _ fields: [String: String]) -> ChangeReason? {
        let names = (live.configs ?? [:]).keys.filter { name in
            fields["configs.\(name)"] == nil && !TopicConfigs.isSetByService(name)
        }
        return names.isEmpty ? nil : .leavesAlone(configs: names.sorted())
    }

    /// Configs that Spillway set before and nobody wants any more: back to the server's default.
    func resets(of address: ResourceAddress, wanted: [String: String], live: [String: String])
        -> [Change.FieldDifference]
    {
        let applied = recorded.owned[address]?.applied ?? [:]
        return applied.keys.filter { $0.isConfig && wanted[$0] == nil && live[$0] != nil }.sorted()
            .map { Change.FieldDifference($0, from: live[$0], to: nil) }
    }

    fileprivate static func steps(
        for differences: [Change.FieldDifference], of address: ResourceAddress, topic: String, on cluster: String,
        _ effect: Step.LedgerEffect
    ) -> [Step] {
        var verbs: [(verb: String, action: StepAction)] = []
        if let growth = differences.first(where: { $0.field == "partitions" }),
            let count = growth.to.flatMap({ Int($0) })
        {
            verbs.append(("grow", .kafka(.growTopic(TopicGrowth(cluster: cluster, topic: topic, partitions: count)))))
        }
        let configs = differences.configChanges
        if !configs.isEmpty {
            let alteration = TopicAlteration(cluster: cluster, topic: topic, changes: configs)
            verbs.append(("configs", .kafka(.alterTopicConfigs(alteration))))
        }
        return verbs.enumerated().map { index, item in
            Step(item.verb, address, item.action, ledger: index == verbs.count - 1 ? effect : .none)
        }
    }

    // MARK: What cannot be done

    fileprivate func impossibleChange(of spec: TopicSpec, _ address: ResourceAddress, live: SeenTopic) -> Refusal? {
        if let partitions = spec.partitions, partitions < live.partitions {
            return Refusal(
                .partitions, subject: address.description,
                .topic(.shrinks(topic: spec.topicName, live: live.partitions, declared: partitions)),
                origin: ManifestOrigin("Topic", spec.name, "spec.partitions"))
        }
        if let factor = spec.replicationFactor, factor != live.replicationFactor {
            return Refusal(
                .immutable, subject: address.description,
                .topic(.replicationFactor(topic: spec.topicName, live: live.replicationFactor)),
                origin: ManifestOrigin("Topic", spec.name, "spec.replicationFactor"))
        }
        return nil
    }
}

/// A topic as listed, with its explicitly set configs.
private struct SeenTopic {
    let partitions: Int
    let replicationFactor: Int
    /// `nil` = not read.
    let configs: [String: String]?

    init(_ topic: ObservedTopic, configs: [String: String]?) {
        partitions = topic.partitions
        replicationFactor = topic.replicationFactor
        self.configs = configs.map { ConfigValue.canonical($0) }
    }

    var fields: [String: String] {
        var fields = ["partitions": String(partitions), "replicationFactor": String(replicationFactor)]
        for (name, value) in configs ?? [:] { fields["configs.\(name)"] = value }
        return fields
    }
}

extension TopicSpec {
    /// The fields Spillway manages of this topic, in canonical form.
    var managedFields: [String: String] {
        var fields: [String: String] = [:]
        if let partitions { fields["partitions"] = String(partitions) }
        if let replicationFactor { fields["replicationFactor"] = String(replicationFactor) }
        for (name, value) in configs { fields["configs.\(name)"] = ConfigValue.canonical(name, value) }
        return fields
    }
}

extension String {
    /// Whether a field is a config of the wire, `configs.retention.ms`.
    var isConfig: Bool { hasPrefix("configs.") }
}

extension [Change.FieldDifference] {
    /// The differences in configs, as changes of the wire.
    var configChanges: [ConfigChange] {
        filter(\.field.isConfig).map { ConfigChange(String($0.field.dropFirst("configs.".count)), $0.to) }
    }
}

extension TopicCreation {
    /// A declared topic where it is writable.
    init(_ spec: TopicSpec, on cluster: String) {
        self.init(
            cluster: cluster, topic: spec.topicName, partitions: spec.partitions,
            replicationFactor: spec.replicationFactor,
            configs: ConfigValue.canonical(spec.configs).sorted { $0.key < $1.key }.map { ConfigChange($0, $1) })
    }
}
