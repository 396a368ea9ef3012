import Domain
import Execution
import Planning
import Transport

/// Steps on environments, and the wait for their registries.
struct EnvironmentSteps: Sendable {
    let context: StepContext

    func create(_ creation: EnvironmentCreation) async throws(StepFailure) {
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

    func update(_ update: EnvironmentUpdate) async throws(StepFailure) {
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
    func delete(_ name: String) async throws(StepFailure) {
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

    func awaitRegistry(_ name: String) async throws(StepFailure) {
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
}
