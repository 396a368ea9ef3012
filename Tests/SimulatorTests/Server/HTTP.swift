import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

@testable import SimulatedConfluent
@testable import SimulatedStores
@testable import SimulatorCore
@testable import SimulatorServer

/// A status and a body, as they came over the socket.
struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var json: JSON {
        (try? JSON(parsing: body)) ?? .null
    }

    var text: String {
        String(decoding: body, as: UTF8.self)
    }
}

/// Plain HTTP over loopback with the key pair that everything accepts.
struct HTTP: Sendable {
    /// Refused connections fail at once instead of being tried again.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }()

    var credentials: String? = "SIMULATOR:simulator-secret"
    var timeout: Int64 = 20_000

    func callAsFunction(_ method: String, _ url: String, _ body: JSON? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        if let credentials {
            request.headers.add(name: "authorization", value: "Basic \(Base64.encode(Array(credentials.utf8)))")
        }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body.bytes)
        }
        let response = try await Self.client.execute(request, timeout: .milliseconds(timeout))
        let bytes = try await response.body.collect(upTo: 1 << 30)
        var headers: [String: String] = [:]
        for (name, value) in response.headers { headers[name.lowercased()] = value }
        return Answer(status: Int(response.status.code), headers: headers, body: Array(buffer: bytes))
    }
}

/// A running simulator with a virtual clock and two linked-up regions, and what tests do with it.
struct Bench: Sendable {
    let endpoints: SimulatorEndpoints
    let http = HTTP()

    static func run<Result: Sendable>(
        _ body: @escaping @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        let configuration = SimulatorConfiguration(seed: 7, clock: .virtual(start: 1_700_000_000_000))
        return try await Simulator.withRunning(configuration) { endpoints in
            try await body(Bench(endpoints: endpoints))
        }
    }

    /// Two Dedicated clusters in two regions; the first holds a topic `orders` with records.
    func seedPair() async throws {
        let answer = try await http(
            "POST", "\(endpoints.admin)/estate",
            [
                "environments": [
                    ["id": "env-w", "display_name": "west", "registry": ["id": "lsrc-w", "region": "us-west-2"]],
                    ["id": "env-e", "display_name": "east", "registry": ["id": "lsrc-e", "region": "us-east-1"]],
                ],
                "clusters": [
                    [
                        "id": "lkc-west", "kind": "Dedicated", "region": "us-west-2", "environment": "env-w",
                        "topics": [["name": "orders", "partitions": 3, "records": 10]],
                    ],
                    ["id": "lkc-east", "kind": "Dedicated", "region": "us-east-1", "environment": "env-e"],
                ],
            ])
        try #require(answer.status == 201, "\(answer.text)")
    }

    func advance(_ milliseconds: Int64) async throws {
        let answer = try await http("POST", "\(endpoints.admin)/clock", ["advanceMs": JSON(milliseconds)])
        try #require(answer.status == 200)
    }

    func overview() async throws -> JSON {
        try await http("GET", endpoints.admin).json
    }

    /// The base URL of a cluster's Kafka REST API.
    func kafka(_ id: String) async throws -> String {
        let clusters = try await overview()["clusters"]?.array ?? []
        let cluster = try #require(clusters.first { $0["id"]?.string == id })
        return "\(try #require(cluster["rest"]?.string))/kafka/v3/clusters/\(id)"
    }

    func linkBody(from source: String = "lkc-west", region: String = "us-west-2", extra: [JSON] = []) -> JSON {
        [
            "source_cluster_id": .string(source),
            "configs": .array(
                [
                    ["name": "bootstrap.servers", "value": .string("\(source).\(region).simulated:9092")],
                    ["name": "security.protocol", "value": "SASL_SSL"],
                    ["name": "sasl.mechanism", "value": "PLAIN"],
                    [
                        "name": "sasl.jaas.config",
                        "value": .string(
                            "org.apache.kafka.common.security.plain.PlainLoginModule required username='SIMULATOR' password='simulator-secret';"
                        ),
                    ],
                ] + extra),
        ]
    }

    /// A link into east with a mirror of `orders` that has caught up.
    func mirrorOrders() async throws -> String {
        try await seedPair()
        let east = try await kafka("lkc-east")
        let created = try await http("POST", "\(east)/links?link_name=west-east", linkBody())
        try #require(created.status == 201, "\(created.text)")
        try await advance(1_000)
        let mirror = try await http("POST", "\(east)/links/west-east/mirrors", ["source_topic_name": "orders"])
        try #require(mirror.status == 201, "\(mirror.text)")
        try await advance(2_000)
        return east
    }

    func set(region: String, _ body: JSON) async throws {
        let answer = try await http("PUT", "\(endpoints.admin)/regions/\(region)", body)
        try #require(answer.status == 200, "\(answer.text)")
    }
}
