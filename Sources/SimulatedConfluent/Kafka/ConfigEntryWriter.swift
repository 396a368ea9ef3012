import SimulatorCore

/// Describes single config entries of a cluster's topics. It is of one moment: the cluster may go on meanwhile.
struct ConfigEntryWriter: Sendable {
    private let base: String
    private let id: String
    private let isCloud: Bool

    init(_ cluster: Cluster) {
        base = cluster.base
        id = cluster.id
        isCloud = cluster.kind.isCloud
    }

    /// One entry.
    ///
    /// - Parameters:
    ///   - value: What was set for the topic.
    ///   - isLocked: Whether a link keeps it as it is at the source.
    func entry(_ config: String, of topic: String, _ value: String?, isLocked: Bool) -> JSON {
        let known = TopicConfigTable.known[config]
        let chain = synonyms(config, value)
        let effective = chain.first
        let isReadOnly = isLocked || isCloud && known?.isEditableInCloud == false
        return [
            "kind": "KafkaTopicConfig",
            "metadata": [
                "self": .string("\(base)/topics/\(topic)/configs/\(config)"),
                "resource_name": .string("crn:///kafka=\(id)/topic=\(topic)/config=\(config)"),
            ],
            "cluster_id": .string(id), "topic_name": .string(topic), "name": .string(config),
            "value": .string(effective?.value ?? known?.defaultValue ?? ""), "is_read_only": JSON(isReadOnly),
            "is_sensitive": false, "source": .string(effective?.source ?? "DEFAULT_CONFIG"),
            "synonyms": .array(
                chain.filter { $0.name != nil }.map {
                    ["name": JSON($0.name), "value": .string($0.value), "source": .string($0.source)]
                }),
            "is_default": JSON(effective?.source ?? "DEFAULT_CONFIG" == "DEFAULT_CONFIG"),
        ]
    }

    /// The chain of overrides, the effective one first; a default without a broker config has no name.
    private func synonyms(_ config: String, _ value: String?) -> [(name: String?, value: String, source: String)] {
        let known = TopicConfigTable.known[config]
        var chain: [(name: String?, value: String, source: String)] = []
        let ofService = isCloud ? TopicConfigTable.setByCloud.first { $0.0 == config }?.1 : nil
        if let value = value ?? ofService { chain.append((config, value, "DYNAMIC_TOPIC_CONFIG")) }
        if ofService != nil { return chain }
        if isCloud, let value = known?.cloudValue {
            chain.append((known?.brokerName, value, "STATIC_BROKER_CONFIG"))
        }
        if let known { chain.append((known.brokerName, known.defaultValue, "DEFAULT_CONFIG")) }
        return chain
    }
}
