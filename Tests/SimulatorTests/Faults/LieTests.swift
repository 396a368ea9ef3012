import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Lies")
struct LieTests {
    /// What a check refuses while the truth is told, and what is accepted, or happens, while it is not.
    struct Case: Sendable, CustomTestStringConvertible {
        let lie: Lie
        /// Prepares a world and answers the attempt: whether it went against the check.
        let attempt: @Sendable (Bench) async throws -> Bool

        var testDescription: String { lie.rawValue }
    }

    @Test("change what a service does, each its own check", arguments: kafka + configs + links + registries + others)
    func changesBehaviour(_ example: Case) async throws {
        let isFooledByTruth = try await Bench.run { try await example.attempt($0) }
        #expect(!isFooledByTruth)
        let isFooled = try await Bench.run { bench in
            try await bench.tell(example.lie)
            return try await example.attempt(bench)
        }
        #expect(isFooled)
    }

    @Test("are all shown to change something")
    func complete() {
        let shown = (Self.kafka + Self.configs + Self.links + Self.registries + Self.others).map(\.lie)
        #expect(Set(shown) == Set(Lie.allCases))
    }

    @Test("are listed, switched one by one, and all taken back")
    func switching() async throws {
        try await Bench.run { bench in
            try await bench.tell(.aclsNotEnforced)
            let told = try await bench.admin("PUT", "lies", ["promoteIgnoresLag": true, "aclsNotEnforced": false])
            #expect(told.members?.filter { $0.value == true }.map(\.name) == ["promoteIgnoresLag"])
            #expect(told.members?.count == Lie.allCases.count)
            let unknown = try await bench.http("PUT", "\(bench.endpoints.admin)/lies", ["flatEarth": true])
            #expect(unknown.status == 400)
            try await bench.admin("DELETE", "lies")
            #expect(try await bench.admin("GET", "lies").members?.contains { $0.value == true } == false)
        }
    }

    private static let record: JSON = ["value": ["type": "STRING", "data": "x"], "partition_id": 0]

    // MARK: Kafka

    static let kafka = [
        Case(lie: .mirrorsTakeRecords) { bench in
            let east = try await bench.mirrorOrders()
            return try await bench.http("POST", "\(east)/topics/orders/records", record).status == 200
        },
        Case(lie: .aclsNotEnforced) { bench in
            try await bench.seedPair()
            try await bench.admin(
                "POST", "estate", ["keys": [["id": "APP", "secret": "s", "resource": "lkc-west", "owner": "sa-app"]]])
            let west = try await bench.kafka("lkc-west")
            _ = try await bench.http("POST", "\(west)/acls", bench.acl("DENY", "WRITE", "User:sa-app"))
            return try await HTTP(credentials: "APP:s")("POST", "\(west)/topics/orders/records", record).status == 200
        },
        Case(lie: .promoteIgnoresLag) { bench in
            _ = try await bench.mirrorOrders()
            try await bench.produce(3_000_000)
            try await bench.act("promote")
            try await bench.advance(600)
            return try await bench.status() == "STOPPED"
        },
        Case(lie: .promoteWithoutSource) { bench in
            _ = try await bench.mirrorOrders()
            try await bench.set(region: "us-west-2", ["state": "down"])
            try await bench.act("promote")
            try await bench.advance(1_000)
            return try await bench.status() == "STOPPED"
        },
        Case(lie: .verbsInAnyStatus) { bench in
            _ = try await bench.mirrorOrders()
            return try await bench.act("resume").first?["error_code"] == .null
        },
        Case(lie: .validateOnlyHasEffects) { bench in
            _ = try await bench.mirrorOrders()
            try await bench.act("pause", ["orders"], "?validate_only=true")
            return try await bench.status() == "PAUSED"
        },
        Case(lie: .promoteWithoutFinalSync) { bench in
            let east = try await bench.mirrorOrders()
            try await bench.syncOffsets()
            try await bench.seedGroup(on: "lkc-west", offset: 7)
            try await bench.act("promote")
            try await bench.advance(1_000)
            return try await bench.http("GET", "\(east)/consumer-groups/app").status == 404
        },
        Case(lie: .offsetsSyncedIntoActiveGroups) { bench in
            let east = try await bench.mirrorOrders()
            try await bench.syncOffsets()
            try await bench.seedGroup(on: "lkc-east", offset: 3, state: "STABLE")
            try await bench.seedGroup(on: "lkc-west", offset: 7)
            try await bench.advance(40_000)
            let lags = try await bench.http("GET", "\(east)/consumer-groups/app/lags").json["data"]?.array
            return lags?.first?["current_offset"] == 7
        },
        Case(lie: .offsetsSyncedPastEnd) { bench in
            let east = try await bench.mirrorOrders()
            try await bench.syncOffsets()
            try await bench.seedGroup(on: "lkc-west", offset: 5_000)
            try await bench.advance(40_000)
            let lags = try await bench.http("GET", "\(east)/consumer-groups/app/lags").json["data"]?.array
            return lags?.first?["current_offset"] == 5_000
        },
        Case(lie: .offsetsSyncedAfterStop) { bench in
            let east = try await bench.mirrorOrders()
            try await bench.syncOffsets()
            try await bench.seedGroup(on: "lkc-west", offset: 5)
            try await bench.act("failover")
            try await bench.advance(1_000)
            try await bench.seedGroup(on: "lkc-east", offset: 9)
            try await bench.advance(40_000)
            let lags = try await bench.http("GET", "\(east)/consumer-groups/app/lags").json["data"]?.array
            return lags?.first?["current_offset"] == 5
        },
        Case(lie: .restoreWithoutStoppedRow) { bench in
            let west = try await bench.bidirectionalPair()
            return try await bench.restores(at: west)
        },
        Case(lie: .restoreWithActiveGroups) { bench in
            let west = try await bench.bidirectionalPair()
            _ = try await bench.http(
                "POST", "\(try await bench.kafka("lkc-east"))/links/dr/mirrors:failover",
                ["mirror_topic_names": ["orders"]])
            try await bench.advance(1_000)
            try await bench.seedGroup(on: "lkc-west", offset: 7, state: "STABLE")
            return try await bench.restores(at: west)
        },
    ]

