import Domain
import Planning
import Transport

/// Reads one endpoint, within its own time of silence, and says how far it could be reached.
struct SiteReading: Sendable {
    let workspace: Workspace
    let scope: ObservationScope
    let recorded: Recorded
    let endpoints: EndpointFactory

    private var limit: Duration { workspace.spec.timeouts.unreachableAfter }

    func controlPlane(_ connection: String) async -> Reach<ControlPlaneSnapshot> {
        await read(connection) {
            try await endpoints.controlPlane(connection)
        } _: { endpoint in
            await ControlPlaneReading(
                api: ControlPlaneAPI(endpoint: endpoint), connection: connection, workspace: workspace,
                known: KnownObjects(behind: connection, workspace, recorded)
            ).read()
        }
    }

    func answer(_ question: ObservationPass.Question) async -> ObservationPass.Event {
        switch question {
        case .cluster(let name, let location): .cluster(name, location, await cluster(name, location))
        case .registry(let name, let site): .registry(name, site, await registry(name, site))
        case .leaving(let name, let site): .leaving(name, await leaving(site))
        }
    }

    /// The topics of a cluster that is to be deleted.
    private func leaving(_ site: KnownSites.Cluster) async -> Reach<Set<String>> {
        guard let base = site.restEndpoint, let credentials = site.credentials else { return .unmanaged }
        return await read(base) {
            try await endpoints.kafka(at: base, as: credentials)
        } _: { endpoint in
            await outcome {
                let topics = try await KafkaAPI(endpoint: endpoint, clusterID: site.id).topics()
                return Set(topics.filter { !$0.value.isInternal }.keys)
            }
        }
    }

    private func cluster(_ name: String, _ location: ClusterLocation) async -> Reach<KafkaSnapshot> {
        guard let spec = workspace.clusters[name], let base = location.restEndpoint else {
            return .unreachable(reason: "no REST endpoint is known")
        }
        return await read(base) {
            try await endpoints.kafka(name, at: base)
        } _: { endpoint in
            await KafkaReading(
                endpoint: endpoint, id: location.id, type: spec.type, configs: scope.clusters[name] ?? .none,
                readsDenials: scope.denials.contains(name),
                owned: OwnedOnCluster(name, id: location.id, recorded)
            ).read()
        }
    }

    private func registry(_ name: String, _ site: KnownSites.Environment) async -> Reach<RegistrySnapshot> {
        guard let base = site.registryEndpoint else { return .absent }
        return await read(base) {
            try await endpoints.registry(name, at: base, registryID: site.registryID)
        } _: { endpoint in
            await RegistryReading(
                api: SchemaRegistryAPI(endpoint: endpoint), contexts: scope.registries[name] ?? [],
                owned: recorded.exporters(in: name, site.id), hasEveryContext: scope.everyContext.contains(name)
            ).read()
        }
    }

    private func read<Snapshot: Sendable>(
        _ base: String, connect: @escaping @Sendable () async throws -> HTTPEndpoint,
        _ read: @escaping @Sendable (HTTPEndpoint) async -> Result<Snapshot, TransportFailure>
    ) async -> Reach<Snapshot> {
        let watch = ProgressWatch()
        let limit = endpoints.silences.patience(with: base, atMost: limit)
        let result: Result<Snapshot, TransportFailure> = await withSilenceLimit(
            limit, endpoint: base, watch: watch
        ) {
            switch await outcome(connect) {
            case .failure(let failure): return .failure(failure)
            case .success(var endpoint):
                endpoint.watch = watch
                endpoint.overall = limit
                endpoint.request = limit
                return await read(endpoint)
            }
        }
        let reach: Reach<Snapshot> =
            switch result {
            case .success(let snapshot): .reachable(snapshot)
            case .failure(let failure): Reach(failure, seenBy: watch)
            }
        endpoints.silences.note(base, wasSilent: reach.signOfLife == SignOfLife.none)
        return reach
    }
}
