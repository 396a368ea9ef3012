package import Domain

/// Finds ids and endpoints of every site of a workspace: what a manifest declares, what the control plane lists now,
/// and, only where the control plane or its list is silent, what was remembered.
///
/// A display name that two live objects have resolves to neither, and one that is known by its id to no namesake.
package struct SiteResolution: Sendable {
    private let workspace: Workspace
    private let controlPlanes: [String: Reach<ControlPlaneSnapshot>]
    private let recorded: KnownSites
    private let identities: SiteIdentities

    /// A resolution.
    ///
    /// - Parameters:
    ///   - workspace: What the manifests declare.
    ///   - controlPlanes: What control planes tell, by connection; a connection that is missing has not answered yet.
    ///   - recorded: What the ledger owns, and what was remembered.
    package init(
        workspace: Workspace, controlPlanes: [String: Reach<ControlPlaneSnapshot>], recorded: Recorded
    ) {
        self.workspace = workspace
        self.controlPlanes = controlPlanes
        self.recorded = recorded.sites
        self.identities = SiteIdentities(workspace, recorded)
    }

    package var sites: KnownSites {
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
    package func environment(_ name: String) -> SiteFinding<KnownSites.Environment> {
        guard let spec = workspace.environments[name] else { return .unknown(reason: "it is not declared") }
        let declared = spec.schemaRegistry.endpoint.map(Addresses.base)
        guard let connection = spec.connection else {
            let answered = recorded.environments[name]?.lastAnswered
            return .known(KnownSites.Environment(id: spec.id, registryEndpoint: declared, lastAnswered: answered))
        }
        guard let snapshot = controlPlanes[connection]?.snapshot else {
            return rememberedEnvironment(name, declared) ?? .unknown(reason: silence(of: connection))
        }
        switch snapshot.match(spec, knownID: identities.environments[name]) {
        case .found(let environment): return .known(site(of: environment, name, declared, in: snapshot))
        case .absent: return .absent
        case .unseen(let gap): return rememberedEnvironment(name, declared) ?? .hidden(gap)
        case .ambiguous(let ids): return .unknown(reason: Self.ambiguity("environments", spec.displayName, ids))
        case .namesake(let ids, let known): return .unknown(reason: Self.namesakes(ids, of: known, spec.displayName))
        case .misplaced(let environment, _): return .unknown(reason: "\(environment.id) is somewhere else")
        }
    }

    /// What was remembered of an environment, while it is not told; `nil` when that is nothing.
    private func rememberedEnvironment(_ name: String, _ declared: String?) -> SiteFinding<KnownSites.Environment>? {
        let id = identities.environments[name]
        let remembered = recorded.environments[name].flatMap { id == nil || id == $0.id ? $0 : nil }
        guard remembered != nil || id != nil || declared != nil else { return nil }
        var site = remembered ?? KnownSites.Environment(id: id)
        site.registryEndpoint = declared ?? site.registryEndpoint
        return .known(site)
    }

    private func site(
        of environment: ObservedEnvironment, _ name: String, _ declared: String?, in snapshot: ControlPlaneSnapshot
    ) -> KnownSites.Environment {
        let remembered = recorded.environments[name].flatMap { $0.id == environment.id ? $0 : nil }
        let registry = snapshot.registry(of: environment.id, knownID: remembered?.registryID)
        let told: (id: String?, endpoint: String?) =
            switch registry {
            case .found(let registry): (registry.id, registry.isReady ? registry.endpoint : nil)
            case .unseen: (remembered?.registryID, remembered?.registryEndpoint)
            default: (nil, nil)
            }
        return KnownSites.Environment(
            id: environment.id, registryID: told.id, registryEndpoint: declared ?? told.endpoint,
            lastAnswered: recorded.environments[name]?.lastAnswered)
    }

    /// Why the registry of an environment that is known cannot be asked.
    func missingRegistry(_ name: String) -> SiteFinding<KnownSites.Environment> {
        guard let connection = workspace.environments[name]?.connection else {
            return .unknown(reason: "no endpoint is declared")
        }
        guard let snapshot = controlPlanes[connection]?.snapshot, let site = environment(name).site, let id = site.id
        else { return .unknown(reason: silence(of: connection)) }
        switch snapshot.registry(of: id, knownID: recorded.environments[name]?.registryID) {
        case .found(let registry) where registry.phase == .failed:
            return .hidden(.broken(reason: "provisioning of Schema Registry \(registry.id) has failed"))
        case .found(let registry):
            return .beingMade(reason: "Schema Registry \(registry.id) is \(registry.phase.word)")
        case .unseen(let gap): return .hidden(gap)
        default: return .absent
        }
    }

    // MARK: Clusters

    package func cluster(_ name: String) -> SiteFinding<ClusterLocation> {
        guard let spec = workspace.clusters[name] else { return .unknown(reason: "it is not declared") }
        let environment = spec.environment.flatMap { workspace.environments[$0] }
        guard let environment, let connection = environment.connection, spec.type.isCloud else {
            return .known(declaredLocation(spec))
        }
        guard let snapshot = controlPlanes[connection]?.snapshot else {
            return rememberedCluster(spec) ?? .unknown(reason: silence(of: connection))
        }
        let environmentID: String
        switch snapshot.match(environment, knownID: identities.environments[environment.name]) {
        case .found(let environment): environmentID = environment.id
        case .absent: return .absent
        case .unseen(let gap):
            guard let id = identities.environments[environment.name] else { return .hidden(gap) }
            environmentID = id
        case .ambiguous, .namesake, .misplaced:
            return .unknown(reason: "which environment \(environment.name) is, is not clear")
        }
        switch snapshot.match(spec, environmentID: environmentID, knownID: identities.clusters[name]) {
        case .found(let cluster): return location(of: spec, cluster)
        case .absent: return .absent
        case .unseen(let gap): return rememberedCluster(spec) ?? .hidden(gap)
        case .ambiguous(let ids): return .unknown(reason: Self.ambiguity("clusters", spec.displayName, ids))
        case .namesake(let ids, let known): return .unknown(reason: Self.namesakes(ids, of: known, spec.displayName))
        case .misplaced(let cluster, let environmentID):
            return .unknown(reason: "\(cluster.id) is in environment \(environmentID)")
        }
    }

    /// A cluster without a control plane is the one of its id, else the one that answered last, wherever its endpoint is
    /// now.
    private func declaredLocation(_ spec: ClusterSpec) -> ClusterLocation {
        let bootstrap = spec.bootstrapServers.map(Addresses.bootstrap)
        return ClusterLocation(
            id: identities.clusters[spec.name], restEndpoint: spec.restEndpoint.map(Addresses.base),
            bootstrapServers: bootstrap, clientBootstrapServers: bootstrap, region: spec.region,
            credentials: spec.credentials)
    }

    /// What was remembered of a cluster, while it is not told; `nil` when that is not enough to ask it.
    private func rememberedCluster(_ spec: ClusterSpec) -> SiteFinding<ClusterLocation>? {
        let id = identities.clusters[spec.name]
        let remembered = recorded.clusters[spec.name].flatMap { id == nil || id == $0.id ? $0 : nil }
        let declared = declaredLocation(spec)
        let location = ClusterLocation(
            id: id ?? remembered?.id, environmentID: remembered?.environmentID,
            restEndpoint: declared.restEndpoint ?? remembered?.restEndpoint,
            bootstrapServers: declared.bootstrapServers ?? remembered?.bootstrapServers,
            clientBootstrapServers: declared.clientBootstrapServers ?? remembered?.clientBootstrapServers,
            region: remembered?.region ?? spec.region, credentials: spec.credentials)
        return location.id == nil || location.restEndpoint == nil ? nil : .known(location)
    }

    /// Where a listed cluster is reached.
    func location(of spec: ClusterSpec, _ cluster: ObservedCluster) -> SiteFinding<ClusterLocation> {
        let declared = declaredLocation(spec)
        let wanted = spec.accessPoint
        let point = cluster.accessPoint(wanted)
        if point == nil, declared.restEndpoint == nil {
            if cluster.accessPoints.isEmpty {
                return .beingMade(reason: "\(cluster.id) is \(cluster.phase.word) and has no endpoints yet")
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
                region: cluster.region.isEmpty ? spec.region : cluster.region, credentials: spec.credentials))
    }

    // MARK: Parts

    private func silence(of connection: String) -> String {
        "its endpoint is not known and control plane \(connection) is "
            + (controlPlanes[connection]?.silence ?? "not answering")
    }

    private static func ambiguity(_ what: String, _ name: String, _ ids: [String]) -> String {
        "\(ids.count) \(what) are named \(name): \(ids.joined(separator: ", ")); say which with id"
    }

    private static func namesakes(_ ids: [String], of known: String, _ name: String) -> String {
        "\(ids.joined(separator: ", ")) is named \(name), and is not \(known), which is known by that name"
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
