import Bindings
import Confluent
import Domain
import Estate
import Execution
import Planning
import Transport

/// Reads a live estate, in as many calls as there are lists: what there is, where it is, and what it holds.
struct EstateReader {
    private let observer: ConfluentObserver
    private let spec: WorkspaceSpec
    private let names: SecretNames
    private let filter: EstateFilter

    private(set) var estate = Estate()
    /// What could not be read, and why: nothing of it is in the manifests.
    private(set) var unread: [ImportOutcome.Unread] = []
    /// Everything that there was to choose from.
    private(set) var seen: Set<ResourceAddress> = []

    init(_ observer: ConfluentObserver, _ spec: WorkspaceSpec, _ names: SecretNames, _ filter: EstateFilter) {
        self.observer = observer
        self.spec = spec
        self.names = names
        self.filter = filter
    }

    // MARK: Where it comes from

    /// Reads an organization: its environments, their clusters and registries, and what those hold.
    ///
    /// - Throws: ``CommandFailure`` when the control plane tells nothing.
    mutating func read(behind connection: ConnectionSpec) async throws(CommandFailure) {
        estate.connection = connection
        let plane = connection.metadata.name
        take(environments: try await snapshot(of: plane).environments)
        take(try await snapshot(of: plane))
        await readContents()
    }

    /// Reads sites that are named, of which no control plane tells anything.
    mutating func read(_ sites: [ImportRequest.PlatformSite]) async {
        for site in sites.sorted(by: { $0.name < $1.name }) {
            var environment = Estate.Environment(name: site.name, id: nil, displayName: site.name)
            environment.registryEndpoint = site.registryEndpoint
            if site.registryEndpoint != nil { environment.credentials = names.user(of: .registry, site.name) }
            estate.environments.append(environment)
            var spec = ClusterSpec(metadata: Metadata(name: site.name), type: .confluentPlatform)
            spec.environment = site.name
            spec.restEndpoint = site.restEndpoint
            spec.bootstrapServers = site.bootstrapServers
            var cluster = Estate.Cluster(spec)
            cluster.credentials = names.user(of: .kafka, site.name)
            estate.clusters.append(cluster)
        }
        choose()
        await readContents()
    }

    // MARK: The control plane

    private var workspace: Workspace { Inference(estate, into: spec).workspace }

    private func snapshot(of plane: String) async throws(CommandFailure) -> ControlPlaneSnapshot {
        let workspace = workspace
        var scope = ObservationScope(workspace, recorded: Recorded())
        scope.controlPlanes = [plane]
        (scope.clusters, scope.registries) = ([:], [:])
        let reach = await observer.observe(scope, of: workspace, recorded: Recorded()).controlPlanes[plane]
        guard let snapshot = reach?.snapshot else {
            throw CommandFailure(
                .error, "the control plane cannot be read: \(reach?.silence ?? "it was not asked"); nothing was written"
            )
        }
        if let gap = snapshot.gaps.sorted(by: { "\($0.key)" < "\($1.key)" }).first {
            throw CommandFailure(
                .error, "the list of \(gap.key.words) is not whole: \(gap.value.silence); nothing was written")
        }
        return snapshot
    }

    private mutating func take(environments: [ObservedEnvironment]) {
        let named = SiteNames.names(of: environments.map { .init(id: $0.id, displayName: $0.displayName) })
        estate.environments = environments.map { environment in
            .init(
                name: named[environment.id] ?? environment.id, id: environment.id, displayName: environment.displayName)
        }.sorted { $0.name < $1.name }
        choose()
    }

    private mutating func take(_ snapshot: ControlPlaneSnapshot) {
        let environments = Dictionary(
            estate.environments.map { ($0.id ?? "", $0.name) }, uniquingKeysWith: { first, _ in first })
        for index in estate.environments.indices {
            let id = estate.environments[index].id
            guard let registry = snapshot.registries.first(where: { $0.environmentID == id }) else { continue }
            estate.environments[index].registryID = registry.id
            estate.environments[index].registryEndpoint = registry.endpoint
            estate.environments[index].credentials = names.apiKey(of: .registry, estate.environments[index].name)
        }
        let named = SiteNames.names(
            of: snapshot.clusters.map { cluster in
                .init(
                    id: cluster.id, displayName: cluster.displayName,
                    qualifiers: [environments[cluster.environmentID], cluster.region].compactMap(\.self))
            })
        for cluster in snapshot.clusters {
            let name = named[cluster.id] ?? cluster.id
            guard let type = ClusterType(rawValue: cluster.kind) else {
                unread.append(.init(.cluster(name), because: .type(cluster.kind)))
                continue
            }
            var spec = ClusterSpec(metadata: Metadata(name: name), type: type)
            spec.id = cluster.id
            spec.displayName = cluster.displayName
            spec.environment = environments[cluster.environmentID]
            var found = Estate.Cluster(spec)
            found.credentials = names.apiKey(of: .kafka, name)
            estate.clusters.append(found)
        }
        estate.clusters.sort { $0.name < $1.name }
        choose()
    }

    private mutating func choose() {
        seen.formUnion(estate.addresses)
        estate = estate.filtered(filter)
    }

    // MARK: What sites hold

    private mutating func readContents() async {
        let workspace = workspace
        var scope = ObservationScope(workspace, recorded: Recorded())
        scope.clusters = scope.clusters.mapValues { _ in .all }
        scope.everyContext = Set(scope.registries.keys)
        scope.denials = []
        let observation = await observer.observe(scope, of: workspace, recorded: Recorded())
        for index in estate.clusters.indices {
            let name = estate.clusters[index].name
            guard let kafka = observation.clusters[name]?.snapshot else {
                unread.append(
                    .init(.cluster(name), because: .silence(observation.clusters[name]?.silence ?? "it was not asked")))
                continue
            }
            estate.clusters[index].kafka = kafka
            if estate.clusters[index].id == nil { estate.clusters[index].id = kafka.clusterID }
        }
        for index in estate.environments.indices where estate.environments[index].credentials != nil {
            let name = estate.environments[index].name
            guard let registry = observation.registries[name]?.snapshot else {
                unread.append(
                    .init(
                        .registry(name), because: .silence(observation.registries[name]?.silence ?? "it was not asked"))
                )
                continue
            }
            estate.environments[index].registry = registry
            let endpoint = observation.sites.environments[name]?.registryEndpoint
            estate.environments[index].registryEndpoint = endpoint ?? estate.environments[index].registryEndpoint
        }
        seen.formUnion(estate.addresses)
    }
}
