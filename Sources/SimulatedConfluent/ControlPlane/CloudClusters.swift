package import SimulatorCore

package enum CloudClusterKind: String, Sendable {
    case basic = "Basic"
    case standard = "Standard"
    case enterprise = "Enterprise"
    case dedicated = "Dedicated"
    case freight = "Freight"
}

/// A Kafka cluster as cmk v2 has it.
package struct CloudCluster: Sendable {
    package struct Config: Sendable, Equatable {
        package var kind: CloudClusterKind
        var cku: Int?
        var maximalECKU: Int?
        var encryptionKey: String?
        var zones: [String] = []
        var releasePriority: String?

        package init(
            kind: CloudClusterKind, cku: Int? = nil, maximalECKU: Int? = nil, encryptionKey: String? = nil,
            zones: [String] = [], releasePriority: String? = nil
        ) {
            self.kind = kind
            self.cku = cku
            self.maximalECKU = maximalECKU
            self.encryptionKey = encryptionKey
            self.zones = zones
            self.releasePriority = releasePriority
        }
    }

    package let id: String
    let sequence: Int
    package let environment: String
    package let cloud: String
    package let region: String
    package var displayName: String
    /// As it was spelt: SINGLE_ZONE, MULTI_ZONE, LOW or HIGH.
    package var availability: String
    package var config: Config
    package var isProtected: Bool
    /// References that were given and are only shown back.
    var network: String?
    var byok: String?
    var metadata: ObjectMetadata
    /// Absent until the cluster is PROVISIONED.
    package var endpoints: KafkaEndpoints?
    /// The size in effect; with Dedicated only.
    package var currentCKU: Int?
    /// When provisioning, resizing and deletion are due; absent when they are not under way.
    package var provisioning: Milliseconds?
    var resizing: Milliseconds?
    var deletion: Milliseconds?

    /// A cluster as the control plane has it.
    package init(
        id: String, sequence: Int, environment: String, cloud: String, region: String, displayName: String,
        availability: String, config: Config, isProtected: Bool, network: String? = nil, byok: String? = nil,
        metadata: ObjectMetadata, endpoints: KafkaEndpoints? = nil, currentCKU: Int? = nil,
        provisioning: Milliseconds? = nil, resizing: Milliseconds? = nil, deletion: Milliseconds? = nil
    ) {
        self.id = id
        self.sequence = sequence
        self.environment = environment
        self.cloud = cloud
        self.region = region
        self.displayName = displayName
        self.availability = availability
        self.config = config
        self.isProtected = isProtected
        self.network = network
        self.byok = byok
        self.metadata = metadata
        self.endpoints = endpoints
        self.currentCKU = currentCKU
        self.provisioning = provisioning
        self.resizing = resizing
        self.deletion = deletion
    }
}

extension ControlPlaneEstate {
    /// A cluster of an environment; what is gone, foreign or never was looks the same.
    package func cluster(_ id: String, in environment: String?) throws(ControlPlaneRefusal) -> CloudCluster {
        guard let cluster = clusters[id], cluster.environment == environment else {
            throw .forbidden("The cluster \(id)")
        }
        return cluster
    }

    func requiredEnvironment(_ request: Request) throws(ControlPlaneRefusal) -> String {
        guard let id = request.query("environment"), !id.isEmpty else {
            throw .invalidFilter("environment", "The query parameter 'environment' is required")
        }
        guard environments[id] != nil else { throw .forbidden("The environment \(id)") }
        return id
    }

    func listClusters(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        let environment = try requiredEnvironment(request)
        let networks = request.query.filter { $0.name == "spec.network" }.map(\.value)
        let protection = request.query("spec.deletion_protection").map { $0 == "true" }
        let shown = clusters.values.filter { cluster in
            cluster.environment == environment && (networks.isEmpty || networks.contains(cluster.network ?? ""))
                && (protection == nil || protection == cluster.isProtected)
        }
        return try Pagination(request).response(
            Array(shown), sequence: \.sequence, kind: "ClusterList", version: "cmk/v2", request: request,
            base: baseURL, json: json)
    }

    func showCluster(_ id: String, _ request: Request) throws(ControlPlaneRefusal) -> Response {
        .json(json(try cluster(id, in: try requiredEnvironment(request))))
    }

    mutating func createCluster(
        _ body: JSON, using endpoints: some EndpointDirectory, in stage: inout Stage
    ) throws(ControlPlaneRefusal) -> Response {
        let spec = body["spec"] ?? [:]
        let draft = try CloudClusterDraft(spec, offers: endpoints.offers(region:))
        guard environments[draft.environment] != nil else { throw .forbidden("The environment \(draft.environment)") }
        let id = freeID("lkc-", taken: clusters, in: &stage)
        let cluster = CloudCluster(
            id: id, sequence: nextSequence(), environment: draft.environment, cloud: draft.cloud, region: draft.region,
            displayName: draft.displayName, availability: draft.availability, config: draft.config,
            isProtected: draft.isProtected, network: spec["network"]?["id"]?.string, byok: spec["byok"]?["id"]?.string,
            metadata: ObjectMetadata(created: stage.now), provisioning: stage.now + pace.kafka)
        clusters[id] = cluster
        report(.kafkaRequested(id: id, environment: cluster.environment, region: cluster.region))
        requestRegistry(for: cluster, in: &stage)
        return .json(json(cluster), status: 202)
            .located(at: baseURL + "/cmk/v2/clusters/\(id)?environment=\(cluster.environment)")
    }

