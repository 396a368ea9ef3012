import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

extension Bench {
    /// A simulator with a virtual clock that begins at 1,700,000,000,000, and what else it is configured with.
    static func run<Result: Sendable>(
        faults: String? = nil, eventLimit: Int? = nil, seed: UInt64 = 7,
        _ body: @escaping @Sendable (Bench) async throws -> Result
    ) async throws -> Result {
        let configuration = SimulatorConfiguration(
            seed: seed, clock: .virtual(start: 1_700_000_000_000), faults: faults, eventLimit: eventLimit)
        return try await Simulator.withRunning(configuration) { endpoints in
            try await body(Bench(endpoints: endpoints))
        }
    }

    /// Calls the admin API and expects it to agree.
    @discardableResult
    func admin(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let answer = try await http(method, "\(endpoints.admin)/\(path)", body)
        try #require((200..<300).contains(answer.status), "\(answer.text)")
        return answer.json
    }

    func fault(_ rule: JSON) async throws {
        try await admin("POST", "faults", rule)
    }

    func tell(_ lie: Lie, _ isTold: Bool = true) async throws {
        try await admin("PUT", "lies", .object([JSON.Member(name: lie.rawValue, value: JSON(isTold))]))
    }

    func events(_ kind: String) async throws -> [JSON] {
        try await admin("GET", "events").array?.filter { $0["event"]?.string == kind } ?? []
    }

    func registry(_ id: String) async throws -> String {
        let registries = try await overview()["registries"]?.array ?? []
        return try #require(registries.first { $0["id"]?.string == id }?["url"]?.string)
    }

    func produce(_ count: Int64, to topic: String = "orders", on cluster: String = "lkc-west") async throws {
        try await admin(
            "POST", "produce", ["cluster": .string(cluster), "topic": .string(topic), "count": JSON(count)])
    }

    /// The row of a mirror on the link `west-east`.
    func row(_ topic: String = "orders", _ query: String = "") async throws -> JSON {
        try await http("GET", "\(try await kafka("lkc-east"))/links/west-east/mirrors/\(topic)\(query)").json
    }

    func status(_ topic: String = "orders") async throws -> String? {
        try await row(topic)["mirror_status"]?.string
    }

    /// Carries out an action on mirrors of `west-east`; answers the items.
    @discardableResult
    func act(_ verb: String, _ topics: [String] = ["orders"], _ query: String = "") async throws -> [JSON] {
        let east = try await kafka("lkc-east")
        let answer = try await http(
            "POST", "\(east)/links/west-east/mirrors:\(verb)\(query)", ["mirror_topic_names": JSON(topics)])
        try #require(answer.status == 200, "\(answer.text)")
        return answer.json["data"]?.array ?? []
    }

    func acl(_ permission: String, _ operation: String, _ principal: String, on topic: String = "orders") -> JSON {
        [
            "resource_type": "TOPIC", "resource_name": .string(topic), "pattern_type": "LITERAL",
            "principal": .string(principal), "host": "*", "operation": .string(operation),
            "permission": .string(permission),
        ]
    }

    /// An exporter from west to east, with east in IMPORT, that copies all subjects under their own names.
    func export(to east: String, from west: String, as name: String = "dr") async throws {
        let imported = try await http("PUT", "\(east)/mode?force=true", ["mode": "IMPORT"])
        try #require(imported.status == 200, "\(imported.text)")
        let created = try await http(
            "POST", "\(west)/exporters",
            [
                "name": .string(name), "contextType": "NONE", "subjects": ["*"],
                "config": [
                    "schema.registry.url": .string(east), "basic.auth.credentials.source": "USER_INFO",
                    "basic.auth.user.info": "SIMULATOR:simulator-secret",
                ],
            ])
        try #require(created.status == 200, "\(created.text)")
    }

    func register(_ subject: String, at registry: String, field: String = "a", id: Int? = nil) async throws -> Answer {
        let schema = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"\(field)\",\"type\":\"int\"}]}"
        var body: JSON = ["schema": .string(schema)]
        if let id { body.append("id", JSON(id)) }
        return try await http("POST", "\(registry)/subjects/\(subject)/versions", body)
    }
}
