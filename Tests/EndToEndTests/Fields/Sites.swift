import SimulatorServer
import Testing
import TestSupport

/// Sites that exist, and are found by their names.
enum Sites {
    static let pair: JSONValue = ["apiKey": ["env": "KAFKA_KEY"], "apiSecret": ["env": "KAFKA_SECRET"]]

    static func region(of site: String) -> String {
        all.first { $0.0 == site }?.2 ?? site
    }

    /// Name, letter of the ids, region.
    private static let all = [("west", "w", "us-west-2"), ("east", "e", "us-east-1"), ("south", "s", "us-south-1")]

    /// Sites of Confluent Cloud with their topics of one partition.
    static func estate(kind: String = "Dedicated", topics: [String: [String]] = [:]) -> JSONValue {
        [
            "environments": .list(all.map { environment($0.1, region: $0.2) }),
            "clusters": .list(
                all.map { name, letter, region in
                    let topics = (topics[name] ?? []).map { topic -> JSONValue in
                        ["name": .text(topic), "partitions": 1, "internal": .bool(topic.hasPrefix("__"))]
                    }
                    return cluster(name, letter, kind, region).with(.list(topics), at: ["topics"])
                }),
        ]
    }

    private static func environment(_ letter: String, region: String) -> JSONValue {
        [
            "id": .text("env-\(letter)"), "display_name": .text("env-\(letter)"), "package": "ADVANCED",
            "registry": ["id": .text("lsrc-\(letter)"), "region": .text(region)],
        ]
    }

    private static func cluster(_ name: String, _ letter: String, _ kind: String, _ region: String) -> JSONValue {
        [
            "id": .text("lkc-\(letter)"), "kind": .text(kind), "region": .text(region),
            "environment": .text("env-\(letter)"), "display_name": .text(name),
        ]
    }

    /// The control plane.
    static func connection(_ stage: Stage, named name: String = "c") -> JSONValue {
        Documents.of(
            "Connection", name,
            [
                "confluentCloud": [
                    "endpoint": .text(stage.endpoints.controlPlane), "apiKey": ["env": "CLOUD_KEY"],
                    "apiSecret": ["env": "CLOUD_SECRET"],
                ]
            ])
    }

    /// The control plane, and manifests of sites that are observed.
    static func documents(
        _ stage: Stage, kind: String = "Dedicated", of names: [String] = ["west", "east", "south"]
    ) -> [JSONValue] {
        [connection(stage)]
            + all.filter { names.contains($0.0) }.flatMap { name, letter, _ in
                [
                    Documents.of(
                        "Environment", "env-\(letter)",
                        ["connection": "c", "schemaRegistry": ["credentials": pair, "linkCredentials": pair]]),
                    Documents.of(
                        "Cluster", name,
                        [
                            "environment": .text("env-\(letter)"), "type": .text(kind), "credentials": pair,
                            "linkCredentials": pair,
                        ]),
                ]
            }
    }
}

extension Stage {
    /// What Kafka REST says of something below a cluster; null where it is not there.
    func live(_ path: String, on cluster: String) async throws -> JSONValue {
        try await found("\(try await kafka(cluster))/\(path)")
    }

    /// What the registry of a site says; null where it is not there.
    func registered(_ path: String, at cluster: String) async throws -> JSONValue {
        let region = Sites.region(of: cluster)
        return try await found("\(try await registry(in: region))/\(path)")
    }

    private func found(_ url: String) async throws -> JSONValue {
        let answer = try await http.answer("GET", url, headers: http.signIn)
        if answer.status == 404 { return .null }
        try #require((200..<300).contains(answer.status), "\(url): \(answer)")
        return try JSONValue(parsing: answer.body)
    }

    /// The value of a config of a topic or a link.
    func config(_ name: String, of object: String, on cluster: String) async throws -> JSONValue {
        try await live("\(object)/configs/\(name)", on: cluster)["value"]
    }

    /// Names in a list of a cluster, sorted.
    func names(_ key: String, in path: String, on cluster: String) async throws -> JSONValue {
        .list(try await live(path, on: cluster)["data"].array.compactMap { $0[key].string }.sorted().map { .text($0) })
    }
}
