import SimulatorCore

extension KafkaEstate {
    /// Everything below `topics`.
    func topics(_ call: KafkaCall, _ path: [String], in stage: inout Stage) throws(KafkaRefusal) -> Response {
        let method = call.request.method
        switch (path.count, method) {
        case (0, "GET"): return listTopics(call)
        case (0, "POST"): return try createTopic(call, in: &stage)
        case (1, "GET"): return .json(topicData(try call.topic(path[0]), on: call.cluster))
        case (1, "PATCH"): return try addPartitions(call, try call.topic(path[0]), in: &stage)
        case (1, "DELETE"):
            requestDeletion(of: try call.topic(path[0]), from: call.cluster, in: &stage)
            return .empty()
        case (0, _), (1, _): throw .wrongVerb
        default: return try belowTopic(call, path[0], Array(path.dropFirst()), in: &stage)
        }
    }

    private func belowTopic(
        _ call: KafkaCall, _ name: String, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        switch (path[0], call.request.method) {
        case ("configs", "GET") where name == "-" && path.count == 1: return allConfigs(call)
        case ("configs", _), ("configs:alter", _):
            return try topicConfigs(call, try call.topic(name), path, in: &stage)
        case ("default-configs", "GET"): return defaultConfigs(call, name)
        case ("partitions", "GET"): return try partitions(call, try call.topic(name), Array(path.dropFirst()))
        case ("records", "POST"): return try produce(call, try call.topic(name), in: &stage)
        case ("default-configs", _), ("partitions", _), ("records", _): throw .wrongVerb
        default: throw .noRoute
        }
    }

    private func listTopics(_ call: KafkaCall) -> Response {
        list("KafkaTopicList", at: "\(call.cluster.base)/topics", call.cluster.sortedTopics) {
            topicData($0, on: call.cluster)
        }
    }

    func topicData(_ topic: Topic, on cluster: Cluster, isJustCreated: Bool = false) -> JSON {
        let url = "\(cluster.base)/topics/\(topic.name)"
        return [
            "kind": "KafkaTopic", "metadata": metadata(url, "crn:///kafka=\(cluster.id)/topic=\(topic.name)"),
            "cluster_id": .string(cluster.id), "topic_name": .string(topic.name), "is_internal": JSON(topic.isInternal),
            "replication_factor": JSON(isJustCreated ? 0 : topic.replicationFactor),
            "partitions_count": JSON(isJustCreated ? 0 : topic.partitionCount),
            "partitions": related("\(url)/partitions"), "configs": related("\(url)/configs"),
            "partition_reassignments": related("\(url)/partitions/-/reassignment"),
        ]
    }

    private func createTopic(_ call: KafkaCall, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        let body = try call.body()
        guard let name = body["topic_name"]?.string else { throw .malformed("topic_name cannot be unspecified.") }
        let partitions = try count(body["partitions_count"], named: "partitions_count") ?? 6
        let replicationFactor = try count(body["replication_factor"], named: "replication_factor") ?? 3
        let configs = try configs(in: body)
        try check(newTopic: name, on: call.cluster)
        guard !call.cluster.kind.isCloud || replicationFactor == 3 else {
            throw .rejected("Topic replication factor must be 3")
        }
        for (config, value) in configs { try check(config, value, on: call.cluster) }
        let cluster = call.cluster
        if body["validate_only"]?.bool == true {
            let topic = Topic(
                name: name, id: Identifier(high: 0, low: 0), partitionCount: partitions,
                replicationFactor: replicationFactor)
            return .json(topicData(topic, on: cluster, isJustCreated: true))
        }
        let topic = createTopic(
            name, partitions: partitions, replicationFactor: replicationFactor, configs: configs, on: cluster,
            in: &stage)
        return .json(topicData(topic, on: cluster, isJustCreated: true), status: 201)
    }

    private func count(_ json: JSON?, named name: String) throws(KafkaRefusal) -> Int? {
        guard let json, json != .null else { return nil }
        guard let number = json.int else { throw .malformed("Cannot deserialize value of '\(name)'.") }
        guard (1...100_000).contains(number) else { throw .rejected("Number of \(name) must be larger than 0.") }
        return Int(number)
    }

    /// The `configs` of a create body.
    func configs(in body: JSON) throws(KafkaRefusal) -> [String: String] {
        var configs: [String: String] = [:]
        for entry in body["configs"]?.array ?? [] {
            guard let name = entry["name"]?.string else { throw .malformed("A config has no name.") }
            if let value = entry["value"]?.string { configs[name] = value }
        }
        return configs
    }

    func check(newTopic name: String, on cluster: Cluster) throws(KafkaRefusal) {
        guard Names.areValid(name) else {
            throw .rejected(
                "Topic name is invalid: '\(name)' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-', or is longer than 249 characters."
            )
        }
        guard let topic = cluster.topics[name] else { return }
        throw .rejected(
            topic.deletionRequested == nil
                ? "Topic '\(name)' already exists." : "Topic '\(name)' already exists: it is marked for deletion.")
    }

    func check(_ config: String, _ value: String, on cluster: Cluster) throws(KafkaRefusal) {
        if let fault = TopicConfigTable.fault(config, value, on: cluster.kind) { throw .rejected(fault) }
    }

    private func addPartitions(
        _ call: KafkaCall, _ topic: Topic, in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        guard let count = try call.body()["partitions_count"]?.int.map(Int.init) else {
            throw .malformed("partitions_count cannot be unspecified.")
        }
        guard topic.liveMirror == nil else {
            throw .rejected("Cannot add partitions to mirror topic '\(topic.name)'.")
        }
        guard count > topic.partitionCount, count <= 100_000 else {
            throw .rejected(
                "Topic currently has \(topic.partitionCount) partitions, which is higher than the requested \(count).")
        }
        expand(topic, to: count, in: &stage)
        return .json(topicData(topic, on: call.cluster))
    }

    private func partitions(_ call: KafkaCall, _ topic: Topic, _ path: [String]) throws(KafkaRefusal) -> Response {
        let url = "\(call.cluster.base)/topics/\(topic.name)/partitions"
        guard let first = path.first else {
            return list(
                "KafkaPartitionList", at: url,
                (0..<topic.partitionCount).map { partitionData($0, of: topic, at: url, on: call.cluster) })
        }
        guard path.count == 1 else { return .unmodelled("replicas and reassignments of partitions") }
        guard let partition = Int(first), (0..<topic.partitionCount).contains(partition) else {
            throw KafkaRefusal(404, 40402, "Partition not found.")
        }
        return .json(partitionData(partition, of: topic, at: url, on: call.cluster))
    }

    private func partitionData(_ partition: Int, of topic: Topic, at url: String, on cluster: Cluster) -> JSON {
        [
            "kind": "KafkaPartition",
            "metadata": metadata(
                "\(url)/\(partition)", "crn:///kafka=\(cluster.id)/topic=\(topic.name)/partition=\(partition)"),
            "cluster_id": .string(cluster.id), "topic_name": .string(topic.name), "partition_id": JSON(partition),
            "replicas": related("\(url)/\(partition)/replicas"),
            "reassignment": related("\(url)/\(partition)/reassignment"),
        ]
    }
}
