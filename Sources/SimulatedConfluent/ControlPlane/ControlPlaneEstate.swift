package import SimulatorCore

/// Where the servers of a region answer.
package protocol EndpointDirectory {
    /// Whether clusters may be made in a region.
    func offers(region: String) -> Bool
    /// Addresses of a Kafka cluster; `nil` while there are none, which keeps it PROVISIONING.
    func kafka(_ id: String, region: String) -> KafkaEndpoints?
    /// The base URL of a Schema Registry; `nil` while there is none, which keeps it PROVISIONING.
    func registry(_ id: String, region: String) -> String?
}

package struct KafkaEndpoints: Sendable, Equatable {
    /// Base URL of Kafka REST, without a path.
    package var rest: String
    /// Host and port, without a protocol.
    package var bootstrap: String

    package init(rest: String, bootstrap: String) {
        self.rest = rest
        self.bootstrap = bootstrap
    }
}

/// Something that happened in the control plane and that data-plane servers have to follow.
package enum ControlPlaneEffect: Sendable, Equatable {
    /// A cluster was accepted; its addresses will be asked for when it becomes PROVISIONED.
    case kafkaRequested(id: String, environment: String, region: String)
    case kafkaProvisioned(
        id: String, environment: String, region: String, kind: CloudClusterKind, endpoints: KafkaEndpoints)
    case kafkaDeleted(id: String)
    case registryRequested(id: String, environment: String, region: String)
    case registryProvisioned(id: String, environment: String, region: String, url: String)
    case registryDeleted(id: String)
    /// A key works from now on.
    case keyActivated(id: String, resource: String)
    case keyDeleted(id: String)
}

/// How long the control plane takes, in milliseconds of the simulator's clock, and how much it bears.
package struct ControlPlanePace: Sendable {
    package var kafka: Milliseconds = 2_000
    package var registry: Milliseconds = 1_000
    var resize: Milliseconds = 2_000
    /// From the accepted DELETE of a cluster until it is gone.
    var deletion: Milliseconds = 1_000
    package var cloudKey: Milliseconds = 500
    package var kafkaKey: Milliseconds = 2_000
    package var registryKey: Milliseconds = 1_000
    /// Requests of one key within one window; 429 after that.
    var requestLimit = 10_000
    var window: Milliseconds = 60_000

    package init() {}
}

/// The control plane: org v2, cmk v2, srcm v3 and the keys and service accounts of iam v2.
package struct ControlPlaneEstate: Sendable {
    var pace: ControlPlanePace
    /// Base of `self`, `related` and page links, without a trailing slash.
    package var baseURL: String
    var organization: Organization
    package var environments: [String: Environment] = [:]
    package var clusters: [String: CloudCluster] = [:]
    package var registries: [String: RegistryCluster] = [:]
    package var keys: [String: APIKey] = [:]
    /// What every key opens and from when, for data-plane servers.
    package var ring = KeyRing()
    package var accounts: [String: ServiceAccount] = [:]
    /// Whether deletion protection is left out on purpose.
    package var ignoresProtection = false
    private var effects: [ControlPlaneEffect] = []
    private var created = 0
    var windows: [String: RequestWindow] = [:]

    package init(
        baseURL: String, organization: Organization = Organization(), pace: ControlPlanePace = ControlPlanePace()
    ) {
        self.baseURL = baseURL
        self.organization = organization
        self.pace = pace
    }

    /// What happened since the last call, in order.
    package mutating func drainEffects() -> [ControlPlaneEffect] {
        defer { effects = [] }
        return effects
    }

    mutating func report(_ effect: ControlPlaneEffect) {
        effects.append(effect)
    }

    /// A number that orders objects by creation.
    package mutating func nextSequence() -> Int {
        created += 1
        return created
    }

    /// Completes what is due: clusters and registries become PROVISIONED, sizes change, deletions finish, keys activate.
    package mutating func advance(
        to time: Milliseconds, using endpoints: some EndpointDirectory
    ) {
        guard let due = nextEvent(), due <= time else { return }
        for id in clusters.keys.sorted() { advanceCluster(id, to: time, using: endpoints) }
        for id in registries.keys.sorted() { advanceRegistry(id, to: time, using: endpoints) }
        for key in keys.values.sorted(by: { $0.sequence < $1.sequence })
        where !key.isActive && key.activates <= time {
            keys[key.id]?.isActive = true
            report(.keyActivated(id: key.id, resource: key.resource))
        }
    }

    /// When something is due next; `nil` when nothing is under way. In the past while addresses are waited for.
    package func nextEvent() -> Milliseconds? {
        let clusterTimes = clusters.values.flatMap { [$0.provisioning, $0.resizing, $0.deletion] }.compactMap { $0 }
        let registryTimes = registries.values.compactMap(\.provisioning)
        let keyTimes = keys.values.filter { !$0.isActive }.map(\.activates)
        return (clusterTimes + registryTimes + keyTimes).min()
    }

    /// Whether a pair may use a resource now: an `lkc-…`, an `lsrc-…`, or ``APIKey/cloud``.
    ///
    /// The pair of ``Credentials/everywhere`` may use everything.
    func authenticates(_ credentials: Credentials, for resource: String, at time: Milliseconds) -> Bool {
        ring.caller(of: credentials, on: resource, at: time) != nil
    }
}

/// Requests of one key counted since a time.
struct RequestWindow: Sendable {
    package var start: Milliseconds
    package var count: Int
}