    static let configs = [
        Case(lie: .mirrorConfigsWritable) { bench in
            let east = try await bench.mirrorOrders()
            let url = "\(east)/topics/orders/configs/cleanup.policy"
            return try await bench.http("PUT", url, ["value": "compact"]).status == 204
        }
    ]

    static let links = [
        Case(lie: .linkDeletedWithMirrors) { bench in
            let east = try await bench.mirrorOrders()
            return try await bench.http("DELETE", "\(east)/links/west-east").status == 204
        },
        Case(lie: .linkIdentityUnchecked) { bench in
            try await bench.seedPair()
            let east = try await bench.kafka("lkc-east")
            let body: JSON = [
                "source_cluster_id": "lkc-other", "configs": bench.linkBody()["configs"] ?? .null,
            ]
            return try await bench.http("POST", "\(east)/links?link_name=odd", body).status == 201
        },
        Case(lie: .linkCredentialsUnchecked) { bench in
            try await bench.seedPair()
            let east = try await bench.kafka("lkc-east")
            let wrong = "Module required username='SIMULATOR' password='wrong';"
            let configs = (bench.linkBody()["configs"]?.array ?? []).filter { $0["name"] != "sasl.jaas.config" }
            let body: JSON = [
                "source_cluster_id": "lkc-west",
                "configs": .array(configs + [["name": "sasl.jaas.config", "value": .string(wrong)]]),
            ]
            return try await bench.http("POST", "\(east)/links?link_name=odd", body).status == 201
        },
    ]

    // MARK: Registries and the rest

    static let registries = [
        Case(lie: .importOverSubjects) { bench in
            let west = try await bench.filledRegistry()
            return try await bench.http("PUT", "\(west)/mode", ["mode": "IMPORT"]).status == 200
        },
        Case(lie: .idCollisionsAccepted) { bench in
            let west = try await bench.filledRegistry()
            _ = try await bench.http("PUT", "\(west)/mode?force=true", ["mode": "IMPORT"])
            return try await bench.register("other", at: west, field: "b", id: 100_001).status == 200
        },
        Case(lie: .modesNotEnforced) { bench in
            let west = try await bench.filledRegistry()
            _ = try await bench.http("PUT", "\(west)/mode", ["mode": "READONLY"])
            return try await bench.register("other", at: west, field: "b").status == 200
        },
        Case(lie: .compatibilityUnchecked) { bench in
            let west = try await bench.filledRegistry()
            return try await bench.register("orders", at: west, field: "b").status == 200
        },
        Case(lie: .referencesUnchecked) { bench in
            let west = try await bench.filledRegistry()
            let body: JSON = [
                "schema": "{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}",
                "references": [["name": "R", "subject": "orders", "version": 1]],
            ]
            let made = try await bench.http("POST", "\(west)/subjects/referrer/versions", body)
            try #require(made.status == 200, "\(made.text)")
            return try await bench.http("DELETE", "\(west)/subjects/orders").status == 200
        },
        Case(lie: .hardDeleteAtOnce) { bench in
            let west = try await bench.filledRegistry()
            return try await bench.http("DELETE", "\(west)/subjects/orders?permanent=true").status == 200
        },
        Case(lie: .exportersChangedWhileRunning) { bench in
            let west = try await bench.filledRegistry()
            try await bench.export(to: try await bench.registry("lsrc-e"), from: west)
            try await bench.advance(5_000)
            return try await bench.http("DELETE", "\(west)/exporters/dr").status < 300
        },
        Case(lie: .maskedSecretsKept) { bench in
            let west = try await bench.filledRegistry()
            try await bench.export(to: try await bench.registry("lsrc-e"), from: west)
            try await bench.advance(5_000)
            let read = try await bench.http("GET", "\(west)/exporters/dr").json
            _ = try await bench.http("PUT", "\(west)/exporters/dr/pause")
            _ = try await bench.http("PUT", "\(west)/exporters/dr", read)
            _ = try await bench.http("PUT", "\(west)/exporters/dr/resume")
            _ = try await bench.register("later", at: west, field: "c")
            try await bench.advance(5_000)
            return try await bench.http("GET", "\(west)/exporters/dr/status").json["trace"] == ""
        },
    ]

