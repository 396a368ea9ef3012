package import SimulatorCore

extension KafkaEstate {
    /// Answers a request to the Kafka REST API of a region.
    package func respond(to request: Request, site: String, in stage: inout Stage) -> Response {
        do {
            return try route(request, site: site, in: &stage)
        } catch {
            return error.response
        }
    }

    private func route(_ request: Request, site: String, in stage: inout Stage) throws(KafkaRefusal) -> Response {
        guard request.path.starts(with: ["kafka", "v3", "clusters"]) else { throw .noRoute }
        let rest = request.path.dropFirst(3)
        guard let id = rest.first, !id.isEmpty else { return listClusters(request, site: site, at: stage.now) }
        guard let cluster = clusters[id], cluster.site == site, cluster.kind != .apacheKafka else {
            guard keys.caller(of: request.credentials, on: id, at: stage.now) != nil else {
                return .html(401, "Unauthorized")
            }
            throw .notFound("Unknown cluster ID: \(id)")
        }
        guard let caller = keys.caller(of: request.credentials, on: id, at: stage.now) else {
            return cluster.kind.isCloud
                ? .html(401, "Unauthorized") : .problem(401, 40101, "Authentication failed")
        }
        let call = KafkaCall(request: request, cluster: cluster, caller: caller)
        return try route(call, Array(rest.dropFirst()), in: &stage)
    }

    private func route(
        _ call: KafkaCall, _ path: [String], in stage: inout Stage
    ) throws(KafkaRefusal) -> Response {
        guard let collection = path.first else { return try describe(call) }
        let rest = Array(path.dropFirst())
        switch collection {
        case "topics": return try topics(call, rest, in: &stage)
        case "links": return try links(call, rest, in: &stage)
        case "consumer-groups": return try groups(call, rest)
        case "acls", "acls:batch": return try acls(call, collection, rest, in: &stage)
        case "broker-configs" where call.request.method == "GET" && rest.isEmpty:
            return list("KafkaClusterConfigList", at: "\(call.cluster.base)/broker-configs", [])
        case "broker-configs", "broker-configs:alter", "brokers", "share-groups", "streams-groups":
            return .unmodelled("'\(collection)' of a Kafka cluster")
        default: throw .noRoute
        }
    }

    private func listClusters(_ request: Request, site: String, at now: Milliseconds) -> Response {
        let opened = sortedClusters.filter {
            $0.site == site && $0.kind != .apacheKafka
                && keys.caller(of: request.credentials, on: $0.id, at: now) != nil
        }
        guard let first = opened.first else { return .html(401, "Unauthorized") }
        return list("KafkaClusterList", at: "\(first.restURL)/kafka/v3/clusters", opened.map(clusterData))
    }

    private func describe(_ call: KafkaCall) throws(KafkaRefusal) -> Response {
        guard call.request.method == "GET" else { throw .wrongVerb }
        return .json(clusterData(call.cluster))
    }

    private func clusterData(_ cluster: Cluster) -> JSON {
        let base = cluster.base
        return [
            "kind": "KafkaCluster", "metadata": metadata(base, "crn:///kafka=\(cluster.id)"),
            "cluster_id": .string(cluster.id), "acls": related("\(base)/acls"),
            "brokers": related("\(base)/brokers"),
            "broker_configs": related("\(base)/broker-configs"), "consumer_groups": related("\(base)/consumer-groups"),
            "topics": related("\(base)/topics"),
            "partition_reassignments": related("\(base)/topics/-/partitions/-/reassignment"),
        ]
    }

    // MARK: Envelopes

    func metadata(_ url: String, _ resourceName: String) -> JSON {
        ["self": .string(url), "resource_name": .string(resourceName)]
    }

    func related(_ url: String) -> JSON {
        ["related": .string(url)]
    }

    func list(_ kind: String, at url: String, _ items: [JSON]) -> Response {
        list(kind, at: url, items) { $0 }
    }

    /// A list written item by item, so that a long one is never held as values and text at once.
    func list<Item>(_ kind: String, at url: String, _ items: [Item], _ describe: (Item) -> JSON) -> Response {
        var body: [UInt8] = []
        let head: JSON = ["kind": .string(kind), "metadata": ["self": .string(url), "next": nil]]
        head.write(to: &body)
        body.removeLast()
        body.append(contentsOf: ",\"data\":[".utf8)
        for (position, item) in items.enumerated() {
            if position > 0 { body.append(UInt8(ascii: ",")) }
            describe(item).write(to: &body)
        }
        body.append(contentsOf: "]}".utf8)
        return Response(status: 200, headers: [("content-type", "application/json")], body: body)
    }
}
