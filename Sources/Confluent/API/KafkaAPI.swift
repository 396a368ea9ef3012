import Domain
import Planning
import Transport

/// Operations of a cluster's REST API v3 that Spillway uses.
struct KafkaAPI: Sendable {
    let endpoint: HTTPEndpoint
    /// `lkc-…` or the 22-character id.
    let clusterID: String

    var path: RequestPath { Self.clustersPath.appending(clusterID) }

    private static let clustersPath = RequestPath("/v3/clusters")

    /// Ids of the clusters behind an endpoint: one (embedded REST of Confluent Platform).
    static func clusterIDs(behind endpoint: HTTPEndpoint) async throws(TransportFailure) -> [String] {
        try await endpoint.items(clustersPath, of: KafkaClusterWire.self).map(\.clusterID)
    }

    /// The id the cluster gives itself.
    func ownID() async throws(TransportFailure) -> String {
        try await endpoint.get(path, as: KafkaClusterWire.self).clusterID
    }

    // MARK: Topics

    func topics() async throws(TransportFailure) -> [String: ObservedTopic] {
        try await rows(path.with("/topics"), TopicRows()).topics
    }

    /// Explicitly set configs of every topic.
    func allTopicConfigs() async throws(TransportFailure) -> [String: [String: String]] {
        try await rows(path.with("/topics/-/configs"), TopicConfigRows()).configs
    }

    /// Explicitly set configs of one topic.
    func topicConfigs(_ topic: String) async throws(TransportFailure) -> [String: String] {
        let rows = try await rows(topicPath(topic).with("/configs"), TopicConfigRows())
        return rows.configs[topic] ?? [:]
    }

    /// - Parameter isCheck: Whether the service only says what it would answer (`validate_only`).
    func createTopic(_ creation: TopicCreation, isCheck: Bool = false) async throws(TransportFailure) {
        let body = KafkaBody.Topic(
            name: creation.topic, partitions: creation.partitions, replicationFactor: creation.replicationFactor,
            configs: creation.configs.map { KafkaBody.Config(name: $0.name, value: $0.value) },
            validateOnly: isCheck ? true : nil)
        try await post(path.with("/topics"), body)
    }

    func growTopic(_ topic: String, to partitions: Int) async throws(TransportFailure) {
        let call = HTTPCall(.patch, topicPath(topic)).repeatable()
        _ = try await endpoint.send(try endpoint.encoding(KafkaBody.Partitions(count: partitions), into: call))
    }

    /// - Parameter isCheck: Whether the service only says what it would answer (`validate_only`).
    func alterTopicConfigs(
        _ topic: String, _ changes: [ConfigChange], isCheck: Bool = false
    ) async throws(TransportFailure) {
        var body = Self.alteration(changes)
        body.validateOnly = isCheck ? true : nil
        try await post(topicPath(topic).with("/configs:alter"), body)
    }

    /// Asks for deletion; the topic goes away later.
    func deleteTopic(_ topic: String) async throws(TransportFailure) {
        _ = try await endpoint.send(HTTPCall(.delete, topicPath(topic)))
    }

    // MARK: Consumer groups

    func consumerGroups() async throws(TransportFailure) -> [ConsumerGroupWire] {
        try await endpoint.items(path.with("/consumer-groups"), of: ConsumerGroupWire.self)
    }

    /// Lags of a group at the partitions it has committed offsets of (Dedicated clusters only).
    func lags(of group: String) async throws(TransportFailure) -> [ConsumerLagWire] {
        let path = path.with("/consumer-groups").appending(group).with("/lags")
        return try await endpoint.items(path, of: ConsumerLagWire.self)
    }

    // MARK: Parts

    func topicPath(_ topic: String) -> RequestPath {
        path.with("/topics").appending(topic)
    }

    static func alteration(_ changes: [ConfigChange]) -> KafkaBody.Alteration {
        KafkaBody.Alteration(data: changes.map { KafkaBody.ConfigOperation((name: $0.name, value: $0.value)) })
    }

    /// Sends a POST whose repetition answers "already exists" or has the same effect.
    func post(
        _ path: RequestPath, _ body: some Encodable, secrets: [Secret] = []
    ) async throws(TransportFailure) {
        var call = HTTPCall(.post, path).repeatable()
        call.secrets = secrets
        _ = try await endpoint.send(try endpoint.encoding(body, into: call))
    }

    func rows<Collector: RowCollector>(
        _ path: RequestPath, _ collector: Collector
    ) async throws(TransportFailure) -> Collector {
        try await endpoint.rows(path, collector)
    }
}
