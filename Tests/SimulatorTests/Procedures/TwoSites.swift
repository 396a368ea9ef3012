@testable import SimulatorServer
import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

/// Two regions, each with a cluster and a registry, driven by plain HTTP as an operator with a runbook would.
struct TwoSites: Sendable {
    let bench: Bench
    /// The primary of the documented procedures ("A"), where the records come from.
    let west: Site
    /// The place to fail over to ("B").
    let east: Site

    /// Runs a procedure against a simulator of its own. West has `orders` with 10 records in each of 3 partitions.
    static func run(_ body: @escaping @Sendable (TwoSites) async throws -> Void) async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let registries = try await bench.overview()["registries"]?.array ?? []
            func site(_ id: String, _ region: String, _ registry: String) async throws -> Site {
                let url = registries.first { $0["id"]?.string == registry }?["url"]?.string
                return Site(
                    id: id, region: region, rest: try await bench.kafka(id), registryURL: try #require(url),
                    bench: bench)
            }
            let west = try await site("lkc-west", "us-west-2", "lsrc-w")
            let east = try await site("lkc-east", "us-east-1", "lsrc-e")
            try await body(TwoSites(bench: bench, west: west, east: east))
        }
    }

    func wait(_ milliseconds: Int64) async throws {
        try await bench.advance(milliseconds)
    }

    /// Kills or revives a whole region, or only what one vantage point sees of it.
    func set(_ site: Site, _ state: String, vantage: String? = nil) async throws {
        var body: JSON = ["state": .string(state)]
        if let vantage { body.append("vantage", .string(vantage)) }
        try await bench.set(region: site.region, body)
    }

    // MARK: Set-ups the procedures start from

    static let offsetSync = [
        "consumer.offset.sync.enable": "true",
        "consumer.offset.group.filters":
            #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#,
    ]

    /// A link `dr` on `site` that reads from `source`.
    func link(_ site: Site, from source: Site, _ configs: [String: String] = [:]) async throws {
        let body = site.linkBody(role: "source_cluster_id", remote: source, configs)
        try await site.expect(201, "POST", "links?link_name=dr", body)
        try await wait(1_000)
    }

    /// Both halves of a bidirectional link `dr`.
    func pair(_ configs: [String: String] = offsetSync) async throws {
        let configs = configs.merging(["link.mode": "BIDIRECTIONAL"]) { $1 }
        for (site, remote) in [(east, west), (west, east)] {
            let body = site.linkBody(role: "remote_cluster_id", remote: remote, configs)
            try await site.expect(201, "POST", "links?link_name=dr", body)
        }
        try await wait(1_000)
    }

    /// A mirror that has caught up.
    func mirror(_ topic: String = "orders", on site: Site) async throws {
        try await site.expect(201, "POST", "links/dr/mirrors", ["source_topic_name": .string(topic)])
        try await wait(2_000)
        #expect(try await site.status(topic) == "ACTIVE")
        #expect(try await site.lags(topic).allSatisfy { $0.lag == 0 })
    }

    /// An exporter of everything, ids kept, into the other registry's own contexts.
    func export(_ name: String, from source: Site, to destination: Site) async throws {
        let answer = try await source.registry("POST", "exporters", exporterBody(name, to: destination))
        try #require(answer.status == 200, "\(answer.text)")
        try await wait(3_000)
    }

    func exporterBody(_ name: String, to destination: Site) -> JSON {
        [
            "name": .string(name), "contextType": "NONE", "subjects": ["*"],
            "config": [
                "schema.registry.url": .string(destination.registryURL), "basic.auth.credentials.source": "USER_INFO",
                "basic.auth.user.info": "SIMULATOR:simulator-secret",
            ],
        ]
    }
}

/// One region's cluster and registry.
struct Site: Sendable {
    let id: String
    let region: String
    /// The cluster's base URL.
    let rest: String
    let registryURL: String
    let bench: Bench

    var bootstrap: String { "\(id).\(region).simulated:9092" }

    func kafka(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> Answer {
        try await bench.http(method, "\(rest)/\(path)", body)
    }

    func registry(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> Answer {
        try await bench.http(method, "\(registryURL)/\(path)", body)
    }

    @discardableResult
    func expect(
        _ status: Int, _ method: String, _ path: String, _ body: JSON? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let answer = try await kafka(method, path, body)
        try #require(answer.status == status, "\(method) \(path): \(answer.text)", sourceLocation: sourceLocation)
        return answer.json
    }

    func linkBody(role: String, remote: Site, _ configs: [String: String] = [:]) -> JSON {
        let all = [
            "bootstrap.servers": remote.bootstrap, "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
            "sasl.jaas.config": KafkaBench.jaas(),
        ].merging(configs) { $1 }
        return .object([
            JSON.Member(name: role, value: .string(remote.id)),
            JSON.Member(
                name: "configs",
                value: .array(
                    all.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] })),
        ])
    }