    mutating func updateCluster(
        _ id: String, _ body: JSON, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        let spec = body["spec"] ?? [:]
        guard let environment = spec["environment"]?["id"]?.string else {
            throw .invalid("/spec/environment/id", "The property '/spec/environment/id' is required")
        }
        var cluster = try cluster(id, in: environment)
        try cluster.apply(spec)
        if cluster.config.cku != cluster.currentCKU, cluster.provisioning == nil, cluster.config.kind == .dedicated {
            cluster.resizing = time + pace.resize
        }
        cluster.metadata.updated = time
        clusters[id] = cluster
        return .json(json(cluster))
    }

    mutating func deleteCluster(
        _ id: String, _ request: Request, at time: Milliseconds
    ) throws(ControlPlaneRefusal) -> Response {
        let cluster = try cluster(id, in: try requiredEnvironment(request))
        guard !cluster.isProtected || ignoresProtection else { throw .protected(id) }
        guard cluster.deletion == nil else { return .empty() }
        clusters[id]?.deletion = time + pace.deletion
        clusters[id]?.metadata.deleted = time + pace.deletion
        return .empty()
    }

    package mutating func removeCluster(_ id: String) {
        clusters[id] = nil
        removeKeys { $0.resource == id }
        report(.kafkaDeleted(id: id))
    }

    mutating func advanceCluster(_ id: String, to time: Milliseconds, using directory: some EndpointDirectory) {
        guard let cluster = clusters[id] else { return }
        if let deletion = cluster.deletion, deletion <= time {
            removeCluster(id)
            return
        }
        if let due = cluster.resizing, due <= time {
            clusters[id]?.resizing = nil
            clusters[id]?.currentCKU = cluster.config.cku
        }
        guard let due = cluster.provisioning, due <= time,
            let endpoints = directory.kafka(id, region: cluster.region)
        else { return }
        clusters[id]?.provisioning = nil
        clusters[id]?.endpoints = endpoints
        clusters[id]?.currentCKU = cluster.config.cku
        report(
            .kafkaProvisioned(
                id: id, environment: cluster.environment, region: cluster.region, kind: cluster.config.kind,
                endpoints: endpoints))
    }
}

extension ControlPlaneEstate {
    private func json(_ cluster: CloudCluster) -> JSON {
        [
            "api_version": "cmk/v2", "kind": "Cluster", "id": .string(cluster.id),
            "metadata": cluster.metadata.json(
                path: "/cmk/v2/clusters/\(cluster.id)", name: resourceName(of: cluster), base: baseURL),
            "spec": spec(of: cluster), "status": status(of: cluster),
        ]
    }

    func resourceName(of cluster: CloudCluster) -> String {
        environmentName(cluster.environment) + "/cloud-cluster=\(cluster.id)/kafka=\(cluster.id)"
    }

    private func spec(of cluster: CloudCluster) -> JSON {
        let endpoints = cluster.endpoints
        var spec: JSON = [
            "display_name": .string(cluster.displayName), "availability": .string(cluster.availability),
            "cloud": .string(cluster.cloud), "region": .string(cluster.region), "config": json(cluster.config),
            "kafka_bootstrap_endpoint": JSON(endpoints.map { "SASL_SSL://" + $0.bootstrap }),
            "http_endpoint": JSON(endpoints?.rest),
        ]
        spec.append(
            "endpoints",
            endpoints.map { endpoints in
                [
                    "PUBLIC": [
                        "kafka_bootstrap_endpoint": .string(endpoints.bootstrap),
                        "http_endpoint": .string(endpoints.rest), "connection_type": "PUBLIC",
                    ]
                ]
            } ?? .null)
        spec.append("deletion_protection", JSON(cluster.isProtected))
        spec.append("environment", reference(toEnvironment: cluster.environment))
        if let network = cluster.network { spec.append("network", ["id": .string(network), "kind": "Network"]) }
        if let byok = cluster.byok { spec.append("byok", ["id": .string(byok), "kind": "Key"]) }
        return spec
    }

    private func json(_ config: CloudCluster.Config) -> JSON {
        var value: JSON = ["kind": .string(config.kind.rawValue)]
        if let cku = config.cku { value.append("cku", JSON(cku)) }
        if let ecku = config.maximalECKU { value.append("max_ecku", JSON(ecku)) }
        if let key = config.encryptionKey { value.append("encryption_key", .string(key)) }
        if !config.zones.isEmpty { value.append("zones", JSON(config.zones)) }
        if let priority = config.releasePriority { value.append("release_priority", .string(priority)) }
        return value
    }

    private func status(of cluster: CloudCluster) -> JSON {
        var status: JSON = ["phase": cluster.provisioning == nil ? "PROVISIONED" : "PROVISIONING"]
        if let cku = cluster.currentCKU { status.append("cku", JSON(cku)) }
        return status
    }
}