    static let others = [
        Case(lie: .credentialsUnchecked) { bench in
            try await bench.seedPair()
            return try await HTTP(credentials: "x:y")("GET", "\(try await bench.kafka("lkc-west"))/topics").status
                == 200
        },
        Case(lie: .deletionProtectionIgnored) { bench in
            try await bench.seedPair()
            let cluster = "\(bench.endpoints.controlPlane)/cmk/v2/clusters/lkc-west"
            let spec: JSON = ["spec": ["deletion_protection": true, "environment": ["id": "env-w"]]]
            let protected = try await bench.http("PATCH", cluster, spec)
            try #require(protected.status == 200, "\(protected.text)")
            return try await bench.http("DELETE", "\(cluster)?environment=env-w").status == 204
        },
        Case(lie: .storesWriteUnchecked) { bench in
            let store = try await bench.admin("POST", "stores", ["kind": "consul", "name": "consul"])
            let key = "\(store["url"]?.string ?? "")/v1/kv/a?cas=7&token=simulator-secret"
            return try await bench.http("PUT", key, "x").json == true
        },
    ]
}

extension Bench {
    fileprivate func syncOffsets() async throws {
        let filter = "{\"groupFilters\":[{\"name\":\"*\",\"patternType\":\"LITERAL\",\"filterType\":\"INCLUDE\"}]}"
        let answer = try await http(
            "PUT", "\(try await kafka("lkc-east"))/links/west-east/configs:alter",
            [
                "data": [
                    ["name": "consumer.offset.group.filters", "value": .string(filter)],
                    ["name": "consumer.offset.sync.enable", "value": "true"],
                ]
            ])
        try #require(answer.status == 204, "\(answer.text)")
    }

    fileprivate func seedGroup(on cluster: String, offset: Int64, state: String = "EMPTY") async throws {
        let isWest = cluster == "lkc-west"
        try await admin(
            "POST", "estate",
            [
                "clusters": [
                    [
                        "id": .string(cluster), "kind": "Dedicated",
                        "region": isWest ? "us-west-2" : "us-east-1", "environment": isWest ? "env-w" : "env-e",
                        "groups": [
                            [
                                "id": "app", "state": .string(state),
                                "offsets": [["topic": "orders", "partition": 0, "offset": JSON(offset)]],
                            ]
                        ],
                    ]
                ]
            ])
    }

    /// A bidirectional link `dr` with `orders` of west mirrored on east; answers the URL of west.
    fileprivate func bidirectionalPair() async throws -> String {
        try await seedPair()
        let (west, east) = (try await kafka("lkc-west"), try await kafka("lkc-east"))
        for (here, there, region) in [(east, "lkc-west", "us-west-2"), (west, "lkc-east", "us-east-1")] {
            var configs = linkBody(from: there, region: region)["configs"]?.array ?? []
            configs.append(["name": "link.mode", "value": "BIDIRECTIONAL"])
            let body: JSON = ["remote_cluster_id": .string(there), "configs": .array(configs)]
            let made = try await http("POST", "\(here)/links?link_name=dr", body)
            try #require(made.status == 201, "\(made.text)")
        }
        try await advance(1_000)
        let mirror = try await http("POST", "\(east)/links/dr/mirrors", ["source_topic_name": "orders"])
        try #require(mirror.status == 201, "\(mirror.text)")
        try await advance(2_000)
        return west
    }

    fileprivate func restores(at cluster: String) async throws -> Bool {
        let answer = try await http(
            "POST", "\(cluster)/links/dr/mirrors:truncate-and-restore", ["mirror_topic_names": ["orders"]])
        return answer.json["data"]?.array?.first?["error_code"] == .null
    }

    /// The registry of west with one subject.
    fileprivate func filledRegistry() async throws -> String {
        try await seedPair()
        let west = try await registry("lsrc-w")
        let made = try await register("orders", at: west)
        try #require(made.status == 200, "\(made.text)")
        return west
    }
}
