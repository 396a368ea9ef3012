import Domain
import Execution
import Planning
import Transport

/// Steps on environments and clusters.
struct CloudPerformer: Sendable {
    let context: StepContext

    func perform(_ action: CloudAction) async throws(StepFailure) {
        switch action {
        case .createEnvironment(let creation): try await create(creation)
        case .updateEnvironment(let changes): try await update(changes)
        case .deleteEnvironment(let site): try await deleteEnvironment(site.environment)
        case .awaitRegistry(let site): try await awaitRegistry(site.environment)
        case .createCluster(let creation): try await create(creation)
        case .updateCluster(let changes): try await update(changes)
        case .deleteCluster(let site): try await deleteCluster(site.cluster)
        }
    }

    private func create(_ creation: EnvironmentCreation) async throws(StepFailure) {
        let api = try await context.controlPlane(of: creation.environment)
        let environment = try await created(creation, api)
        let poller = await context.pollers.environments(api)
        try await context.wait(
            for: "environment \(creation.displayName) to be listed", in: poller, at: api.endpoint,
            atMost: context.transitionLimit
        ) { $0[environment.id] == nil ? .waiting("not listed") : .reached(()) }
        var site = await context.directory.environment(creation.environment) ?? KnownSites.Environment()
        site.id = environment.id
        await context.directory.learn(site, named: creation.environment)
    }

    /// Sends the call. When the service says that the environment is there, or when the answer was lost, the one of
    /// that name counts, if there is only one and it is as wanted.
    private func created(
        _ creation: EnvironmentCreation, _ api: ControlPlaneAPI
    ) async throws(StepFailure) -> ObservedEnvironment {
        let result = await outcome {
            try await api.createEnvironment(displayName: creation.displayName, governance: creation.governance)
        }
        guard case .failure(let failure) = result, failure.saysAlreadyThere || failure.mayHaveHappened else {
            return try await context.call { try result.get() }
        }
        let named = try await context.call { try await api.environments() }
            .filter { $0.displayName == creation.displayName }
        guard let environment = named.first else { throw StepFailure(failure) }
        guard named.count == 1, creation.governance == nil || creation.governance == environment.governance else {
            let ids = named.map(\.id).joined(separator: ", ")
            throw StepFailure(
                .rejected, "environment \(creation.displayName) is there already, other than wanted: \(ids)",
                endpoint: api.endpoint.base)
        }
        return environment
    }

    private func update(_ update: EnvironmentUpdate) async throws(StepFailure) {
        let api = try await context.controlPlane(of: update.environment)
        let id = try await context.environmentID(update.environment)
        try await context.call {
            try await api.updateEnvironment(id, displayName: update.displayName, governance: update.governance)
        }
        let poller = await context.pollers.environments(api)
        try await context.wait(
            for: "environment \(id) to be changed", in: poller, at: api.endpoint, atMost: context.transitionLimit
        ) { (environments: [String: ObservedEnvironment]) -> PollVerdict<Void> in
            guard let environment = environments[id] else { return .waiting("not listed") }
            let isNamed = update.displayName == nil || update.displayName == environment.displayName
            let isGoverned = update.governance == nil || update.governance == environment.governance
            return isNamed && isGoverned ? .reached(()) : .waiting("unchanged")
        }
    }

    /// Deletes an environment that is empty: whatever is in it would go with it, whoever made it.
    private func deleteEnvironment(_ name: String) async throws(StepFailure) {
        let id = try await context.environmentID(name)
        guard let api = try await context.controlPlane(listing: id) else { return }
        let clusters = try await context.call { try await api.clusters(in: id) }
        if let cluster = clusters.first {
            throw StepFailure(
                .conflict,
                "environment \(id) holds cluster \(cluster.id) (\(cluster.displayName)), which would be "
                    + "deleted with it", endpoint: api.endpoint.base)
        }
        let result = await outcome { try await api.deleteEnvironment(id) }
        if case .failure(let failure) = result, !failure.saysGone { throw StepFailure(failure) }
        let poller = await context.pollers.environments(api)
        try await context.wait(
            for: "environment \(id) to be gone", in: poller, at: api.endpoint, atMost: context.provisionLimit
        ) { $0[id] == nil ? .reached(()) : .waiting("still listed") }
    }

    private func awaitRegistry(_ name: String) async throws(StepFailure) {
        guard context.workspace.environments[name]?.connection != nil else { return }
        let api = try await context.controlPlane(of: name)
        let id = try await context.environmentID(name)
        let poller = await context.pollers.registries(api, in: id)
        let registry = try await context.wait(
            for: "the Schema Registry of environment \(name)", in: poller, at: api.endpoint,
            atMost: context.provisionLimit
        ) { (registries: [ObservedRegistry]) -> PollVerdict<ObservedRegistry> in
            guard let registry = registries.first else { return .waiting("not there") }
            if registry.phase == .failed { return .failed("\(registry.id) is FAILED") }
            return registry.isReady ? .reached(registry) : .waiting(registry.phase.word)
        }
        var site = await context.directory.environment(name) ?? KnownSites.Environment(id: id)
        site.id = id
        site.registryID = registry.id
        let declared = context.workspace.environments[name]?.schemaRegistry.endpoint.map(Addresses.base)
        site.registryEndpoint = declared ?? registry.endpoint
        await context.directory.learn(site, named: name)
    }

