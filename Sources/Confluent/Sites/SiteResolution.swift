public import Domain

/// Finds ids and endpoints of every site of a workspace: what a manifest declares, what the control plane lists now,
/// and, only where the control plane is silent, what was remembered.
///
/// A display name that two live objects have resolves to neither.
public struct SiteResolution: Sendable {
    private let workspace: Workspace
    private let controlPlanes: [String: Reach<ControlPlaneSnapshot>]
    private let recorded: KnownSites

    /// A resolution.
    ///
    /// - Parameters:
    ///   - workspace: What the manifests declare.
    ///   - controlPlanes: What control planes tell, by connection; a connection that is missing has not answered yet.
    ///   - recorded: What was remembered.
    public init(
        workspace: Workspace, controlPlanes: [String: Reach<ControlPlaneSnapshot>], recorded: KnownSites
    ) {
        self.workspace = workspace
        self.controlPlanes = controlPlanes
        self.recorded = recorded
    }

    /// Every site that is known.
    public var sites: KnownSites {
        var sites = KnownSites()
        for name in workspace.clusters.keys {
            let answered = recorded.clusters[name]?.lastAnswered
            sites.clusters[name] = cluster(name).site?.known(lastAnswered: answered)
        }
        for name in workspace.environments.keys {
            sites.environments[name] = environment(name).site
        }
        return sites
    }

    // MARK: Environments

    /// Where an environment and its registry are.
    public func environment(_ name: String) -> SiteFinding<KnownSites.Environment> {
        guard let spec = workspace.environments[name] else { return .unknown(reason: "it is not declared") }
        let declared = spec.schemaRegistry.endpoint.map(Addresses.base)
        guard let connection = spec.connection else {
            let answered = recorded.environments[name]?.lastAnswered
            return .known(KnownSites.Environment(id: spec.id, registryEndpoint: declared, lastAnswered: answered))
        }
        guard let snapshot = controlPlanes[connection]?.snapshot else {
            return rememberedEnvironment(name, spec, declared, connection)
        }
        return listedEnvironment(spec, in: snapshot).map { environment in
            let registry = snapshot.registries.first { $0.environmentID == environment.id }
            return KnownSites.Environment(
                id: environment.id, registryID: registry?.id,
                registryEndpoint: declared ?? (registry?.isReady == true ? registry?.endpoint : nil),
                lastAnswered: recorded.environments[name]?.lastAnswered)
        }
    }

    private func rememberedEnvironment(
        _ name: String, _ spec: EnvironmentSpec, _ declared: String?, _ connection: String
    ) -> SiteFinding<KnownSites.Environment> {
        let remembered = recorded.environments[name].flatMap { spec.id == nil || spec.id == $0.id ? $0 : nil }
        guard remembered != nil || spec.id != nil || declared != nil else {
            return .unknown(reason: silence(of: connection))
        }
        var site = remembered ?? KnownSites.Environment(id: spec.id)
        site.registryEndpoint = declared ?? site.registryEndpoint
        return .known(site)
    }

    private func listedEnvironment(
        _ spec: EnvironmentSpec, in snapshot: ControlPlaneSnapshot
    ) -> SiteFinding<ObservedEnvironment> {
        if let id = spec.id {
            return snapshot.environments.first { $0.id == id }.map(SiteFinding.known) ?? .absent
        }
        let named = snapshot.environments.filter { $0.displayName == spec.displayName }
        return Self.one(of: named, what: "environments", name: spec.displayName, ids: named.map(\.id))
    }

    // MARK: Clusters

    /// Where a cluster is.
    public func cluster(_ name: String) -> SiteFinding<ClusterLocation> {
        guard let spec = workspace.clusters[name] else { return .unknown(reason: "it is not declared") }
        let environment = spec.environment.flatMap { workspace.environments[$0] }
        guard let environment, let connection = environment.connection, spec.type.isCloud else {
            return .known(declaredLocation(spec))
        }
        guard let snapshot = controlPlanes[connection]?.snapshot else {
            return rememberedCluster(name, spec, connection)
        }
        switch listedCluster(spec, environment, in: snapshot) {
        case .absent: return .absent
        case .unknown(let reason): return .unknown(reason: reason)
        case .known(let cluster): return location(of: spec, cluster)
        }
    }

    private func declaredLocation(_ spec: ClusterSpec) -> ClusterLocation {
        let remembered = recorded.clusters[spec.name]
        let isSame = remembered?.restEndpoint == spec.restEndpoint.map(Addresses.base)
        let bootstrap = spec.bootstrapServers.map(Addresses.bootstrap)
        return ClusterLocation(
            id: spec.id ?? (isSame ? remembered?.id : nil), restEndpoint: spec.restEndpoint.map(Addresses.base),
            bootstrapServers: bootstrap, clientBootstrapServers: bootstrap, region: spec.region)
    }

