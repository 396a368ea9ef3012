import SimulatedConfluent
import SimulatorCore

extension World {
    /// Puts objects into the world as if they had been there for long: nothing has to be provisioned.
    func seed(_ body: JSON?) async -> Response {
        guard let body, body.members != nil else { return .problem(400, 400, "An estate is a JSON object.") }
        do {
            for environment in body["environments"]?.array ?? [] { try seed(environment: environment) }
            for registry in body["registries"]?.array ?? [] { try seed(registry: registry, environment: "") }
            for key in body["keys"]?.array ?? [] { try seed(key: key) }
            for cluster in body["clusters"]?.array ?? [] { openRegion(try text(cluster, "region")) }
            follow()
            await settled()
            for cluster in body["clusters"]?.array ?? [] { try seed(cluster: cluster) }
            finishRegistries()
        } catch {
            return .problem(400, 400, "The estate lacks \(error.what).")
        }
        advance()
        return .json(
            ["clusters": JSON(kafka.clusters.count), "registries": JSON(registries.registries.count)], status: 201)
    }

    private struct Missing: Error {
        var what: String
    }

    private func text(_ json: JSON, _ name: String) throws(Missing) -> String {
        guard let text = json[name]?.string else {
            throw Missing(what: "'\(name)' in \(String(decoding: json.bytes.prefix(80), as: UTF8.self))")
        }
        return text
    }

    // MARK: Control plane

    private func seed(environment json: JSON) throws(Missing) {
        let id = try text(json, "id")
        guard controlPlane.environments[id] == nil else { return }
        let package = json["package"]?.string.flatMap(GovernancePackage.init(rawValue:)) ?? .advanced
        controlPlane.environments[id] = Environment(
            id: id, sequence: controlPlane.nextSequence(), displayName: json["display_name"]?.string ?? id,
            package: package, metadata: ObjectMetadata(created: stage.now))
        if let registry = json["registry"] { try seed(registry: registry, environment: id) }
    }

    private func seed(registry json: JSON, environment: String) throws(Missing) {
        let id = try text(json, "id")
        let region = try text(json, "region")
        openRegion(region)
        open(directory.assignListener(registry: id, region: region))
        registries.add(id: id, environment: environment, site: region)
        guard !environment.isEmpty else { return }
        controlPlane.registries[id] = RegistryCluster(
            id: id, sequence: controlPlane.nextSequence(), environment: environment, cloud: "AWS", region: region,
            metadata: ObjectMetadata(created: stage.now))
    }

    /// Fills in the addresses of seeded registries, once their sockets listen.
    private func finishRegistries() {
        for (id, registry) in controlPlane.registries where registry.provisioning == nil && registry.url == nil {
            controlPlane.registries[id]?.url = directory.registry(id, region: registry.region)
        }
    }

    private func seed(key json: JSON) throws(Missing) {
        let grant = KeyRing.Grant(
            secret: try text(json, "secret"), resource: try text(json, "resource"),
            owner: json["owner"]?.string ?? "sa-seeded", activeFrom: stage.now)
        controlPlane.ring.add(try text(json, "id"), grant)
    }

    // MARK: Kafka

    private func seed(cluster json: JSON) throws(Missing) {
        let id = try text(json, "id")
        let region = try text(json, "region")
        guard let kind = Cluster.Kind(rawValue: try text(json, "kind")) else {
            throw Missing(what: "a known kind of cluster \(id)")
        }
        let cluster =
            kafka.clusters[id]
            ?? Cluster(
                id: id, displayName: json["display_name"]?.string ?? id, kind: kind, site: region,
                bootstrap: json["bootstrap"]?.string ?? directory.bootstrap(of: id, region: region),
                restURL: directory.url(.kafka(region: region)) ?? "")
        if kafka.clusters[id] == nil {
            add(cluster)
            if kind.isCloud { try register(cluster, json) } else { createInternalTopics(on: cluster) }
        }
        for topic in json["topics"]?.array ?? [] { try seed(topic: topic, on: cluster) }
        for group in json["groups"]?.array ?? [] { try seed(group: group, on: cluster) }
        for binding in json["acls"]?.array ?? [] {
            guard let binding = AclBinding(binding) else { throw Missing(what: "a complete ACL of cluster \(id)") }
            kafka.add(binding, to: cluster, by: .operator, in: &stage)
        }
    }

    /// What brokers that people run themselves show among their topics.
    func createInternalTopics(on cluster: Cluster) {
        let names = ["__consumer_offsets"] + (cluster.kind == .confluentPlatform ? ["_confluent-link-metadata"] : [])
        for name in names {
            kafka.createTopic(
                name, partitions: 50, replicationFactor: 3, configs: ["cleanup.policy": "compact"], isInternal: true,
                on: cluster, in: &stage)
        }
    }

    /// Makes the control plane know a seeded cluster.
    private func register(_ cluster: Cluster, _ json: JSON) throws(Missing) {
        guard let kind = CloudClusterKind(rawValue: cluster.kind.rawValue) else { return }
        let environment = try text(json, "environment")
        let size = kind == .dedicated ? Int(json["cku"]?.int ?? 1) : nil
        controlPlane.clusters[cluster.id] = CloudCluster(
            id: cluster.id, sequence: controlPlane.nextSequence(), environment: environment,
            cloud: json["cloud"]?.string ?? "AWS", region: cluster.site, displayName: cluster.displayName,
            availability: json["availability"]?.string ?? "SINGLE_ZONE",
            config: CloudCluster.Config(kind: kind, cku: size), isProtected: false,
            metadata: ObjectMetadata(created: stage.now),
            endpoints: KafkaEndpoints(rest: cluster.restURL, bootstrap: cluster.bootstrap), currentCKU: size)
    }

