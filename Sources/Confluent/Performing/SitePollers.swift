import Domain
import Transport

/// One poller per endpoint and collection, shared by all steps that wait for something in it.
actor SitePollers {
    /// What a mirror row is found by.
    struct MirrorKey: Hashable, Sendable {
        let link: String
        let topic: String
    }

    private let pacing: Pacing
    private var topics: [RequestPath: [String: ListPoller<[String: ObservedTopic]>]] = [:]
    private var links: [RequestPath: [String: ListPoller<[String: LinkWire]>]] = [:]
    private var mirrors: [RequestPath: [String: ListPoller<[MirrorKey: ObservedMirror]>]] = [:]
    private var denials: [RequestPath: [String: ListPoller<Set<ACLBinding>>]] = [:]
    private var environments: [String: ListPoller<[String: ObservedEnvironment]>] = [:]
    private var clusters: [String: [String: ListPoller<[String: ObservedCluster]>]] = [:]
    private var registries: [String: [String: ListPoller<[ObservedRegistry]>]] = [:]
    private var exporters: [String: [String: ListPoller<ExporterStatusWire?>]] = [:]

    init(pacing: Pacing) {
        self.pacing = pacing
    }

    /// Topics of a cluster, by name.
    func topics(_ api: KafkaAPI) -> ListPoller<[String: ObservedTopic]> {
        shared(&topics[api.path, default: [:]], api.endpoint.base) { try await api.topics() }
    }

    /// Links of a cluster, by name.
    func links(_ api: KafkaAPI) -> ListPoller<[String: LinkWire]> {
        shared(&links[api.path, default: [:]], api.endpoint.base) {
            Dictionary(try await api.links().map { ($0.name ?? "", $0) }) { $1 }
        }
    }

    /// Mirror rows of all links of a cluster.
    func mirrors(_ api: KafkaAPI) -> ListPoller<[MirrorKey: ObservedMirror]> {
        shared(&mirrors[api.path, default: [:]], api.endpoint.base) {
            Dictionary(try await api.mirrors().map { (MirrorKey(link: $0.link, topic: $0.topic), $0) }) { $1 }
        }
    }

    /// Entries of a cluster that deny writes to topics.
    func denials(_ api: KafkaAPI, inCloud: Bool) -> ListPoller<Set<ACLBinding>> {
        shared(&denials[api.path, default: [:]], api.endpoint.base) { try await api.denials(inCloud: inCloud) }
    }

    /// Environments of a control plane, by id.
    func environments(_ api: ControlPlaneAPI) -> ListPoller<[String: ObservedEnvironment]> {
        shared(&environments, api.endpoint.base) {
            Dictionary(try await api.environments().map { ($0.id, $0) }) { $1 }
        }
    }

    func clusters(_ api: ControlPlaneAPI, in environmentID: String) -> ListPoller<[String: ObservedCluster]> {
        shared(&clusters[api.endpoint.base, default: [:]], environmentID) {
            Dictionary(try await api.clusters(in: environmentID).map { ($0.id, $0) }) { $1 }
        }
    }

    /// The Schema Registry of an environment.
    func registries(_ api: ControlPlaneAPI, in environmentID: String) -> ListPoller<[ObservedRegistry]> {
        shared(&registries[api.endpoint.base, default: [:]], environmentID) {
            try await api.registries(in: environmentID)
        }
    }

    /// The status of an exporter, which no list tells; `nil` = there is none of that name.
    func exporter(_ name: String, _ api: SchemaRegistryAPI) -> ListPoller<ExporterStatusWire?> {
        shared(&exporters[api.endpoint.base, default: [:]], name) {
            try await outcome { try await api.exporterStatus(name) }.unlessMissing()
        }
    }

    /// A poller of something only one step waits for.
    nonisolated func alone<Value: Sendable>(_ read: @escaping @Sendable () async throws -> Value) -> ListPoller<Value> {
        ListPoller(pacing: pacing) { await outcome(read) }
    }

    private func shared<List: Sendable>(
        _ pollers: inout [String: ListPoller<List>], _ key: String, _ read: @escaping @Sendable () async throws -> List
    ) -> ListPoller<List> {
        if let poller = pollers[key] { return poller }
        let poller = alone(read)
        pollers[key] = poller
        return poller
    }
}
