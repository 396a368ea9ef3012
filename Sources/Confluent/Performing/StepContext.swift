import Domain
import Execution
import Transport

/// What every step needs: where things are, how to sign in, how to wait.
struct StepContext: Sendable {
    let workspace: Workspace
    let directory: SiteDirectory
    let endpoints: EndpointFactory
    let pollers: SitePollers
    let pacing: Pacing
    /// Members that return in this run.
    let returns = ReturnClocks()
    /// To be called when a call was answered and its effect is waited for.
    var beginsWaiting: @Sendable () async -> Void = {}

    /// How long a service may say that something just created is not there.
    static let settling: Duration = .seconds(30)

    /// How long what a lost call made may stay invisible where it is asked for by itself.
    private static let visibility: Duration = .seconds(5)

    var transitionLimit: Duration { workspace.spec.timeouts.transition }
    var drainLimit: Duration { workspace.spec.timeouts.drain }
    var provisionLimit: Duration { workspace.spec.timeouts.provision }

    /// How long a mirror may take on a cluster: the rest of its return, or one transition.
    func mirrorLimit(on cluster: String) async -> Duration {
        guard let beginning = await returns.beginning(of: cluster) else { return transitionLimit }
        return max(.zero, workspace.spec.timeouts.reprotect - (pacing.elapsed() - beginning))
    }

    // MARK: APIs

    func controlPlane(of environment: String) async throws(StepFailure) -> ControlPlaneAPI {
        guard let connection = workspace.environments[environment]?.connection else {
            throw StepFailure(.rejected, "environment \(environment) has no connection to a control plane")
        }
        return try await controlPlane(at: connection)
    }

    /// The control plane that lists an environment, whether or not a manifest names it; `nil` when all answer and none
    /// does.
    func controlPlane(listing environmentID: String) async throws(StepFailure) -> ControlPlaneAPI? {
        let clouds = workspace.connections.values.filter { if case .confluentCloud = $0.system { true } else { false } }
        var silence: StepFailure?
        for connection in clouds.map(\.metadata.name).sorted() {
            do throws(StepFailure) {
                let api = try await controlPlane(at: connection)
                let environments = try await call { try await api.environments() }
                if environments.contains(where: { $0.id == environmentID }) { return api }
            } catch {
                silence = error
            }
        }
        if let silence { throw silence }
        return nil
    }

    private func controlPlane(at connection: String) async throws(StepFailure) -> ControlPlaneAPI {
        ControlPlaneAPI(endpoint: try await call { try await endpoints.controlPlane(connection) })
    }

    func environmentID(_ environment: String) async throws(StepFailure) -> String {
        if let id = await directory.environment(environment)?.id { return id }
        if let id = workspace.environments[environment]?.id { return id }
        throw StepFailure(.unreachable, "the id of environment \(environment) is not known")
    }

    func environment(ofCluster cluster: String) throws(StepFailure) -> String {
        guard let environment = workspace.clusters[cluster]?.environment else {
            throw StepFailure(.rejected, "cluster \(cluster) has no environment")
        }
        return environment
    }

    func kafka(_ cluster: String) async throws(StepFailure) -> KafkaAPI {
        guard let site = await directory.cluster(cluster), let base = site.restEndpoint else {
            throw StepFailure(.unreachable, "the REST endpoint of cluster \(cluster) is not known")
        }
        return KafkaAPI(endpoint: try await call { try await endpoints.kafka(cluster, at: base) }, clusterID: site.id)
    }

    func registry(_ environment: String) async throws(StepFailure) -> SchemaRegistryAPI {
        guard let site = await directory.environment(environment), let base = site.registryEndpoint else {
            throw StepFailure(.unreachable, "the registry endpoint of environment \(environment) is not known")
        }
        let endpoint = try await call {
            try await endpoints.registry(environment, at: base, registryID: site.registryID)
        }
        return SchemaRegistryAPI(endpoint: endpoint)
    }

    // MARK: Calling and waiting

    func call<Value: Sendable>(_ send: @Sendable () async throws -> Value) async throws(StepFailure) -> Value {
        switch await outcome(send) {
        case .success(let value): return value
        case .failure(let failure): throw StepFailure(failure)
        }
    }

    /// Sends a call again for some time while the service does not know yet what was just created.
    ///
    /// - Parameter isPassing: Whether a failure passes by itself.
    /// - Returns: The first outcome that is not passing, or the last one when the time is over.
    func settle<Value: Sendable>(
        while isPassing: (TransportFailure) -> Bool, _ send: @Sendable () async throws -> Value
    ) async -> Result<Value, TransportFailure> {
        let start = pacing.elapsed()
        while true {
            let result = await outcome(send)
            guard case .failure(let failure) = result, isPassing(failure),
                pacing.elapsed() - start < Self.settling
            else { return result }
            do { try await pacing.sleep(.milliseconds(500)) } catch { return result }
        }
    }

    /// Looks for what a refused creation may have said to be there: our own lost call can have made it, and it is not
    /// visible at once.
    ///
    /// - Throws: The refusal itself when there is no such object, for it was about something else then.
    func find(
        refusedBy refusal: TransportFailure, _ isThere: @Sendable () async throws -> Bool
    ) async throws(StepFailure) {
        let start = pacing.elapsed()
        while true {
            if try await call(isThere) { return }
            guard pacing.elapsed() - start < Self.visibility else { throw StepFailure(refusal) }
            do { try await pacing.sleep(.milliseconds(500)) } catch {
                throw StepFailure(.interrupted, "interrupted: \(refusal.description)", endpoint: refusal.endpoint)
            }
        }
    }

    func wait<List: Sendable, Value: Sendable>(
        for what: String, in poller: ListPoller<List>, at endpoint: HTTPEndpoint, atMost limit: Duration,
        until judge: @escaping @Sendable (List) -> PollVerdict<Value>
    ) async throws(StepFailure) -> Value {
        await beginsWaiting()
        do throws(PollFailure) {
            return try await poller.wait(atMost: limit, until: judge)
        } catch {
            throw StepFailure(error, waitingFor: what, limit: limit, endpoint: endpoint.base)
        }
    }
}
