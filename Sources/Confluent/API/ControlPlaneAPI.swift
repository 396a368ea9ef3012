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
        let path = RequestPath("/srcm/v3/clusters").querying("environment", environmentID)
        return try await list(path, of: RegistryClusterWire.self)
            .map { $0.observed(in: environmentID) }.sorted { $0.id < $1.id }
    }

    // MARK: Parts

    private static let environmentsPath = RequestPath("/org/v2/environments")
    private static let clustersPath = RequestPath("/cmk/v2/clusters")

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

    /// All pages of a list.
    private func list<Item: Decodable & Sendable>(
        _ path: RequestPath, of type: Item.Type
    ) async throws(TransportFailure) -> [Item] {
        var items: [Item] = []
        var seen: Set<String> = []
        var token: String?
        repeat {
            let page = path.querying("page_size", String(Self.pageSize)).querying("page_token", token)
            let call = HTTPCall(.get, page)
            let answer = try await endpoint.send(call, as: ControlPlanePage<Item>.self)
            items += answer.data ?? []
            token = try nextToken(answer.metadata?.next, seen: &seen, call)
        } while token != nil
        return items
    }

    /// The `page_token` of the URL of the next page; `nil` at the end. A URL without one, or one that comes a second
    /// time, is an error: leaving out pages would read as "does not exist".
    private func nextToken(
        _ next: String?, seen: inout Set<String>, _ call: HTTPCall
    ) throws(TransportFailure) -> String? {
        guard let next, !next.isEmpty else { return nil }
        let query = next.drop { $0 != "?" }.dropFirst()
        let item = query.split(separator: "&").first { $0.hasPrefix("page_token=") }
        guard let value = item?.dropFirst("page_token=".count), !value.isEmpty,
            let token = PercentEncoding.decoded(value)
        else { throw endpoint.failure(.malformed("metadata.next names no page_token"), call) }
        guard seen.insert(token).inserted else {
            throw endpoint.failure(.malformed("metadata.next leads in a circle"), call)
        }
        return token
    }
}
