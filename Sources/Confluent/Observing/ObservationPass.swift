import Domain
import Planning

/// The state of one pass: which sites are asked where, and what came back. Events in, questions out; no I/O.
struct ObservationPass {
    /// Something to ask a site.
    enum Question: Hashable, Sendable {
        case cluster(String, ClusterLocation)
        case registry(String, KnownSites.Environment)
        case leaving(String, KnownSites.Cluster)
    }

    /// Something that came back.
    enum Event: Sendable {
        case controlPlane(String, Reach<ControlPlaneSnapshot>)
        case cluster(String, ClusterLocation, Reach<KafkaSnapshot>)
        case registry(String, KnownSites.Environment, Reach<RegistrySnapshot>)
        case leaving(String, Reach<Set<String>>)
        case store(ResourceAddress, Reach<StoreSnapshot>)
    }

    private let workspace: Workspace
    private let scope: ObservationScope
    private let recorded: Recorded
    private var controlPlanes: [String: Reach<ControlPlaneSnapshot>] = [:]
    private var stores: [ResourceAddress: Reach<StoreSnapshot>] = [:]
    private var clusters: [String: (at: ClusterLocation, reach: Reach<KafkaSnapshot>)] = [:]
    private var registries: [String: (at: KnownSites.Environment, reach: Reach<RegistrySnapshot>)] = [:]
    private var leaving: [String: Reach<Set<String>>] = [:]
    private var asked: Set<Question> = []
    private var unasked: Set<Question> = []

    init(workspace: Workspace, scope: ObservationScope, recorded: Recorded) {
        self.workspace = workspace
        self.scope = scope
        self.recorded = recorded
    }

    private var resolution: SiteResolution {
        SiteResolution(workspace: workspace, controlPlanes: controlPlanes, recorded: recorded)
    }

    /// Asks every site that is known without a control plane.
    mutating func begin() {
        ask(clusters: Set(scope.clusters.keys), environments: Set(scope.registries.keys))
        for (name, site) in scope.leaving { unasked.insert(.leaving(name, site)) }
    }

    /// Questions to be asked now; each is given out once.
    mutating func questions() -> Set<Question> {
        defer { unasked = [] }
        asked.formUnion(unasked)
        return unasked
    }

    mutating func take(_ event: Event) {
        switch event {
        case .controlPlane(let connection, let reach):
            controlPlanes[connection] = reach
            askSites(of: connection)
        case .cluster(let name, let location, let reach): clusters[name] = latest(name, location, reach)
        case .registry(let name, let site, let reach): registries[name] = latest(name, site, reach)
        case .leaving(let name, let reach): leaving[name] = reach
        case .store(let address, let reach): stores[address] = reach
        }
    }

    /// Whether nothing that counts is still out: an answer from an endpoint that the control plane has replaced is not
    /// waited for.
    var isComplete: Bool {
        guard unasked.isEmpty, scope.controlPlanes.allSatisfy({ controlPlanes[$0] != nil }),
            stores.count >= expectedStores, leaving.count >= scope.leaving.count
        else { return false }
        let resolution = resolution
        let clustersDone = scope.clusters.keys.allSatisfy { name in
            guard let location = resolution.cluster(name).site else { return true }
            return clusters[name]?.at.isSamePlace(as: location) ?? false
        }
        return clustersDone
            && scope.registries.keys.allSatisfy { name in
                guard let site = resolution.environment(name).site, site.registryEndpoint != nil else { return true }
                return registries[name]?.at.isSamePlace(as: site) ?? false
            }
    }

    private var expectedStores: Int {
        scope.bindings.compactMap { workspace.clientBindings[$0]?.publish.count }.reduce(0, +)
            + Set(scope.placesLeft.map(\.address)).count
    }

    // MARK: Asking

    private mutating func askSites(of connection: String) {
        let environments = Set(workspace.environments.values.lazy.filter { $0.connection == connection }.map(\.name))
        let clusters = workspace.clusters.values.filter { $0.environment.map(environments.contains) ?? false }
        ask(
            clusters: Set(clusters.map(\.name)).intersection(scope.clusters.keys),
            environments: environments.intersection(scope.registries.keys))
    }

    private mutating func ask(clusters: Set<String>, environments: Set<String>) {
        let resolution = resolution
        for name in clusters {
            guard let location = resolution.cluster(name).site else { continue }
            let isAsked = asked.union(unasked).contains { question in
                if case .cluster(name, let at) = question { at.isSamePlace(as: location) } else { false }
            }
            if !isAsked { unasked.insert(.cluster(name, location)) }
        }
        for name in environments {
            guard let site = resolution.environment(name).site, site.registryEndpoint != nil else { continue }
            let isAsked = asked.union(unasked).contains { question in
                if case .registry(name, let at) = question { at.isSamePlace(as: site) } else { false }
            }
            if !isAsked { unasked.insert(.registry(name, site)) }
        }
    }

    /// Of two answers for a site, the one from where it is now.
    private func latest(
        _ name: String, _ location: ClusterLocation, _ reach: Reach<KafkaSnapshot>
    ) -> (at: ClusterLocation, reach: Reach<KafkaSnapshot>) {
        guard let known = clusters[name], let now = resolution.cluster(name).site, !location.isSamePlace(as: now)
        else { return (location, reach) }
        return known
    }