    // MARK: Topics and rows

    func row(_ topic: String, flags: String = "") async throws -> JSON {
        try await expect(200, "GET", "links/dr/mirrors/\(topic)\(flags)")
    }

    func status(_ topic: String) async throws -> String? {
        try await row(topic)["mirror_status"]?.string
    }

    func lags(_ topic: String) async throws -> [(lag: Int64?, offset: Int64?)] {
        (try await row(topic)["mirror_lags"]?.array ?? []).map {
            ($0["lag"]?.int, $0["last_source_fetch_offset"]?.int)
        }
    }

    /// The codes of the items of an action; `nil` where an item was accepted.
    func act(_ verb: String, _ body: JSON, flags: String = "") async throws -> [Int64?] {
        let answer = try await expect(200, "POST", "links/dr/mirrors:\(verb)\(flags)", body)
        return (answer["data"]?.array ?? []).map { $0["error_code"]?.int }
    }

    func act(_ verb: String, _ topics: String...) async throws -> [Int64?] {
        try await act(verb, ["mirror_topic_names": JSON(topics)])
    }

    func ends(_ topic: String, partitions: Int = 3) async throws -> [Int64] {
        var ends: [Int64] = []
        for partition in 0..<partitions {
            let url = "\(bench.endpoints.admin)/records/\(id)/\(topic)/\(partition)"
            ends.append(try #require(try await bench.http("GET", url).json["end"]?.int))
        }
        return ends
    }

    /// What a partition holds, as segments of records with the place where they were appended first.
    func segments(_ topic: String, _ partition: Int) async throws -> JSON? {
        try await bench.http("GET", "\(bench.endpoints.admin)/records/\(id)/\(topic)/\(partition)").json["segments"]
    }

    /// Appends records by number, to one partition.
    func load(_ count: Int64, _ topic: String = "orders", partition: Int = 0) async throws {
        let answer = try await bench.http(
            "POST", "\(bench.endpoints.admin)/produce",
            [
                "cluster": .string(id), "topic": .string(topic), "count": JSON(count), "partition": JSON(partition),
                "client": "shop",
            ])
        try #require(answer.status == 200, "\(answer.text)")
    }

    /// Produces one record over REST.
    func produce(_ topic: String = "orders", partition: Int = 0) async throws -> Answer {
        try await kafka(
            "POST", "topics/\(topic)/records",
            ["partition_id": JSON(partition), "value": ["type": "STRING", "data": "paid"]])
    }

    // MARK: Groups

    /// What a consumer of partition 0 did: its committed offset, and whether it has members.
    func consume(_ group: String, at offset: Int64, state: String = "EMPTY", topic: String = "orders") async throws {
        let answer = try await bench.http(
            "POST", "\(bench.endpoints.admin)/estate",
            [
                "clusters": [
                    [
                        "id": .string(id), "kind": "Dedicated", "region": .string(region),
                        "groups": [
                            [
                                "id": .string(group), "state": .string(state),
                                "offsets": [["topic": .string(topic), "partition": 0, "offset": JSON(offset)]],
                            ]
                        ],
                    ]
                ]
            ])
        try #require(answer.status == 201, "\(answer.text)")
    }

    /// The committed offset of a group in partition 0; `nil` when it has none.
    func committed(_ group: String, topic: String = "orders") async throws -> Int64? {
        try await kafka("GET", "consumer-groups/\(group)/lags/\(topic)/partitions/0").json["current_offset"]?.int
    }

    // MARK: Schemas

    func setMode(_ mode: String, flags: String = "") async throws -> Int {
        try await registry("PUT", "mode\(flags)", ["mode": .string(mode)]).status
    }

    func register(_ subject: String, _ field: String, id: Int? = nil) async throws -> Answer {
        var body: JSON = ["schema": .string(RegistryBench.record(["id:long", "\(field):string="]))]
        if let id { body.append("id", JSON(id)) }
        return try await registry("POST", "subjects/\(subject)/versions", body)
    }

    /// Everything registered: subject, version and id.
    func schemas() async throws -> [String] {
        (try await registry("GET", "schemas?subjectPrefix=:*:").json.array ?? []).map {
            "\($0["subject"]?.string ?? "") \($0["version"]?.int ?? 0) \($0["id"]?.int ?? 0)"
        }
    }

    func exporter(_ name: String) async throws -> (state: String?, trace: String?) {
        let status = try await registry("GET", "exporters/\(name)/status").json
        return (status["state"]?.string, status["trace"]?.string)
    }
}
