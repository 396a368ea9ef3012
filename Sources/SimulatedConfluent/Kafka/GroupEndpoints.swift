import SimulatorCore

extension KafkaEstate {
    /// Everything below `consumer-groups`; reading is all the API offers.
    func groups(_ call: KafkaCall, _ path: [String]) throws(KafkaRefusal) -> Response {
        guard call.request.method == "GET" else { throw .wrongVerb }
        let cluster = call.cluster
        guard let name = path.first else {
            return list(
                "KafkaConsumerGroupList", at: "\(cluster.base)/consumer-groups",
                cluster.groups.sorted { $0.key < $1.key }.map { groupData($0.key, $0.value, on: cluster) })
        }
        guard let group = cluster.groups[name] else {
            throw KafkaRefusal(404, 40403, "Consumer group '\(name)' cannot be found.")
        }
        let url = "\(cluster.base)/consumer-groups/\(name)"
        switch Array(path.dropFirst()) {
        case []: return .json(groupData(name, group, on: cluster))
        case ["consumers"] where !group.isInUse: return list("KafkaConsumerList", at: "\(url)/consumers", [])
        case ["lags"] where cluster.kind == .dedicated:
            return list(
                "KafkaConsumerLagList", at: "\(url)/lags",
                group.sortedOffsets.map { lagData(name, $0.place, $0.offset, on: cluster) })
        case ["lag-summary"] where cluster.kind == .dedicated: return .json(lagSummary(name, group, on: cluster))
        case ["lags"], ["lag-summary"]:
            throw KafkaRefusal(403, 40301, "Consumer lag is available on Dedicated clusters only.")
        case let rest where rest.count == 4 && rest[0] == "lags" && rest[2] == "partitions":
            let place = TopicPartition(topic: rest[1], partition: Int(rest[3]) ?? -1)
            guard cluster.kind == .dedicated, let offset = group.offsets[place] else {
                throw KafkaRefusal(404, 40403, "Consumer lag cannot be found.")
            }
            return .json(lagData(name, place, offset, on: cluster))
        default: return .unmodelled("members of consumer groups")
        }
    }

    private func groupData(_ name: String, _ group: ConsumerGroup, on cluster: Cluster) -> JSON {
        let url = "\(cluster.base)/consumer-groups/\(name)"
        return [
            "kind": "KafkaConsumerGroup",
            "metadata": metadata(url, "crn:///kafka=\(cluster.id)/consumer-group=\(name)"),
            "cluster_id": .string(cluster.id), "consumer_group_id": .string(name), "is_simple": false,
            "partition_assignor": .string(group.isInUse ? "range" : ""), "state": .string(group.state),
            "type": "CLASSIC", "is_mixed_consumer_group": false, "coordinator": related("\(cluster.base)/brokers/0"),
            "consumers": related("\(url)/consumers"), "lag_summary": related("\(url)/lag-summary"),
        ]
    }

    private func lag(_ place: TopicPartition, _ offset: Int64, on cluster: Cluster) -> (end: Int64, lag: Int64) {
        let end = cluster.topics[place.topic]?.end(place.partition) ?? 0
        return (end, max(0, end - offset))
    }

    private func lagData(_ name: String, _ place: TopicPartition, _ offset: Int64, on cluster: Cluster) -> JSON {
        let (end, lag) = lag(place, offset, on: cluster)
        let path = "lags/\(place.topic)/partitions/\(place.partition)"
        return [
            "kind": "KafkaConsumerLag",
            "metadata": metadata(
                "\(cluster.base)/consumer-groups/\(name)/\(path)",
                "crn:///kafka=\(cluster.id)/consumer-group=\(name)/lag=\(place.topic)/partition=\(place.partition)"),
            "cluster_id": .string(cluster.id), "consumer_group_id": .string(name), "topic_name": .string(place.topic),
            "partition_id": JSON(place.partition), "consumer_id": "", "instance_id": nil, "client_id": "",
            "current_offset": JSON(offset), "log_end_offset": JSON(end), "lag": JSON(lag),
        ]
    }

    private func lagSummary(_ name: String, _ group: ConsumerGroup, on cluster: Cluster) -> JSON {
        let lags = group.sortedOffsets.map { (place: $0.place, lag: lag($0.place, $0.offset, on: cluster).lag) }
        let greatest = lags.max { $0.lag < $1.lag }
        let place = greatest?.place ?? TopicPartition(topic: "", partition: 0)
        return [
            "kind": "KafkaConsumerGroupLagSummary",
            "metadata": metadata(
                "\(cluster.base)/consumer-groups/\(name)/lag-summary",
                "crn:///kafka=\(cluster.id)/consumer-groups=\(name)/lag-summary"),
            "cluster_id": .string(cluster.id), "consumer_group_id": .string(name), "max_lag_consumer_id": "",
            "max_lag_instance_id": nil, "max_lag_client_id": "",
            "max_lag_topic_name": .string(place.topic), "max_lag_partition_id": JSON(place.partition),
            "max_lag": JSON(greatest?.lag ?? 0), "total_lag": JSON(lags.reduce(0) { $0 + $1.lag }),
            "max_lag_consumer": related("\(cluster.base)/consumer-groups/\(name)/consumers/"),
            "max_lag_partition": related("\(cluster.base)/topics/\(place.topic)/partitions/\(place.partition)"),
        ]
    }
}
