import Foundation
import Testing

@testable import SimulatorCore
@testable import SimulatorServer

/// A folder of published bindings, gone when the test is over.
struct BindingFolder: Sendable {
    let path: String

    static func with<Result: Sendable>(
        _ body: @escaping @Sendable (BindingFolder) async throws -> Result
    ) async throws -> Result {
        let path = NSTemporaryDirectory() + "bindings-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(BindingFolder(path: path))
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Publishes where applications find their cluster, and as whom.
    func publish(
        _ cluster: String, _ region: String, key: String = "SIMULATOR", secret: String = "simulator-secret",
        in name: String = "app.properties"
    ) throws {
        let text = """
            bootstrap.servers=\(cluster).\(region).simulated:9092
            security.protocol=SASL_SSL
            sasl.username=\(key)
            sasl.password=\(secret)

            """
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
    }

    func publishWest() throws { try publish("lkc-west", "us-west-2") }
    func publishEast() throws { try publish("lkc-east", "us-east-1") }

    func client(
        _ name: String, read: JSON, consumes: Bool = false, perSecond: Int64 = 10, in file: String = "app.properties"
    ) -> JSON {
        var client: JSON = [
            "name": .string(name), "group": "orders", "read": read,
            "binding": ["file": .string(self.file(file))],
        ]
        if perSecond > 0 { client.append("produce", [["topic": "orders", "perSecond": JSON(perSecond)]]) }
        if consumes { client.append("consume", ["group": "app", "topics": ["orders"]]) }
        return client
    }
}

extension Bench {
    func work(_ clients: [JSON]) async throws {
        try await admin("POST", "workload", ["clients": .array(clients)])
    }

    func report() async throws -> JSON {
        try await admin("GET", "workload")
    }

