package import SimulatorCore

/// A Schema Registry cluster as srcm v3 has it: one per environment, made with its first Kafka cluster.
package struct RegistryCluster: Sendable {
    package let id: String
    let sequence: Int
    package let environment: String
    package let cloud: String
    package let region: String
    var metadata: ObjectMetadata
    /// Absent until it is PROVISIONED.
    package var url: String?
    /// When provisioning is due; absent when it is done.
    package var provisioning: Milliseconds?

    /// A registry as the control plane has it.
    package init(
        id: String, sequence: Int, environment: String, cloud: String, region: String, metadata: ObjectMetadata,
        url: String? = nil, provisioning: Milliseconds? = nil
    ) {
        self.id = id
        self.sequence = sequence
        self.environment = environment
        self.cloud = cloud
        self.region = region
        self.metadata = metadata
        self.url = url
        self.provisioning = provisioning
    }
}

extension ControlPlaneEstate {
    mutating func requestRegistry(for cluster: CloudCluster, in stage: inout Stage) {
        guard !registries.values.contains(where: { $0.environment == cluster.environment }) else { return }
        let id = freeID("lsrc-", taken: registries, in: &stage)
        registries[id] = RegistryCluster(
            id: id, sequence: nextSequence(), environment: cluster.environment, cloud: cluster.cloud,
            region: cluster.region, metadata: ObjectMetadata(created: stage.now),
            provisioning: stage.now + pace.registry)
        report(.registryRequested(id: id, environment: cluster.environment, region: cluster.region))
    }

    mutating func advanceRegistry(_ id: String, to time: Milliseconds, using directory: some EndpointDirectory) {
        guard let registry = registries[id], let due = registry.provisioning, due <= time,
            let url = directory.registry(id, region: registry.region)
        else { return }
        registries[id]?.provisioning = nil
        registries[id]?.url = url
        report(.registryProvisioned(id: id, environment: registry.environment, region: registry.region, url: url))
    }

    func listRegistries(_ request: Request) throws(ControlPlaneRefusal) -> Response {
        let environment = try requiredEnvironment(request)
        return try Pagination(request).response(
            registries.values.filter { $0.environment == environment }, sequence: \.sequence, kind: "ClusterList",
            version: "srcm/v3", request: request, base: baseURL, json: json)
    }

    func showRegistry(_ id: String, _ request: Request) throws(ControlPlaneRefusal) -> Response {
        let environment = try requiredEnvironment(request)
        guard let registry = registries[id], registry.environment == environment else {
            throw .forbidden("The Schema Registry cluster \(id)")
        }
        return .json(json(registry))
    }

    func resourceName(of registry: RegistryCluster) -> String {
        environmentName(registry.environment) + "/schema-registry=\(registry.id)"
    }

    private func json(_ registry: RegistryCluster) -> JSON {
        let package = environments[registry.environment]?.package ?? .essentials
        return [
            "api_version": "srcm/v3", "kind": "Cluster", "id": .string(registry.id),
            "metadata": registry.metadata.json(
                path: "/srcm/v3/clusters/\(registry.id)", name: resourceName(of: registry), base: baseURL),
            "spec": [
                "display_name": "Stream Governance Package", "package": .string(package.rawValue),
                "http_endpoint": JSON(registry.url), "catalog_http_endpoint": JSON(registry.url),
                "cloud": .string(registry.cloud), "region": .string(registry.region),
                "environment": reference(toEnvironment: registry.environment),
            ],
            "status": ["phase": registry.provisioning == nil ? "PROVISIONED" : "PROVISIONING"],
        ]
    }
}
