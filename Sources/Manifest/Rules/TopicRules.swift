import Domain

extension RuleContext {
    func checkTopics(_ findings: inout Findings) {
        for topic in workspace.topics.values {
            checkName(of: topic, &findings)
            checkReplication(of: topic, &findings)
            checkConfigs(of: topic, &findings)
            checkHome(of: topic, &findings)
        }
        checkLiveTopics(&findings)
        checkTopicNames(&findings)
    }

    private func place(_ topic: TopicSpec, _ field: String) -> Place? {
        place(.topic, topic.name, field)
    }

    func namePlace(of topic: TopicSpec) -> Place? {
        let object = object(.topic, topic.name)
        return object?.node["spec"]?["topicName"]?.place ?? object?.namePlace
    }

    private func checkName(of topic: TopicSpec, _ findings: inout Findings) {
        guard ValueForm.isTopicName(topic.topicName) else {
            findings.error(
                "invalid-topic-name", "`\(topic.topicName)` is no name Kafka accepts for a topic",
                at: namePlace(of: topic),
                help: "letters, digits, `.`, `_` and `-`, at most 249; not `.` or `..`")
            return
        }
        guard InternalTopics.contains(topic.topicName) else { return }
        if case .failoverGroup(let group) = topic.home {
            let allowed = workspace.failoverGroups[group]?.topics?.allowInternal ?? []
            guard !allowed.contains(topic.topicName) else { return }
            findings.error(
                "internal-topic", "`\(topic.topicName)` belongs to a system, so group `\(group)` does not mirror it",
                at: namePlace(of: topic),
                help: "changelogs and outputs replicate out of step with each other: mirror the inputs and run a "
                    + "standby, or name it in `topics.allowInternal` of the group")
        } else {
            findings.warn(
                "internal-topic", "`\(topic.topicName)` belongs to a system that manages it itself",
                at: namePlace(of: topic))
        }
    }

    private func checkReplication(of topic: TopicSpec, _ findings: inout Findings) {
        let policy = workspace.spec.policy
        if let factor = topic.replicationFactor {
            if let least = policy.minReplicationFactor, factor < least {
                findings.error(
                    "below-policy", "replication factor \(factor) is below `policy.minReplicationFactor` \(least)",
                    at: place(topic, "spec.replicationFactor"), help: "raise it to \(least)")
            }
            if factor != 3, let cluster = clusters(of: topic).first(where: { $0.type.isCloud }) {
                findings.error(
                    "replication-factor-not-3",
                    "Confluent Cloud accepts replication factor 3 only, and `\(cluster.name)` is "
                        + "\(cluster.type.rawValue)",
                    at: place(topic, "spec.replicationFactor"), help: "write 3, or remove the line")
            }
        }
        checkInSyncReplicas(of: topic, &findings)
    }

    private func checkInSyncReplicas(of topic: TopicSpec, _ findings: inout Findings) {
        guard
            let text = topic.configs["min.insync.replicas"],
            let inSync = Int(ConfigValue.canonical("min.insync.replicas", text))
        else { return }
        func place() -> Place? {
            object(.topic, topic.name)?.valuePlace("min.insync.replicas", in: "spec.configs")
        }
        if let least = workspace.spec.policy.minInSyncReplicas, inSync < least {
            findings.error(
                "below-policy", "`min.insync.replicas` \(inSync) is below `policy.minInSyncReplicas` \(least)",
                at: place(), help: "raise it to \(least)")
        }
        if let factor = topic.replicationFactor, inSync > factor {
            findings.error(
                "unwritable-topic",
                "`min.insync.replicas` \(inSync) is above the replication factor \(factor): nothing could be written",
                at: place())
        }
    }

    private func checkConfigs(of topic: TopicSpec, _ findings: inout Findings) {
        guard let object = object(.topic, topic.name) else { return }
        ConfigRules(object: object, path: "spec.configs", clusters: clusters(of: topic))
            .checkTopic(topic.configs, &findings)
    }

    private func checkHome(of topic: TopicSpec, _ findings: inout Findings) {
        guard case .cluster(let name) = topic.home, let cluster = workspace.clusters[name] else { return }
        guard cluster.credentials == nil else { return }
        findings.warn(
            "not-managed", "Cluster `\(name)` has no `credentials`, so this topic is not managed",
            at: place(topic, "spec.cluster"),
            help: cluster.type == .apacheKafka
                ? "Spillway does not speak Kafka's own protocol: an ApacheKafka cluster is only a source of links"
                : "give the Cluster `credentials`")
    }

    /// Clusters that will hold the topic.
    func clusters(of topic: TopicSpec) -> [ClusterSpec] {
        switch topic.home {
        case .cluster(let name): [workspace.clusters[name]].compactMap(\.self)
        case .failoverGroup(let group):
            (workspace.placement(ofGroup: group)?.members ?? []).compactMap { workspace.clusters[$0] }
        }
    }

    private struct LiveTopic: Hashable {
        let home: TopicSpec.Home
        let name: String
    }

    /// Two manifests must not mean one topic.
    private func checkLiveTopics(_ findings: inout Findings) {
        var names: [LiveTopic: [String]] = [:]
        for topic in workspace.topics.values {
            names[LiveTopic(home: topic.home, name: topic.topicName), default: []].append(topic.name)
        }
        for (live, manifests) in names where manifests.count > 1 {
            let sorted = manifests.sorted()
            for name in sorted.dropFirst() {
                guard let topic = workspace.topics[name] else { continue }
                findings.error(
                    "same-live-object", "Topics `\(sorted[0])` and `\(name)` mean the same topic `\(live.name)`",
                    at: namePlace(of: topic),
                    notes: place(.topic, sorted[0], "metadata.name").map { [("the other is here", $0)] } ?? [],
                    help: "keep one of them")
            }
        }
    }
}