    func client(_ name: String) async throws -> JSON {
        let clients = try await report()["clients"]?.array ?? []
        return try #require(clients.first { $0["name"]?.string == name })
    }
}

@Suite("Applications")
struct WorkloadTests {
    @Test("find their cluster through the published file only, produce at their rate, consume and commit")
    func steady() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                try await bench.work([
                    folder.client("writer", read: "start"),
                    folder.client("reader", read: "start", consumes: true, perSecond: 0),
                ])
                try await bench.advance(5_000)
                #expect(try await bench.client("writer")["refused"]?["noBinding"] == 50)
                try folder.publishWest()
                try await bench.advance(10_000)
                let writer = try await bench.client("writer")
                #expect(writer["cluster"] == "lkc-west")
                #expect(writer["acknowledged"] == 100)
                let reader = try await bench.client("reader")
                #expect(reader["consumed"]?.int ?? 0 >= 129)
                #expect(reader["duplicates"] == 0)
                #expect(reader["gaps"] == 0)
                #expect(try await bench.events("clientReads").map { $0["client"]?.string } == ["writer", "reader"])
                let appended = try await bench.events("append").filter { $0["actor"] == ["client": "writer"] }
                #expect(appended.allSatisfy { $0["acknowledged"] == true && $0["cluster"] == "lkc-west" })
                let commits = try await bench.events("commit").filter { $0["actor"] == ["client": "reader"] }
                #expect(!commits.isEmpty)
                let west = try await bench.kafka("lkc-west")
                let group = try await bench.http("GET", "\(west)/consumer-groups/app").json
                #expect(group["state"] == "STABLE")
                let report = try await bench.admin("DELETE", "workload")
                #expect(report["groups"]?.array?.first?["lost"] == 0)
                #expect(try await bench.http("GET", "\(west)/consumer-groups/app").json["state"] == "EMPTY")
                #expect(try await bench.report()["clients"] == [])
            }
        }
    }

    @Test("live through the loss of a site: what was not copied is lost, and the outage is measured")
    func disaster() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                try folder.publishWest()
                try await bench.work([folder.client("writer", read: ["pollMs": 500], perSecond: 100)])
                try await bench.advance(10_000)
                try await bench.set(region: "us-west-2", ["state": "down", "vantage": "sites"])
                try await bench.advance(1_000)
                try await bench.set(region: "us-west-2", ["state": "down"])
                try await bench.advance(20_000)
                let before = try await bench.client("writer")
                #expect(before["acknowledged"] == 1_100)
                #expect(before["refused"]?["unreachable"] == 2_000)
                try await bench.act("failover")
                try await bench.advance(1_000)
                try folder.publishEast()
                try await bench.advance(5_000)
                let group = try #require(try await bench.report()["groups"]?.array?.first)
                let lost = try #require(group["lost"]?.int)
                #expect((100...120).contains(lost))
                let move = try #require(group["moves"]?.array?.first)
                #expect(move["from"] == "lkc-west")
                #expect(move["to"] == "lkc-east")
                #expect(move["lastAckBefore"] == 1_700_000_014_000)
                #expect((21_000...21_600).contains(move["outageMs"]?.int ?? 0))
                try await bench.set(region: "us-west-2", ["state": "up"])
                #expect(try await bench.report()["groups"]?.array?.first?["lost"] == 0)
            }
        }
    }

    @Test("a planned move over a mirror that has caught up loses nothing and repeats nothing that was committed")
    func plannedMove() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                let east = try await bench.mirrorOrders()
                let filter =
                    "{\"groupFilters\":[{\"name\":\"*\",\"patternType\":\"LITERAL\",\"filterType\":\"INCLUDE\"}]}"
                _ = try await bench.http(
                    "PUT", "\(east)/links/west-east/configs:alter",
                    [
                        "data": [
                            ["name": "consumer.offset.group.filters", "value": .string(filter)],
                            ["name": "consumer.offset.sync.enable", "value": "true"],
                        ]
                    ])
                try folder.publishWest()
                try await bench.work([
                    folder.client("writer", read: ["pollMs": 500]),
                    folder.client("reader", read: ["pollMs": 500], consumes: true, perSecond: 0),
                ])
                try await bench.advance(10_000)
                let west = try await bench.kafka("lkc-west")
                let deny = bench.acl("DENY", "WRITE", "User:SIMULATOR")
                #expect(try await bench.http("POST", "\(west)/acls", deny).status == 201)
                try await bench.advance(5_000)
                #expect(try await bench.client("writer")["refused"]?["denied"] == 50)
                try await bench.act("promote")
                try await bench.advance(2_000)
                try folder.publishEast()
                try await bench.advance(10_000)
                let report = try await bench.report()
                #expect(report["groups"]?.array?.first?["lost"] == 0)
                let consumers = try #require(report["consumerGroups"]?.array?.first)
                #expect(consumers["gaps"] == 0)
                #expect(consumers["duplicates"] == 0)
                #expect(try await bench.client("writer")["lastAckOn"] == "lkc-east")
                #expect(try await bench.http("GET", "\(west)/consumer-groups/app").json["state"] == "EMPTY")
            }
        }
    }

    @Test("consumers without synced offsets begin again, and those that jump ahead leave a gap")
    func duplicatesAndGaps() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                try folder.publishWest()
                try await bench.work([
                    folder.client("writer", read: ["pollMs": 500]),
                    folder.client("reader", read: ["pollMs": 500], consumes: true, perSecond: 0),
                ])
                try await bench.advance(10_000)
                try await bench.act("failover")
                try await bench.advance(1_000)
                try folder.publishEast()
                try await bench.advance(2_000)
                let again = try await bench.client("reader")
                #expect(again["duplicates"]?.int ?? 0 >= 120)
                try await bench.admin("DELETE", "workload")

                var jumping = folder.client("jumper", read: "start", perSecond: 0)
                jumping.append("consume", ["group": "new", "topics": ["orders"], "reset": "latest", "batch": 1])
                try await bench.work([jumping])
                try await bench.advance(1_000)
                #expect(try await bench.client("jumper")["gaps"] == 0)
                try await bench.produce(30, on: "lkc-east")
                try await bench.admin(
                    "POST", "estate",
                    [
                        "clusters": [
                            [
                                "id": "lkc-west", "kind": "Dedicated", "region": "us-west-2", "environment": "env-w",
                                "groups": [
                                    ["id": "new", "offsets": [["topic": "orders", "partition": 0, "offset": 40]]]
                                ],
                            ]
                        ]
                    ])
                try folder.publishWest()
                try await bench.admin("POST", "workload/restart", ["clients": ["jumper"]])
                try await bench.advance(1_000)
                #expect(try await bench.client("jumper")["gaps"]?.int ?? 0 > 0)
            }
        }
    }

    @Test("read as their policy says: on poll, at a restart, or never again")
    func policies() async throws {
        try await BindingFolder.with { folder in
            try await Bench.run { bench in
                _ = try await bench.mirrorOrders()
                try folder.publishWest()
                try await bench.work([
                    folder.client("poller", read: ["pollMs": 1_000]), folder.client("starter", read: "start"),
                    folder.client("stubborn", read: "once"),
                ])
                try await bench.advance(2_000)
                try await bench.act("promote")
                try await bench.advance(1_000)
                try folder.publishEast()
                func clusters() async throws -> [String?] {
                    try await bench.report()["clients"]?.array?.map { $0["cluster"]?.string } ?? []
                }
                try await bench.advance(2_000)
                #expect(try await clusters() == ["lkc-east", "lkc-west", "lkc-west"])
                let restarted = try await bench.admin("POST", "workload/restart", ["group": "orders"])
                #expect(restarted["restarted"]?.array?.count == 3)
                try await bench.advance(2_000)
                #expect(try await clusters() == ["lkc-east", "lkc-east", "lkc-west"])
            }
        }
    }

    @Test("equal seeds and equal requests give equal logs and bodies, whatever the faults and the clients do")
    func deterministic() async throws {
        @Sendable func run(seed: UInt64) async throws -> [String] {
            try await BindingFolder.with { folder in
                try await Bench.run(seed: seed) { bench in
                    let east = try await bench.mirrorOrders()
                    try folder.publishWest()
                    try await bench.fault([
                        "effect": "status", "status": 503, "probability": .double(0.5), "method": "GET",
                    ])
                    try await bench.work([
                        folder.client("writer", read: ["pollMs": 1_000], consumes: true, perSecond: 33)
                    ])
                    var bodies: [String] = []
                    for step in 0..<20 {
                        let answer = try await bench.http("GET", "\(east)/links/-/mirrors")
                        bodies.append("\(answer.status) \(answer.text)")
                        if step == 10 { try await bench.set(region: "us-west-2", ["state": "down"]) }
                        try await bench.advance(5_000)
                    }
                    bodies.append(try await bench.http("GET", "\(bench.endpoints.admin)/workload").text)
                    bodies.append(try await bench.http("GET", "\(bench.endpoints.admin)/events").text)
                    let ports = bench.endpoints.regions.values.flatMap { [$0.kafkaREST, $0.schemaRegistry] }
                    let overview = try await bench.overview()["endpoints"]?.members ?? []
                    return bodies.map { body in
                        var text = body.replacingOccurrences(of: folder.path, with: "FOLDER")
                        for member in overview {
                            text = text.replacingOccurrences(of: member.value.string ?? "", with: member.name)
                        }
                        for port in ports { text = text.replacingOccurrences(of: port, with: "PORT") }
                        return text
                    }
                }
            }
        }
        let first = try await run(seed: 7)
        #expect(first.contains { $0.hasPrefix("503") })
        #expect(first.contains { $0.hasPrefix("200") })
        let (second, other) = (try await run(seed: 7), try await run(seed: 8))
        #expect(second == first)
        #expect(other != first)
    }
}
