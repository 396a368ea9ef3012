import Domain
import Execution
import Planning
import Transport

/// Steps on clusters themselves.
struct ClusterSteps: Sendable {
    let context: StepContext

    func create(_ creation: ClusterCreation) async throws(StepFailure) {
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

    func update(_ update: ClusterUpdate) async throws(StepFailure) {
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
    func delete(_ name: String) async throws(StepFailure) {
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
