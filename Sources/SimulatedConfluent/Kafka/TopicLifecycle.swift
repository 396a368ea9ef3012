import SimulatorCore

extension KafkaEstate {
    /// Makes a topic that exists from now on.
    @discardableResult
    package func createTopic(
        _ name: String, partitions: Int, replicationFactor: Int, configs: [String: String] = [:],
        isInternal: Bool = false, on cluster: Cluster, in stage: inout Stage
    ) -> Topic {
        let topic = Topic(
            name: name, id: stage.random.identifier(), partitionCount: partitions,
            replicationFactor: replicationFactor, configs: configs, isInternal: isInternal)
        cluster.insert(topic)
        stage.record(
            Event(.create(cluster: cluster.id, topic: name, partitions: partitions), by: .server), at: stage.now)
        for link in cluster.readers where link.isOn("auto.create.mirror.topics.enable") {
            schedule(.task(.autoCreateMirror), of: link, at: stage.now + timing.autoCreate)
        }
        return topic
    }

    /// Asks for a topic's deletion, which takes a while.
    func requestDeletion(of topic: Topic, from cluster: Cluster, in stage: inout Stage) {
        guard topic.deletionRequested == nil else { return }
        topic.deletionRequested = stage.now
        agenda.add(.deleteTopic(cluster, topic), at: stage.now + timing.topicDeletion)
    }

    package func remove(_ topic: Topic, from cluster: Cluster, in stage: inout Stage) {
        guard !topic.isDeleted else { return }
        topic.isDeleted = true
        cluster.removeTopic(topic.name)
        stage.record(Event(.delete(cluster: cluster.id, topic: topic.name), by: .server), at: stage.now)
        if let mirror = topic.liveMirror { abandonReversal(of: mirror, in: &stage) }
        for link in cluster.sortedLinks {
            wake(.autoCreateMirror, of: link, in: &stage)
            guard link.mirrors[topic.name] != nil else { continue }
            link.removeMirror(topic.name)
            recordRow(cluster.id, topic.name, link.name, nil, in: &stage)
        }
        cluster.forgetOffsets(in: topic.name)
        topic.liveMirror?.source?.followers.removeAll { $0.topic === topic }
        let followers = topic.followers
        for mirror in followers where mirror.isLive { markForFetch(mirror, in: &stage) }
        topic.release()
    }

    func expand(_ topic: Topic, to count: Int, in stage: inout Stage) {
        topic.expand(to: count)
        for mirror in topic.followers { markForFetch(mirror, in: &stage) }
    }

    /// Sets (or, with `nil`, resets) configs and tells the links that copy them.
    func change(_ configs: [(name: String, value: String?)], of topic: Topic, in stage: inout Stage) {
        for (name, value) in configs { topic.configs[name] = value }
        for mirror in topic.followers where mirror.isLive {
            mirror.link.waitingForConfigs.insert(mirror.topic.name)
            let interval = mirror.link.milliseconds("topic.config.sync.ms")
            schedule(.task(.topicConfigsSync), of: mirror.link, at: stage.now + interval)
        }
    }

    /// Appends records of a producer, as many as there are offsets left for; returns the offset of the first.
    @discardableResult
    package func append(
        _ count: Int64, to topic: Topic, partition: Int, on cluster: Cluster, by actor: Event.Actor,
        acknowledged: Bool = true, in stage: inout Stage
    ) -> Int64 {
        let origin =
            topic.origin
            ?? origins.number(of: Origins.Origin(cluster: cluster.id, topic: topic.name, topicID: topic.id))
        topic.origin = origin
        let offset = topic.change(partition) { log in
            let offset = log.end
            let length = min(count, .max - offset)
            log.append(
                Segment(origin: origin, isAcknowledged: acknowledged, originOffset: offset, length: length))
            return offset
        }
        let records = Event.Records(origin: cluster.id, topic: topic.name, offset: offset, count: count)
        stage.record(
            Event(
                .append(
                    cluster: cluster.id, topic: topic.name, partition: partition, records: records,
                    acknowledged: acknowledged),
                by: actor),
            at: stage.now)
        for mirror in topic.followers { markForFetch(mirror, in: &stage) }
        return offset
    }

    func recordRow(
        _ cluster: String, _ topic: String, _ link: String, _ status: MirrorStatus?, in stage: inout Stage
    ) {
        stage.record(
            Event(.row(cluster: cluster, topic: topic, link: link, status: status?.rawValue), by: .server),
            at: stage.now)
    }
}