    /// One topic, or `count` topics named `name` with a number of six digits.
    private func seed(topic json: JSON, on cluster: Cluster) throws(Missing) {
        let name = try text(json, "name")
        let (count, partitions) = (json["count"]?.int ?? 1, json["partitions"]?.int ?? 6)
        guard count <= Self.mostPartitions / max(1, partitions) else {
            throw Missing(what: "a size of '\(name)' that can be held: at most \(Self.mostPartitions) partitions")
        }
        let names = json["count"]?.int.map { count in (0..<count).map { "\(name)\(Self.sixDigits($0))" } } ?? [name]
        var configs: [String: String] = [:]
        for member in json["configs"]?.members ?? [] { configs[member.name] = member.value.string }
        for name in names where cluster.topics[name] == nil {
            let topic = kafka.createTopic(
                name, partitions: max(1, Int(json["partitions"]?.int ?? 6)),
                replicationFactor: Int(json["replication_factor"]?.int ?? 3), configs: configs,
                isInternal: json["internal"]?.bool ?? false, on: cluster, in: &stage)
            guard let records = json["records"]?.int, records > 0 else { continue }
            for partition in 0..<topic.partitionCount {
                kafka.append(records, to: topic, partition: partition, on: cluster, by: .operator, in: &stage)
            }
        }
    }

    private static let mostPartitions: Int64 = 10_000_000

    private static func sixDigits(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }

    private func seed(group json: JSON, on cluster: Cluster) throws(Missing) {
        let name = try text(json, "id")
        cluster.groups[name, default: ConsumerGroup()].state = json["state"]?.string ?? "EMPTY"
        for offset in json["offsets"]?.array ?? [] {
            let place = TopicPartition(topic: try text(offset, "topic"), partition: Int(offset["partition"]?.int ?? 0))
            kafka.commit(
                offset["offset"]?.int ?? 0, of: place, by: name, on: cluster, actor: .client(name), in: &stage)
        }
    }

    // MARK: Load

    /// Appends records by number, to one partition or evenly to all, as a client's producer would.
    package func produce(_ body: JSON?) -> Response {
        guard let cluster = body?["cluster"]?.string.flatMap({ kafka.clusters[$0] }),
            let topic = body?["topic"]?.string.flatMap({ cluster.topics[$0] }), let count = body?["count"]?.int,
            count > 0
        else { return .problem(404, 404, "Produce needs a known cluster and topic, and a count.") }
        if topic.liveMirror != nil, !stage.lies.contains(.mirrorsTakeRecords) {
            return .problem(409, 409, "Cannot append records to read-only mirror topic '\(topic.name)'.")
        }
        let asked = body?["partition"]?.int.map(Int.init)
        guard asked.map({ (0..<topic.partitionCount).contains($0) }) ?? true else {
            return .problem(404, 40402, "Partition not found.")
        }
        let partitions = asked.map { [$0] } ?? Array(0..<topic.partitionCount)
        let actor = Event.Actor.client(body?["client"]?.string ?? "load")
        guard partitions.allSatisfy({ !topic.end($0).addingReportingOverflow(count).overflow }) else {
            return .problem(400, 400, "The offsets of '\(topic.name)' would pass the largest number.")
        }
        let (each, rest) = count.quotientAndRemainder(dividingBy: Int64(partitions.count))
        for (position, partition) in partitions.enumerated() {
            let share = each + (position < rest ? 1 : 0)
            guard share > 0 else { continue }
            kafka.append(
                share, to: topic, partition: partition, on: cluster, by: actor,
                acknowledged: body?["acknowledged"]?.bool ?? true, in: &stage)
        }
        return .json(["ends": .array((0..<topic.partitionCount).map { JSON(topic.end($0)) })])
    }

    /// What a partition holds: its segments, and the payloads that are known.
    func records(_ path: [String]) -> Response {
        guard let cluster = kafka.clusters[path[1]], let topic = cluster.topics[path[2]], let partition = Int(path[3]),
            (0..<topic.partitionCount).contains(partition)
        else { return .problem(404, 404, "There is no such partition.") }
        let log = topic.log(partition)
        let segments = log.segments.map { segment -> JSON in
            let origin = kafka.origins[segment.origin]
            return [
                "origin": .string(origin.cluster), "topic": .string(origin.topic), "offset": JSON(segment.originOffset),
                "count": JSON(segment.length), "acknowledged": JSON(segment.isAcknowledged),
            ]
        }
        let payloads = kafka.payloads.payloads(in: log, partition: partition).map { offset, payload -> JSON in
            [
                "offset": JSON(offset), "key": payload.key ?? .null, "value": payload.value ?? .null,
                "headers": payload.headers ?? [], "timestamp": JSON(payload.timestamp),
            ]
        }
        return .json([
            "start": JSON(log.start), "end": JSON(log.end), "segments": .array(segments), "records": .array(payloads),
        ])
    }
}
