package import Domain
package import Execution
import FoundationEssentials
package import Planning
package import Transport

/// Observes control planes, clusters, registries and binding stores, all at once and each by itself.
///
/// Sites whose ids and endpoints are declared or remembered are asked beside the control plane, so that a control plane
/// that does not answer adds none of its time; when it answers and names other endpoints, those are asked instead.
package struct ConfluentObserver: Observer {
    private let secrets: any SecretResolver
    private let transport: HTTPTransport
    private let stores: any StoreObserver
    private let now: @Sendable () -> Timestamp

    /// An observer.
    ///
    /// - Parameters:
    ///   - secrets: Resolves credentials, per endpoint, when it is asked.
    ///   - transport: Sends the calls.
    ///   - stores: Reads binding stores.
    ///   - now: The time of day.
    package init(
        secrets: any SecretResolver, transport: HTTPTransport, stores: any StoreObserver,
        now: @escaping @Sendable () -> Timestamp = Self.timeOfDay
    ) {
        self.secrets = secrets
        self.transport = transport
        self.stores = stores
        self.now = now
    }

    /// The machine's time of day.
    package static let timeOfDay: @Sendable () -> Timestamp = { .now }

    /// Reads what a scope names; takes as long as the slowest endpoint, at most `unreachableAfter` of silence.
    ///
    /// - Parameters:
    ///   - scope: What to read.
    ///   - workspace: Where and with which credentials.
    ///   - recorded: The last known ids and endpoints.
    package func observe(
        _ scope: ObservationScope, of workspace: Workspace, recorded: Recorded
    ) async -> Observation {
        let startedAt = now()
        let clock = ContinuousClock()
        let start = clock.now
        let endpoints = EndpointFactory(workspace: workspace, secrets: secrets, transport: transport)
        let reading = SiteReading(workspace: workspace, scope: scope, recorded: recorded, endpoints: endpoints)
        var pass = ObservationPass(workspace: workspace, scope: scope, recorded: recorded)
        await withTaskGroup(of: ObservationPass.Event.self) { group in
            for connection in scope.controlPlanes {
                group.addTask { .controlPlane(connection, await reading.controlPlane(connection)) }
            }
            for binding in scope.bindings.compactMap({ workspace.clientBindings[$0] }) {
                for index in binding.publish.indices {
                    let address = ResourceAddress(.binding, "\(binding.name)/\(index)")
                    group.addTask { .store(address, await stores.observe(binding, targetIndex: index)) }
                }
            }
            for place in scope.placesLeft {
                group.addTask { .store(place.address, await stores.observe(place)) }
            }
            pass.begin()
            while true {
                for question in pass.questions() {
                    group.addTask { await reading.answer(question) }
                }
                guard !pass.isComplete, let event = await group.next() else { break }
                pass.take(event)
            }
            group.cancelAll()
        }
        return pass.observation(startedAt: startedAt, duration: start.duration(to: clock.now), answeredAt: now())
    }
}