    private func rememberedCluster(
        _ name: String, _ spec: ClusterSpec, _ connection: String
    ) -> SiteFinding<ClusterLocation> {
        let remembered = recorded.clusters[name].flatMap { spec.id == nil || spec.id == $0.id ? $0 : nil }
        let declared = declaredLocation(spec)
        let location = ClusterLocation(
            id: spec.id ?? remembered?.id, environmentID: remembered?.environmentID,
            restEndpoint: declared.restEndpoint ?? remembered?.restEndpoint,
            bootstrapServers: declared.bootstrapServers ?? remembered?.bootstrapServers,
            clientBootstrapServers: declared.clientBootstrapServers ?? remembered?.clientBootstrapServers,
            region: remembered?.region ?? spec.region)
        guard location.id != nil, location.restEndpoint != nil else {
            return .unknown(reason: silence(of: connection))
        }
        return .known(location)
    }

    private func listedCluster(
        _ spec: ClusterSpec, _ environment: EnvironmentSpec, in snapshot: ControlPlaneSnapshot
    ) -> SiteFinding<ObservedCluster> {
        switch listedEnvironment(environment, in: snapshot) {
        case .absent: return .absent
        case .unknown(let reason): return .unknown(reason: reason)
        case .known(let environment):
            let clusters = snapshot.clusters.filter { $0.environmentID == environment.id }
            if let id = spec.id {
                return clusters.first { $0.id == id }.map(SiteFinding.known) ?? .absent
            }
            let named = clusters.filter { $0.displayName == spec.displayName }
            return Self.one(of: named, what: "clusters", name: spec.displayName, ids: named.map(\.id))
        }
    }

    /// Where a listed cluster is reached.
    func location(of spec: ClusterSpec, _ cluster: ObservedCluster) -> SiteFinding<ClusterLocation> {
        let declared = declaredLocation(spec)
        let wanted = spec.accessPoint
        let point = cluster.accessPoint(wanted)
        if point == nil, declared.restEndpoint == nil {
            if cluster.accessPoints.isEmpty {
                return .unknown(reason: "\(cluster.id) is \(cluster.phase.word) and has no endpoints yet")
            }
            let there = cluster.accessPoints.map(\.id).joined(separator: ", ")
            return .unknown(
                reason: wanted.map { "\(cluster.id) has no access point \($0); it has \(there)" }
                    ?? "\(cluster.id) has several access points and none is PUBLIC: \(there)")
        }
        let clients = spec.clientAccessPoint.map { cluster.accessPoint($0) } ?? point
        return .known(
            ClusterLocation(
                id: cluster.id, environmentID: cluster.environmentID,
                restEndpoint: declared.restEndpoint ?? point.map { Addresses.cloudKafkaBase($0.restEndpoint) },
                bootstrapServers: declared.bootstrapServers ?? point?.bootstrapServers,
                clientBootstrapServers: spec.clientAccessPoint == nil
                    ? declared.clientBootstrapServers ?? clients?.bootstrapServers : clients?.bootstrapServers,
                region: cluster.region.isEmpty ? spec.region : cluster.region))
    }

    // MARK: Parts

    private func silence(of connection: String) -> String {
        "its endpoint is not known and control plane \(connection) is "
            + (controlPlanes[connection]?.silence ?? "not answering")
    }

    private static func one<Item>(
        of items: [Item], what: String, name: String, ids: [String]
    ) -> SiteFinding<Item> {
        guard let first = items.first else { return .absent }
        guard items.count == 1 else {
            let listed = ids.sorted().joined(separator: ", ")
            return .unknown(reason: "\(items.count) \(what) are named \(name): \(listed); say which with id")
        }
        return .known(first)
    }
}

extension SiteFinding {
    func map<Other>(_ transform: (Site) -> Other) -> SiteFinding<Other> {
        switch self {
        case .known(let site): .known(transform(site))
        case .absent: .absent
        case .unknown(let reason): .unknown(reason: reason)
        }
    }
}

extension ObservedCluster {
    /// The access point of a name; without a name the only one, or `PUBLIC` of several.
    func accessPoint(_ name: String?) -> AccessPoint? {
        if let name { return accessPoints.first { $0.id == name } }
        return accessPoints.count == 1 ? accessPoints.first : accessPoints.first { $0.id == "PUBLIC" }
    }
}

extension ObservedRegistry {
    /// Whether it can be asked.
    var isReady: Bool { phase == .provisioned && endpoint != nil }
}

extension ProvisioningPhase {
    /// The wire's word.
    var word: String {
        switch self {
        case .provisioning: "PROVISIONING"
        case .provisioned: "PROVISIONED"
        case .failed: "FAILED"
        case .other(let word): word
        }
    }
}