    private func create(_ creation: ClusterCreation) async throws(StepFailure) {
        let api = try await context.controlPlane(of: creation.environment)
        let environmentID = try await context.environmentID(creation.environment)
        let id = try await created(creation, in: environmentID, api)
        let poller = await context.pollers.clusters(api, in: environmentID)
        let cluster = try await context.wait(
            for: "cluster \(creation.displayName) (\(id)) to be PROVISIONED", in: poller, at: api.endpoint,
            atMost: context.provisionLimit
        ) { (clusters: [String: ObservedCluster]) -> PollVerdict<ObservedCluster> in
            guard let cluster = clusters[id] else { return .waiting("not listed") }
            switch cluster.phase {
            case .provisioned: return .reached(cluster)
            case .failed: return .failed("\(id) is FAILED")
            case .provisioning, .other: return .waiting(cluster.phase.word)
            }
        }
        try await learn(cluster, named: creation.cluster)
    }

    /// Sends the call; when its answer was lost, the only cluster of that name counts.
    private func created(
        _ creation: ClusterCreation, in environmentID: String, _ api: ControlPlaneAPI
    ) async throws(StepFailure) -> String {
        let result = await outcome { try await api.createCluster(creation, in: environmentID) }
        guard case .failure(let failure) = result, failure.saysAlreadyThere || failure.mayHaveHappened else {
            return try await context.call { try result.get() }.id
        }
        let named = try await context.call { try await api.clusters(in: environmentID) }
            .filter { $0.displayName == creation.displayName }
        guard let cluster = named.first else { throw StepFailure(failure) }
        guard named.count == 1, cluster.kind == creation.type.rawValue, cluster.region == creation.region else {
            let ids = named.map(\.id).joined(separator: ", ")
            throw StepFailure(
                .rejected, "cluster \(creation.displayName) is there already, other than wanted: \(ids)",
                endpoint: api.endpoint.base)
        }
        return cluster.id
    }

    private func learn(_ cluster: ObservedCluster, named name: String) async throws(StepFailure) {
        guard let spec = context.workspace.clusters[name] else {
            throw StepFailure(.rejected, "cluster \(name) is not declared")
        }
        let resolution = SiteResolution(
            workspace: context.workspace, controlPlanes: [:], recorded: Recorded(sites: await context.directory.known))
        switch resolution.location(of: spec, cluster) {
        case .known(let location):
            if let site = location.known(lastAnswered: nil) { await context.directory.learn(site, named: name) }
        case .unknown(let reason), .beingMade(let reason): throw StepFailure(.rejected, reason)
        case .hidden(let gap): throw StepFailure(.rejected, gap.reason)
        case .absent: throw StepFailure(.rejected, "\(cluster.id) is gone")
        }
    }

    private func update(_ update: ClusterUpdate) async throws(StepFailure) {
        let environment = try context.environment(ofCluster: update.cluster)
        let api = try await context.controlPlane(of: environment)
        let environmentID = try await context.environmentID(environment)
        let id = try await clusterID(update.cluster)
        guard let type = context.workspace.clusters[update.cluster]?.type else {
            throw StepFailure(.rejected, "cluster \(update.cluster) is not declared")
        }
        try await context.call { try await api.updateCluster(id, in: environmentID, update, type: type) }
        let poller = await context.pollers.clusters(api, in: environmentID)
        try await context.wait(
            for: "cluster \(id) to be changed", in: poller, at: api.endpoint, atMost: context.provisionLimit
        ) { (clusters: [String: ObservedCluster]) -> PollVerdict<Void> in
            guard let cluster = clusters[id] else { return .waiting("not listed") }
            if cluster.phase == .failed { return .failed("\(id) is FAILED") }
            return update.isVisible(in: cluster) ? .reached(()) : .waiting("unchanged")
        }
    }

    /// Deletes a cluster, also one that no manifest names any more.
    private func deleteCluster(_ name: String) async throws(StepFailure) {
        let id = try await clusterID(name)
        let environmentID = try await environmentID(ofCluster: name)
        guard let api = try await context.controlPlane(listing: environmentID) else { return }
        let result = await outcome { try await api.deleteCluster(id, in: environmentID) }
        if case .failure(let failure) = result, !failure.saysGone { throw StepFailure(failure) }
        let poller = await context.pollers.clusters(api, in: environmentID)
        try await context.wait(
            for: "cluster \(id) to be gone", in: poller, at: api.endpoint, atMost: context.provisionLimit
        ) { $0[id] == nil ? .reached(()) : .waiting("still listed") }
    }

    private func environmentID(ofCluster name: String) async throws(StepFailure) -> String {
        if let id = await context.directory.cluster(name)?.environmentID { return id }
        return try await context.environmentID(try context.environment(ofCluster: name))
    }

    private func clusterID(_ name: String) async throws(StepFailure) -> String {
        if let id = await context.directory.cluster(name)?.id { return id }
        if let id = context.workspace.clusters[name]?.id { return id }
        throw StepFailure(.unreachable, "the id of cluster \(name) is not known")
    }
}

extension ClusterUpdate {
    /// Whether a cluster shows everything that was to be changed, a resize finished included.
    func isVisible(in cluster: ObservedCluster) -> Bool {
        (displayName == nil || displayName == cluster.displayName)
            && (type == nil || type?.rawValue == cluster.kind)
            && (cku == nil || (cku == cluster.cku && cku == cluster.currentCKU))
            && (maxEcku == nil || maxEcku == cluster.maxEcku)
            && (availability == nil || availability == cluster.availability)
            && (deletionProtection == nil || deletionProtection == cluster.deletionProtection)
    }
}
