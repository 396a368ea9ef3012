import Domain
import Planning
import Transport

/// Operations of Confluent Cloud's control plane that Spillway uses (org v2, cmk v2, srcm v3).
struct ControlPlaneAPI: Sendable {
    private static let pageSize = 99

    let endpoint: HTTPEndpoint

    // MARK: Environments

    /// Ids of the organizations the key sees: one.
    func organizations() async throws(TransportFailure) -> [String] {
        try await list(RequestPath("/org/v2/organizations"), of: OrganizationWire.self).map(\.id)
    }

    func environments() async throws(TransportFailure) -> [ObservedEnvironment] {
        try await list(Self.environmentsPath, of: EnvironmentWire.self).map(\.observed).sorted { $0.id < $1.id }
    }

    /// The environments as far as the list can be read.
    func seenEnvironments() async throws(TransportFailure) -> SeenRows<ObservedEnvironment> {
        try await lenientList(Self.environmentsPath, of: EnvironmentWire.self).map(\.observed)
    }

    func environment(_ id: String) async throws(TransportFailure) -> ObservedEnvironment {
        try await endpoint.get(Self.environmentsPath.appending(id), as: EnvironmentWire.self).observed
    }

    func createEnvironment(
        displayName: String, governance: GovernancePackage?
    ) async throws(TransportFailure) -> ObservedEnvironment {
        let call = try body(Self.environment(displayName, governance), HTTPCall(.post, Self.environmentsPath))
        return try await endpoint.send(call, as: EnvironmentWire.self).observed
    }

    func updateEnvironment(
        _ id: String, displayName: String?, governance: GovernancePackage?
    ) async throws(TransportFailure) {
        let call = HTTPCall(.patch, Self.environmentsPath.appending(id)).repeatable()
        _ = try await endpoint.send(try body(Self.environment(displayName, governance), call))
    }

