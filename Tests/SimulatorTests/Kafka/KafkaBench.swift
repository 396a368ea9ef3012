import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

/// Two clusters in two regions and a clock, without sockets.
final class KafkaBench {
    let kafka: KafkaEstate
    var stage = Stage(now: 1_700_000_000_000, seed: 11)
    let west: Cluster
    let east: Cluster

    init(west: Cluster.Kind = .dedicated, east: Cluster.Kind = .dedicated) {
        kafka = KafkaEstate()
        self.west = Self.cluster("lkc-west", west, site: "us-west-2")
        self.east = Self.cluster("lkc-east", east, site: "us-east-1")
        kafka.insert(self.west)
        kafka.insert(self.east)
    }

    private static func cluster(_ id: String, _ kind: Cluster.Kind, site: String) -> Cluster {
        Cluster(
            id: id, displayName: id, kind: kind, site: site, bootstrap: "\(id):9092", restURL: "http://\(id).test")
    }

    /// Sends a request to the cluster whose id is in the path's first segment, and returns status and body.
    @discardableResult
    func call(
        _ method: String, _ cluster: Cluster, _ path: String, _ body: JSON? = nil,
        as credentials: Credentials? = .everywhere
    ) -> (status: Int, json: JSON) {
        let parts = path.split(separator: "?", maxSplits: 1)
        var headers: [String: String] = [:]
        if let credentials {
            headers["authorization"] = "Basic \(Base64.encode(Array("\(credentials.key):\(credentials.secret)".utf8)))"
        }
        let request = Request(
            method: method,
            path: ["kafka", "v3", "clusters", cluster.id] + (parts.first ?? "").split(separator: "/").map(String.init),
            query: parts.count < 2
                ? []
                : parts[1].split(separator: "&").map { item in
                    let pair = item.split(separator: "=", maxSplits: 1)
                    return (String(pair[0]), pair.count > 1 ? String(pair[1]) : "")
                },
            headers: headers, body: body?.bytes ?? [])
        let response = kafka.respond(to: request, site: cluster.site, in: &stage)
        return (response.status, (try? JSON(parsing: response.body)) ?? .null)
    }

    func advance(_ milliseconds: Milliseconds) {
        kafka.advance(to: stage.now + milliseconds, in: &stage)
    }

    /// Cuts or restores the connection between the two regions.
    func connect(_ isConnected: Bool) {
        let places = Service.allCases.map { Reachability.Place(region: west.site, service: $0) }
        stage.reachability.isolated = isConnected ? [] : Set(places)
        kafka.refreshLinks(in: &stage)
    }

    func topic(_ name: String, on cluster: Cluster, partitions: Int = 2, records: Int64 = 0) -> Topic {
        let topic = kafka.createTopic(
            name, partitions: partitions, replicationFactor: 3, on: cluster, in: &stage)
        produce(records, to: topic, on: cluster)
        return topic
    }

    func produce(_ records: Int64, to topic: Topic, partition: Int = 0, on cluster: Cluster) {
        guard records > 0 else { return }
        kafka.append(records, to: topic, partition: partition, on: cluster, by: .client("test"), in: &stage)
    }

    static func jaas(_ key: String = "SIMULATOR", _ secret: String = "simulator-secret") -> String {
        "org.apache.kafka.common.security.plain.PlainLoginModule required username='\(key)' password='\(secret)';"
    }

    /// The body that links `source` into another cluster.
    func linkBody(
        _ configs: [String: String] = [:], role: String = "source_cluster_id", remote: Cluster? = nil,
        jaas: String = KafkaBench.jaas()
    ) -> JSON {
        let remote = remote ?? west
        let all = [
            "bootstrap.servers": remote.bootstrap, "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
            "sasl.jaas.config": jaas,
        ].merging(configs) { $1 }
        return .object([
            JSON.Member(name: role, value: .string(remote.id)),
            JSON.Member(
                name: "configs",
                value: .array(
                    all.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] })),
        ])
    }

    /// A link named `dr` into east.
    func link(_ configs: [String: String] = [:]) throws {
        let answer = call("POST", east, "links?link_name=dr", linkBody(configs))
        try #require(answer.status == 201, "\(answer.json)")
        advance(1_000)
    }

    /// A mirror on link `dr` that has had time to become ACTIVE and catch up.
    func mirror(_ name: String) throws {
        let answer = call("POST", east, "links/dr/mirrors", ["source_topic_name": .string(name)])
        try #require(answer.status == 201, "\(answer.json)")
        advance(1_000)
    }

    func status(_ name: String) -> String? {
        call("GET", east, "links/dr/mirrors/\(name)").json["mirror_status"]?.string
    }

    func lag(_ name: String, partition: Int = 0) -> (lag: Int64?, offset: Int64?) {
        let lags = call("GET", east, "links/dr/mirrors/\(name)").json["mirror_lags"]?.array ?? []
        return (lags[partition]["lag"]?.int, lags[partition]["last_source_fetch_offset"]?.int)
    }

    func act(_ verb: String, _ names: [String], flags: String = "") -> [JSON] {
        call(
            "POST", east, "links/dr/mirrors:\(verb)\(flags)", ["mirror_topic_names": JSON(names)]
        ).json["data"]?.array ?? []
    }

    func linkConfig(_ name: String) -> JSON {
        call("GET", east, "links/dr/configs/\(name)").json
    }

    @discardableResult
    func alterLink(_ configs: [String: String]) -> (status: Int, json: JSON) {
        call(
            "PUT", east, "links/dr/configs:alter",
            [
                "data": .array(
                    configs.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] })
            ])
    }
}
