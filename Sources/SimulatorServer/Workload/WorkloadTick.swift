import SimulatedConfluent
import SimulatorCore

extension World {
    /// One turn of an application: reads its binding if it is time, produces what is due, consumes what there is.
    func tick(_ client: WorkloadClient) {
        guard workload.clients[client.description.name] === client else { return }
        readBinding(client)
        expireMembers()
        switch connect(client) {
        case .failure(let trouble):
            for production in client.description.productions {
                let count = client.due(production, at: stage.now)
                client.attempted[production.topic, default: 0] += count
                client.refuse(count, because: trouble.reason)
            }
            if client.description.consumption != nil { client.unread[trouble.reason, default: 0] += 1 }
        case .success(let cluster):
            for production in client.description.productions { produce(production, by: client, on: cluster) }
            if let consumption = client.description.consumption { consume(consumption, by: client, on: cluster) }
        }
        agenda.add(.client(client), at: stage.now + client.description.tick)
    }

    // MARK: Finding the cluster

    private func readBinding(_ client: WorkloadClient) {
        guard let due = client.nextRead, due <= stage.now else { return }
        client.nextRead = nil
        if case .poll(let interval) = client.description.policy { client.nextRead = stage.now + interval }
        guard let values = values(of: client.description.sources) else {
            if client.address == nil { client.nextRead = stage.now + min(1_000, client.description.tick) }
            return
        }
        client.reads += 1
        client.lastRead = stage.now
        guard values != client.values else { return }
        client.values = values
        client.address = client.description.address(in: values)
        for source in client.description.sources {
            stage.record(
                Event(
                    .clientReads(client: client.description.name, store: source.store),
                    by: .client(client.description.name)),
                at: stage.now)
        }
    }

    private func values(of sources: [any BindingSource]) -> [String: String]? {
        var all: [String: String] = [:]
        for source in sources {
            guard let values = source.values(in: self) else { return nil }
            all.merge(values) { _, last in last }
        }
        return all
    }

    private struct NoCluster: Error {
        var reason: String
    }

    private func connect(_ client: WorkloadClient) -> Result<Cluster, NoCluster> {
        func failure(_ reason: String) -> Result<Cluster, NoCluster> { .failure(NoCluster(reason: reason)) }
        guard let address = client.address else { return failure("noBinding") }
        guard let cluster = kafka.cluster(bootstrap: address.bootstrap) else { return failure("unresolvable") }
        guard isReachableByClients(cluster) else { return failure("unreachable") }
        let needsKey = cluster.kind.isCloud || address.securityProtocol?.hasPrefix("SASL") == true
        guard
            !needsKey || stage.lies.contains(.credentialsUnchecked)
                || kafka.keys.caller(of: address.credentials, on: cluster.id, at: stage.now) != nil
        else { return failure("unauthenticated") }
        return .success(cluster)
    }

    func isReachableByClients(_ cluster: Cluster) -> Bool {
        regions[cluster.site]?[.clients, .brokers] ?? .up == .up
    }

    private func principals(of client: WorkloadClient, on cluster: Cluster) -> [String] {
        guard let key = client.address?.credentials?.key else { return ["User:ANONYMOUS"] }
        return kafka.principals(ofKey: key, on: cluster)
    }

    private func isPermitted(
        _ operation: String, on type: String, _ name: String, _ client: WorkloadClient, _ cluster: Cluster
    ) -> Bool {
        kafka.permits(
            operation, on: type, name, to: principals(of: client, on: cluster), of: cluster, in: stage)
    }

    // MARK: Producing

    private func produce(_ production: ClientDescription.Production, by client: WorkloadClient, on cluster: Cluster) {
        let count = client.due(production, at: stage.now)
        guard count > 0 else { return }
        client.attempted[production.topic, default: 0] += count
        guard let topic = cluster.topics[production.topic], topic.deletionRequested == nil else {
            return client.refuse(count, because: "unknownTopic")
        }
        guard isPermitted("WRITE", on: "TOPIC", topic.name, client, cluster) else {
            return client.refuse(count, because: "denied")
        }
        guard topic.liveMirror == nil || stage.lies.contains(.mirrorsTakeRecords) else {
            return client.refuse(count, because: "mirror")
        }
        let (each, rest) = count.quotientAndRemainder(dividingBy: Int64(topic.partitionCount))
        for step in 0..<topic.partitionCount {
            let share = each + (step < rest ? 1 : 0)
            guard share > 0 else { break }
            append(share, to: topic, partition: (client.turn + step) % topic.partitionCount, by: client, on: cluster)
        }
        client.turn = (client.turn + Int(rest)) % topic.partitionCount
    }

    private func append(
        _ count: Int64, to topic: Topic, partition: Int, by client: WorkloadClient, on cluster: Cluster
    ) {
        let offset = kafka.append(
            count, to: topic, partition: partition, on: cluster, by: .client(client.description.name), in: &stage)
        guard let origin = topic.origin else { return }
        workload.noteAck(
            offset..<(offset + count), RecordOrigin(origin: origin, partition: partition), of: topic.name, by: client,
            on: cluster.id, at: stage.now)
    }
}
