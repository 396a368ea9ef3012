@testable import SimulatorServer
import Testing

@testable import SimulatorCore

@Suite("What is reached from where")
struct VantageTests {
    @Test("with dead brokers, Kafka REST answers as it does without them, links freeze, and the registry is well")
    func deadBrokers() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["state": "down", "service": "brokers"])
            let topics = try await bench.http("GET", "\(west)/topics")
            #expect(topics.status == 500)
            #expect(topics.json["error_code"] == 50003)
            #expect(try await bench.http("GET", "\(try await bench.registry("lsrc-w"))/subjects").status == 200)
            try await bench.produce(30)
            try await bench.advance(10_000)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 10)
            #expect(try await bench.status() == "ACTIVE")
            try await bench.advance(300_000)
            #expect(try await bench.status() == "SOURCE_UNAVAILABLE")
            try await bench.set(region: "us-west-2", ["state": "up", "service": "brokers"])
            try await bench.advance(1_000)
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 20)
        }
    }

    @Test("black-holed brokers let Kafka REST hang and free it when they are back")
    func blackHoledBrokers() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["state": "blackhole", "service": "brokers"])
            let impatient = HTTP(timeout: 200)
            await #expect(throws: (any Error).self) { try await impatient("GET", "\(west)/topics") }
            try await bench.set(region: "us-west-2", ["state": "up", "service": "brokers"])
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
        }
    }

    @Test("a registry and Kafka go down without each other")
    func servicesApart() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let (west, registry) = (try await bench.kafka("lkc-west"), try await bench.registry("lsrc-w"))
            try await bench.set(region: "us-west-2", ["state": "down", "service": "registry"])
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(registry)/subjects") }
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            try await bench.set(region: "us-west-2", ["state": "up", "service": "registry"])
            try await bench.set(region: "us-west-2", ["state": "down", "service": "kafka"])
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(west)/topics") }
            #expect(try await bench.http("GET", "\(registry)/subjects").status == 200)
            let reach = try await bench.events("reach").compactMap { $0["to"]?.string }
            #expect(reach.contains("us-west-2/registry"))
            #expect(reach.contains("us-west-2/brokers"))
        }
    }

    @Test("the runner's view, the sites' and the clients' are separate")
    func vantagesApart() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["state": "down", "vantage": "runner"])
            await #expect(throws: (any Error).self) { try await bench.http("GET", "\(west)/topics") }
            try await bench.produce(30)
            try await bench.advance(1_000)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 20)
            try await bench.set(region: "us-west-2", ["state": "up", "vantage": "runner"])
            try await bench.set(region: "us-west-2", ["state": "down", "vantage": "sites"])
            #expect(try await bench.http("GET", "\(west)/topics").status == 200)
            try await bench.produce(30)
            try await bench.advance(1_000)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 20)
        }
    }

    @Test("a slow region takes its time with every answer, and what it was asked for takes effect")
    func slow() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["latencyMs": 60_000])
            let impatient = HTTP(timeout: 200)
            await #expect(throws: (any Error).self) { try await impatient("GET", "\(west)/topics") }
            await #expect(throws: (any Error).self) {
                try await impatient("POST", "\(west)/topics", ["topic_name": "slow"])
            }
            #expect(try await bench.http("GET", "\(try await bench.kafka("lkc-east"))/topics").status == 200)
            try await bench.set(region: "us-west-2", ["latencyMs": 0])
            #expect(try await bench.http("GET", "\(west)/topics/slow").status == 200)
        }
    }

    @Test("one path between two sites can be cut while both are well")
    func path() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            try await bench.set(
                region: "us-west-2", ["state": "down", "vantage": "sites", "peer": "us-east-1", "service": "brokers"])
            try await bench.produce(30)
            try await bench.advance(1_000)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 10)
            let refused = try await bench.http(
                "PUT", "\(bench.endpoints.admin)/regions/us-west-2", ["state": "down", "peer": "us-east-1"])
            #expect(refused.status == 400)
            try await bench.set(region: "us-west-2", ["state": "up", "vantage": "sites", "peer": "us-east-1"])
            try await bench.advance(1_000)
            #expect(try await bench.row()["mirror_lags"]?.array?.first?["last_source_fetch_offset"] == 20)
        }
    }

    @Test("a site that comes back takes up its exporter, ACL sync, offset sync and auto-created mirrors by itself")
    func revival() async throws {
        try await Bench.run { bench in
            try await bench.seedPair()
            let (west, east) = (try await bench.kafka("lkc-west"), try await bench.kafka("lkc-east"))
            let extra: [JSON] = [
                ["name": "consumer.offset.sync.enable", "value": "true"],
                ["name": "consumer.offset.sync.ms", "value": "1000"],
                [
                    "name": "consumer.offset.group.filters",
                    "value":
                        "{\"groupFilters\":[{\"name\":\"*\",\"patternType\":\"LITERAL\",\"filterType\":\"INCLUDE\"}]}",
                ],
                ["name": "acl.sync.enable", "value": "true"],
                [
                    "name": "acl.filters",
                    "value":
                        "{\"aclFilters\":[{\"resourceFilter\":{\"resourceType\":\"any\",\"patternType\":\"any\"},\"accessFilter\":{\"operation\":\"any\",\"permissionType\":\"any\"}}]}",
                ],
                ["name": "auto.create.mirror.topics.enable", "value": "true"],
                [
                    "name": "auto.create.mirror.topics.filters",
                    "value":
                        "{\"topicFilters\":[{\"name\":\"*\",\"patternType\":\"LITERAL\",\"filterType\":\"INCLUDE\"}]}",
                ],
            ]
            let link = try await bench.http(
                "POST", "\(east)/links?link_name=west-east", bench.linkBody(extra: extra))
            try #require(link.status == 201, "\(link.text)")
            let (registryWest, registryEast) = (try await bench.registry("lsrc-w"), try await bench.registry("lsrc-e"))
            try await bench.export(to: registryEast, from: registryWest)
            try await bench.advance(10_000)
            #expect(try await bench.status() == "ACTIVE")

            try await bench.set(region: "us-west-2", ["state": "down", "vantage": "sites"])
            try await bench.advance(400_000)
            #expect(try await bench.status() == "SOURCE_UNAVAILABLE")
            _ = try await bench.http("POST", "\(west)/topics", ["topic_name": "late"])
            _ = try await bench.http("POST", "\(west)/acls", bench.acl("DENY", "WRITE", "User:sa-old"))
            try await bench.admin(
                "POST", "estate",
                [
                    "clusters": [
                        [
                            "id": "lkc-west", "kind": "Dedicated", "region": "us-west-2", "environment": "env-w",
                            "groups": [["id": "app", "offsets": [["topic": "orders", "partition": 0, "offset": 7]]]],
                        ]
                    ]
                ])
            let registered = try await bench.register("orders-value", at: registryWest)
            #expect(registered.status == 200)

            try await bench.set(region: "us-west-2", ["state": "up"])
            try await bench.advance(15_000)
            #expect(try await bench.status() == "ACTIVE")
            #expect(try await bench.status("late") == "ACTIVE")
            let acls = try await bench.http("GET", "\(east)/acls").json["data"]?.array ?? []
            #expect(acls.map { $0["principal"]?.string } == ["User:sa-old"])
            let lags = try await bench.http("GET", "\(east)/consumer-groups/app/lags").json["data"]?.array
            #expect(lags?.first?["current_offset"] == 7)
            #expect(try await bench.http("GET", "\(registryEast)/subjects").json == ["orders-value"])
            let status = try await bench.http("GET", "\(registryWest)/exporters/dr/status").json
            #expect(status["state"] == "RUNNING")
            #expect(status["trace"] == "")
        }
    }

    @Test("a site that comes back with another cluster id fails the link that knew the old one")
    func otherIdentity() async throws {
        try await Bench.run { bench in
            _ = try await bench.mirrorOrders()
            let west = try await bench.kafka("lkc-west")
            try await bench.set(region: "us-west-2", ["state": "down"])
            try await bench.advance(10_000)
            try await bench.set(region: "us-west-2", ["state": "up", "clusterIdentity": "new"])
            let clusters = try await bench.overview()["clusters"]?.array ?? []
            let renewed = try #require(clusters.first { $0["region"] == "us-west-2" })
            #expect(renewed["id"] != "lkc-west")
            #expect(renewed["bootstrap"] == "lkc-west.us-west-2.simulated:9092")
            #expect(renewed["topics"] == 0)
            #expect([401, 404].contains(try await bench.http("GET", "\(west)/topics").status))
            #expect(try await bench.status() == "LINK_FAILED")
            let link = try await bench.http("GET", "\(try await bench.kafka("lkc-east"))/links/west-east").json
            #expect(link["link_state"] == "FAILED")
        }
    }
}