    /// Deletes an environment and everything inside.
    func deleteEnvironment(_ id: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.delete, Self.environmentsPath.appending(id)))
    }

    // MARK: Clusters

    func clusters(in environmentID: String) async throws(TransportFailure) -> [ObservedCluster] {
        try await list(Self.clustersPath.querying("environment", environmentID), of: ClusterWire.self)
            .map { $0.observed(in: environmentID) }.sorted { $0.id < $1.id }
    }

    /// The clusters of an environment as far as the list can be read.
    func seenClusters(in environmentID: String) async throws(TransportFailure) -> SeenRows<ObservedCluster> {
        try await lenientList(Self.clustersPath.querying("environment", environmentID), of: ClusterWire.self)
            .map { $0.observed(in: environmentID) }
    }

    func cluster(_ id: String, in environmentID: String) async throws(TransportFailure) -> ObservedCluster {
        let path = Self.clustersPath.appending(id).querying("environment", environmentID)
        return try await endpoint.get(path, as: ClusterWire.self).observed(in: environmentID)
    }

    func createCluster(
        _ creation: ClusterCreation, in environmentID: String
    ) async throws(TransportFailure) -> ObservedCluster {
        var spec = ControlPlaneBody.ClusterSpec(environment: WireReference(id: environmentID))
        spec.displayName = creation.displayName
        spec.availability = Self.word(creation.availability, for: creation.type)
        spec.cloud = creation.cloud
        spec.region = creation.region
        spec.config = ControlPlaneBody.Config(
            kind: creation.type.rawValue, cku: creation.type == .dedicated ? creation.cku ?? 1 : nil,
            maxEcku: creation.maxEcku)
        spec.network = creation.network.map(WireReference.init)
        spec.byok = creation.byok.map(WireReference.init)
        spec.deletionProtection = creation.deletionProtection
        let call = try body(ControlPlaneBody.Cluster(spec: spec), HTTPCall(.post, Self.clustersPath))
        return try await endpoint.send(call, as: ClusterWire.self).observed(in: environmentID)
    }

    func updateCluster(
        _ id: String, in environmentID: String, _ update: ClusterUpdate, type: ClusterType
    ) async throws(TransportFailure) {
        var spec = ControlPlaneBody.ClusterSpec(environment: WireReference(id: environmentID))
        spec.displayName = update.displayName
        spec.availability = update.availability.map { Self.word($0, for: update.type ?? type) }
        spec.deletionProtection = update.deletionProtection
        if update.cku != nil || update.maxEcku != nil || update.type != nil {
            spec.config = ControlPlaneBody.Config(
                kind: (update.type ?? type).rawValue, cku: update.cku, maxEcku: update.maxEcku)
        }
        let call = HTTPCall(.patch, Self.clustersPath.appending(id)).repeatable()
        _ = try await endpoint.send(try body(ControlPlaneBody.Cluster(spec: spec), call))
    }

    /// Asks for deletion; the cluster goes away later.
    func deleteCluster(_ id: String, in environmentID: String) async throws(TransportFailure) {
        let path = Self.clustersPath.appending(id).querying("environment", environmentID)
        _ = try await endpoint.send(HTTPCall(.delete, path))
    }

    // MARK: Registries

    /// The environment's Schema Registry: none or one.
    func registries(in environmentID: String) async throws(TransportFailure) -> [ObservedRegistry] {
        try await list(Self.registriesPath.querying("environment", environmentID), of: RegistryClusterWire.self)
            .map { $0.observed(in: environmentID) }.sorted { $0.id < $1.id }
    }

    /// The environment's Schema Registry as far as the list can be read.
    func seenRegistries(in environmentID: String) async throws(TransportFailure) -> SeenRows<ObservedRegistry> {
        try await lenientList(Self.registriesPath.querying("environment", environmentID), of: RegistryClusterWire.self)
            .map { $0.observed(in: environmentID) }
    }

    func registry(_ id: String, in environmentID: String) async throws(TransportFailure) -> ObservedRegistry {
        let path = Self.registriesPath.appending(id).querying("environment", environmentID)
        return try await endpoint.get(path, as: RegistryClusterWire.self).observed(in: environmentID)
    }

    // MARK: Parts

    private static let environmentsPath = RequestPath("/org/v2/environments")
    private static let clustersPath = RequestPath("/cmk/v2/clusters")
    private static let registriesPath = RequestPath("/srcm/v3/clusters")

    private static func environment(
        _ displayName: String?, _ governance: GovernancePackage?
    ) -> ControlPlaneBody.Environment {
        ControlPlaneBody.Environment(
            displayName: displayName, governance: governance.map { .init(package: $0.rawValue) })
    }

    /// eCKU-billed kinds take the newer spelling of availability.
    private static func word(_ availability: Availability, for type: ClusterType) -> String {
        guard type != .dedicated else { return availability.rawValue }
        return availability == .singleZone ? "LOW" : "HIGH"
    }

    private func body(_ value: some Encodable, _ call: HTTPCall) throws(TransportFailure) -> HTTPCall {
        try endpoint.encoding(value, into: call)
    }

    private func list<Item: Decodable & Sendable>(
        _ path: RequestPath, of type: Item.Type
    ) async throws(TransportFailure) -> [Item] {
        try await endpoint.items(path.querying("page_size", String(Self.pageSize)), of: type)
    }

    /// The rows of a list that can be read, and whether those are all.
    private func lenientList<Item: Decodable & Sendable>(
        _ path: RequestPath, of type: Item.Type
    ) async throws(TransportFailure) -> SeenRows<Item> {
        let rows = try await list(path, of: LenientRow<Item>.self)
        let items = rows.compactMap(\.item)
        return SeenRows(items: items, unreadable: rows.count - items.count)
    }
}

/// What could be read of a list.
struct SeenRows<Item: Sendable>: Sendable {
    let items: [Item]
    /// How many rows could not be read.
    let unreadable: Int

    func map<Other: Sendable>(_ transform: (Item) -> Other) -> SeenRows<Other> {
        SeenRows<Other>(items: items.map(transform), unreadable: unreadable)
    }
}
