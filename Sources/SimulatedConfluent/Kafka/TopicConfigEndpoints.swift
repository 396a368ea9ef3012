import SimulatorCore

extension KafkaEstate {
    /// `configs`, `configs/{name}` and `configs:alter` of one topic.
    func topicConfigs(
        _ call: KafkaCall, _ topic: Topic, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        switch (path[0], path.count, call.request.method) {
        case ("configs", 1, "GET"):
            return configLists.list(of: [topic], at: "topics/\(topic.name)/configs", on: call.cluster)
        case ("configs", 2, "GET"):
            guard let entry = configLists.entry(path[1], of: topic, on: call.cluster) else {
                throw .notFound(
                    "Config \(path[1]) cannot be found for TOPIC \(topic.name) in cluster \(call.cluster.id).")
            }
            return .json(entry)
        case ("configs", 2, "PUT"):
            guard let value = try call.body()["value"]?.string else { throw .malformed("value cannot be unspecified.") }
            try alter([(path[1], value)], of: topic, on: call.cluster, in: &stage)
            return .empty()
        case ("configs", 2, "DELETE"):
            try alter([(path[1], nil)], of: topic, on: call.cluster, in: &stage)
            return .empty()
        case ("configs:alter", 1, "POST"):
            let body = try call.body()
            let changes = try changes(in: body)
            try alter(
                changes, of: topic, on: call.cluster, isOnlyValidated: body["validate_only"]?.bool == true, in: &stage)
            return .empty()
        default: throw .wrongVerb
        }
    }

    /// The alterations in the body of a `configs:alter`; a `nil` value resets.
    func changes(in body: JSON) throws(KafkaRefusal) -> [(name: String, value: String?)] {
        guard let entries = body["data"]?.array else { throw .malformed("data cannot be unspecified.") }
        var changes: [(name: String, value: String?)] = []
        for entry in entries {
            guard let name = entry["name"]?.string else { throw .malformed("A config has no name.") }
            switch entry["operation"]?.string ?? "SET" {
            case "SET": changes.append((name, entry["value"]?.string))
            case "DELETE": changes.append((name, nil))
            case let operation: throw .malformed("Unknown operation \(operation).")
            }
        }
        return changes
    }

    private func alter(
        _ changes: [(name: String, value: String?)], of topic: Topic, on cluster: Cluster,
        isOnlyValidated: Bool = false, in stage: inout Stage
    ) throws(KafkaRefusal) {
        for (name, value) in changes {
            guard let known = TopicConfigTable.known[name] else {
                throw .rejected("Unknown topic config name: \(name)")
            }
            if cluster.kind.isCloud, !known.isEditableInCloud {
                throw .rejected("Config property '\(name)' is not allowed to be set or changed: policy violation.")
            }
            if let value { try check(name, value, on: cluster) }
            if let mirror = topic.liveMirror, mirror.link.syncedConfigs.contains(name),
                !stage.lies.contains(.mirrorConfigsWritable)
            {
                throw .rejected("Cannot alter config '\(name)' of mirror topic '\(topic.name)': it follows its source.")
            }
        }
        if !isOnlyValidated { change(changes, of: topic, in: &stage) }
    }

    func allConfigs(_ call: KafkaCall) -> Response {
        configLists.list(of: call.cluster.sortedTopics, at: "topics/-/configs", on: call.cluster)
    }

    /// What a topic of that name would have without configs of its own.
    func defaultConfigs(_ call: KafkaCall, _ name: String) -> Response {
        let topic = Topic(name: name, id: Identifier(high: 0, low: 0), partitionCount: 1, replicationFactor: 3)
        return configLists.list(of: [topic], at: "topics/\(name)/default-configs", on: call.cluster)
    }
}
