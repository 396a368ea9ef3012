import SimulatedConfluent
import SimulatorCore

extension World {
    /// Takes what there is of the partitions a consumer holds, and commits now and then.
    func consume(_ consumption: ClientDescription.Consumption, by client: WorkloadClient, on cluster: Cluster) {
        let group = consumption.group
        guard permits("READ", on: "GROUP", group, client, cluster) else {
            return client.unread["denied", default: 0] += 1
        }
        join(consumption, client, cluster)
        let assignment = assignment(of: consumption, client, cluster)
        client.positions = client.positions.filter { assignment.contains($0.key) }
        for place in assignment {
            guard let topic = cluster.topics[place.topic] else { continue }
            guard permits("READ", on: "TOPIC", place.topic, client, cluster) else {
                client.unread["denied", default: 0] += 1
                continue
            }
            read(place, of: topic, consumption, client, cluster)
        }
        guard client.nextCommit <= stage.now else { return }
        client.nextCommit = stage.now + consumption.commitInterval
        for place in assignment {
            guard let position = client.positions[place] else { continue }
            kafka.commit(
                position, of: place, by: group, on: cluster, actor: .client(client.description.name), in: &stage)
        }
    }

    private func permits(
        _ operation: String, on type: String, _ name: String, _ client: WorkloadClient, _ cluster: Cluster
    ) -> Bool {
        let key = client.address?.credentials?.key ?? "ANONYMOUS"
        return kafka.permits(
            operation, on: type, name, to: kafka.principals(ofKey: key, on: cluster), of: cluster, in: stage)
    }

    // MARK: Membership

    /// Joins a group, after leaving the one on the cluster it consumed from before.
    private func join(
        _ consumption: ClientDescription.Consumption, _ client: WorkloadClient, _ cluster: Cluster
    ) {
        if client.consumesFrom != cluster.id {
            client.positions = [:]
            leave(client)
            client.consumesFrom = cluster.id
        }
        let membership = Workload.Membership(cluster: cluster.id, group: consumption.group)
        workload.members[membership, default: [:]][client.description.name] = stage.now + consumption.sessionTimeout
        setState(of: membership)
    }

    /// Leaves where the coordinator can be told; elsewhere the session has to run out.
    func leave(_ client: WorkloadClient) {
        guard let id = client.consumesFrom, let group = client.description.consumption?.group else { return }
        client.consumesFrom = nil
        guard let cluster = kafka.clusters[id], isReachableByClients(cluster) else { return }
        let membership = Workload.Membership(cluster: id, group: group)
        workload.members[membership]?[client.description.name] = nil
        setState(of: membership)
    }

    /// Ends sessions that have run out.
    func expireMembers() {
        for (membership, sessions) in workload.members {
            let alive = sessions.filter { $0.value > stage.now }
            guard alive.count != sessions.count else { continue }
            workload.members[membership] = alive
            for name in sessions.keys where alive[name] == nil {
                guard let client = workload.clients[name], client.consumesFrom == membership.cluster else { continue }
                client.consumesFrom = nil
                client.positions = [:]
            }
            setState(of: membership)
        }
    }

    private func setState(of membership: Workload.Membership) {
        let isInUse = workload.members[membership]?.isEmpty == false
        guard let cluster = kafka.clusters[membership.cluster] else { return }
        cluster.groups[membership.group, default: ConsumerGroup()].state = isInUse ? "STABLE" : "EMPTY"
    }

    /// The partitions of a member: those whose number is its own, counted around the members.
    private func assignment(
        of consumption: ClientDescription.Consumption, _ client: WorkloadClient, _ cluster: Cluster
    ) -> [TopicPartition] {
        let membership = Workload.Membership(cluster: cluster.id, group: consumption.group)
        let names = (workload.members[membership] ?? [:]).keys.sorted()
        let own = names.firstIndex(of: client.description.name) ?? 0
        return consumption.topics.flatMap { topic in
            (0..<(cluster.topics[topic]?.partitionCount ?? 0))
                .filter { $0 % max(1, names.count) == own }
                .map { TopicPartition(topic: topic, partition: $0) }
        }
    }

    // MARK: Reading

    private func read(
        _ place: TopicPartition, of topic: Topic, _ consumption: ClientDescription.Consumption,
        _ client: WorkloadClient, _ cluster: Cluster
    ) {
        let log = topic.log(place.partition)
        var position = client.positions[place] ?? begin(at: place, of: log, consumption, cluster)
        if position > log.end || position < log.start {
            client.resets += 1
            position = consumption.startsLatest ? log.end : log.start
        }
        for segment in log.slice(from: position, limit: consumption.batch) {
            let repeated = note(segment, partition: place.partition, group: consumption.group)
            client.consumed += segment.length
            client.duplicates += repeated
            position += segment.length
        }
        client.positions[place] = position
    }

    /// Where a group begins to read a partition. What lies before its very first beginning does not concern it.
    private func begin(
        at place: TopicPartition, of log: PartitionLog, _ consumption: ClientDescription.Consumption, _ cluster: Cluster
    ) -> Int64 {
        let committed = cluster.groups[consumption.group]?.offsets[place]
        let position = committed ?? (consumption.startsLatest ? log.end : log.start)
        if workload.begun[consumption.group, default: []].insert(place).inserted {
            for segment in log.slice(from: log.start, limit: max(0, position - log.start)) {
                _ = note(segment, partition: place.partition, group: consumption.group)
            }
        }
        return position
    }

    /// Marks records as seen by a group; returns how many of them it had seen before.
    private func note(_ segment: Segment, partition: Int, group: String) -> Int64 {
        let origin = RecordOrigin(origin: segment.origin, partition: partition)
        return workload.seen[group, default: [:]][origin, default: OffsetRanges()].insert(segment.origins)
    }
}