    private func latest(
        _ name: String, _ site: KnownSites.Environment, _ reach: Reach<RegistrySnapshot>
    ) -> (at: KnownSites.Environment, reach: Reach<RegistrySnapshot>) {
        guard let known = registries[name], let now = resolution.environment(name).site, !site.isSamePlace(as: now)
        else { return (site, reach) }
        return known
    }

    // MARK: Result

    func observation(startedAt: Timestamp, duration: Duration, answeredAt: Timestamp) -> Observation {
        var observation = Observation(
            startedAt: startedAt, duration: duration, controlPlanes: controlPlanes, stores: stores)
        let resolution = resolution
        observation.sites = resolution.sites
        observation.sites.merge(listedSitesThatLeft)
        observation.leaving = leaving
        for (name, spec) in workspace.clusters {
            let finding = resolution.cluster(name)
            guard scope.clusters[name] != nil else {
                if spec.credentials == nil || spec.type == .apacheKafka { observation.clusters[name] = .unmanaged }
                continue
            }
            let reach = reach(finding, clusters[name].map { $0.reach }, spec.environment)
            observation.clusters[name] = reach
            if let snapshot = reach.snapshot, var location = finding.site {
                location.id = snapshot.clusterID
                observation.sites.clusters[name] = location.known(lastAnswered: answeredAt)
            }
        }
        for (name, spec) in workspace.environments {
            let finding = resolution.environment(name)
            guard scope.registries[name] != nil else {
                if spec.schemaRegistry.credentials == nil { observation.registries[name] = .unmanaged }
                continue
            }
            let hasEndpoint = finding.site?.registryEndpoint != nil
            let reach = reach(
                hasEndpoint || finding.site == nil ? finding : resolution.missingRegistry(name),
                registries[name].map { $0.reach }, name)
            observation.registries[name] = reach
            if reach.snapshot != nil { observation.sites.environments[name]?.lastAnswered = answeredAt }
        }
        observation.sites.learnHoldings(from: observation.clusters, remembering: recorded.sites)
        keepApart(&observation.sites)
        return observation
    }

    /// Names that turn out to mean one live object are not remembered to do so, unless they did before or say so.
    private func keepApart(_ sites: inout KnownSites) {
        for name in sites.sharedClusters(of: workspace).keys where workspace.clusters[name]?.id == nil {
            if recorded.sites.clusters[name]?.id != sites.clusters[name]?.id { sites.clusters[name] = nil }
        }
        for name in sites.sharedEnvironments(of: workspace).keys where workspace.environments[name]?.id == nil {
            if recorded.sites.environments[name]?.id != sites.environments[name]?.id { sites.environments[name] = nil }
        }
    }

    /// What a site told, or why it could not be asked.
    private func reach<Site, Snapshot>(
        _ finding: SiteFinding<Site>, _ answer: Reach<Snapshot>?, _ environment: String?
    ) -> Reach<Snapshot> {
        switch finding {
        case .absent: return .absent
        case .hidden(let gap): return gap.reach()
        case .beingMade(let reason): return .beingMade(reason: reason)
        case .known: return answer ?? .unreachable(reason: "it was not asked")
        case .unknown(let reason):
            let connection = environment.flatMap { workspace.environments[$0]?.connection }
            switch connection.flatMap({ controlPlanes[$0] }) {
            case .denied?: return .denied(reason: reason)
            case .withoutCredentials(let unresolved)?: return .withoutCredentials(unresolved)
            case .wrong?: return .wrong(reason: reason)
            case .broken?, .reachable?: return .broken(reason: reason)
            default: return .unreachable(reason: reason)
            }
        }
    }
}

extension ObservationPass {
    /// Sites that left the manifests and are listed: steps that delete them look them up.
    private var listedSitesThatLeft: KnownSites {
        let snapshots = controlPlanes.values.compactMap(\.snapshot)
        var left = recorded.sitesThatLeft(workspace)
        left.environments = left.environments.filter { _, site in
            snapshots.contains { $0.environments.contains { $0.id == site.id } }
        }
        left.clusters = left.clusters.compactMapValues { site in
            guard let listed = snapshots.lazy.flatMap(\.clusters).first(where: { $0.id == site.id }) else { return nil }
            var site = site
            site.environmentID = listed.environmentID
            return site
        }
        return left
    }
}

extension KnownSites {
    /// Adds sites of other names.
    fileprivate mutating func merge(_ others: KnownSites) {
        clusters.merge(others.clusters) { own, _ in own }
        environments.merge(others.environments) { own, _ in own }
    }
}

extension ClusterLocation {
    /// Whether asking there and asking here is the same.
    func isSamePlace(as other: ClusterLocation) -> Bool {
        id == other.id && restEndpoint == other.restEndpoint
    }
}

extension KnownSites.Environment {
    /// Whether asking there and asking here is the same.
    func isSamePlace(as other: KnownSites.Environment) -> Bool {
        registryEndpoint == other.registryEndpoint
    }
}
