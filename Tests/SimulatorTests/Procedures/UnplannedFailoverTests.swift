import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Procedure: unplanned failover")
struct UnplannedFailoverTests {
    @Test("the primary is lost, mirrors fail over, and the other side takes writes with what was replicated")
    func failover() async throws {
        try await TwoSites.run { sites in
            try await Self.prepare(sites)
            try await Self.lose(sites)
            try await Self.expectFrozen(sites)
            try await Self.failOver(sites)
            try await Self.expectServing(sites)
        }
    }

    private static func prepare(_ sites: TwoSites) async throws {
        try await sites.link(sites.east, from: sites.west, TwoSites.offsetSync)
        try await sites.mirror(on: sites.east)
        #expect(try await sites.west.register("orders-value", "a").status == 200)
        #expect(try await sites.east.setMode("IMPORT") == 200)
        try await sites.export("to-east", from: sites.west, to: sites.east)
        #expect(try await sites.east.schemas() == (try await sites.west.schemas()))
        try await sites.west.consume("app", at: 7)
        try await sites.wait(30_000)
        #expect(try await sites.east.committed("app") == 7)
    }

    /// West acknowledges five more records that nobody copies, and is gone.
    private static func lose(_ sites: TwoSites) async throws {
        try await sites.set(sites.west, "down", vantage: "sites")
        try await sites.west.load(5)
        try await sites.set(sites.west, "down")
        await #expect(throws: (any Error).self) { try await sites.west.kafka("GET", "topics") }
        await #expect(throws: (any Error).self) { try await sites.west.registry("GET", "subjects") }
    }

    /// Lag stays as it was; link and mirror say ACTIVE for the retry window.
    private static func expectFrozen(_ sites: TwoSites) async throws {
        let east = sites.east
        try await sites.wait(60_000)
        let link = try await east.expect(200, "GET", "links/dr?include_tasks=true")
        #expect(link["link_state"] == "ACTIVE")
        let tasks = link["tasks"]?.array ?? []
        #expect(tasks.contains { $0["task_name"] == "ConsumerOffsetSync" && $0["state"] == "IN_ERROR" })
        #expect(try await east.status("orders") == "ACTIVE")
        #expect(try await east.lags("orders").allSatisfy { $0.lag == 0 && $0.offset == 10 })
        try await sites.wait(250_000)
        #expect(try await east.expect(200, "GET", "links/dr")["link_state"] == "UNAVAILABLE")
        #expect(try await east.status("orders") == "SOURCE_UNAVAILABLE")
        #expect(try await east.act("promote", "orders") == [400])
    }

    private static func failOver(_ sites: TwoSites) async throws {
        let east = sites.east
        // Offset sync off: a primary that comes back must not overwrite what clients commit here.
        let off: JSON = ["data": [["name": "consumer.offset.sync.enable", "value": "false"]]]
        try await east.expect(204, "PUT", "links/dr/configs:alter", off)
        let filters = try await east.expect(200, "GET", "links/dr/configs/consumer.offset.group.filters")
        #expect(filters["value"] == "")
        let everything: JSON = ["mirror_topic_name_pattern": ".*"]
        #expect(try await east.act("failover", everything, flags: "?validate_only=true") == [nil])
        #expect(try await east.status("orders") == "SOURCE_UNAVAILABLE")
        #expect(try await east.act("failover", everything) == [nil])
        #expect(try await east.status("orders") == "PENDING_STOPPED")
        #expect(try await east.produce().status == 400)
        try await sites.wait(1_000)
        #expect(try await east.status("orders") == "STOPPED")
        #expect(try await east.lags("orders").allSatisfy { $0.lag == 0 && $0.offset == -1 })
        #expect(try await east.act("failover", "orders") == [400])
    }

    private static func expectServing(_ sites: TwoSites) async throws {
        let east = sites.east
        let refused = try await east.register("new-value", "b")
        #expect(refused.status == 422 && refused.json["error_code"] == 42205)
        #expect(try await east.register("orders-value", "a").status == 200, "what was replicated is answered")
        #expect(try await east.setMode("READWRITE") == 200)
        #expect(try await east.register("new-value", "b").status == 200)
        #expect(try await east.ends("orders") == [10, 10, 10], "the five records are not here")
        let produced = try await east.produce()
        #expect(produced.status == 200 && produced.json["offset"] == 10)
        #expect(try await east.committed("app") == 7)
        let rows = try await east.expect(200, "GET", "links/-/mirrors?mirror_status=stopped")
        #expect(rows["data"]?.array?.compactMap { $0["mirror_topic_name"]?.string } == ["orders"])
    }

    @Test("the primary comes back by itself: its tail is still there, and it changes nothing on the other side")
    func revival() async throws {
        try await TwoSites.run { sites in
            try await Self.prepare(sites)
            try await Self.lose(sites)
            try await Self.failOverAndOpen(sites)
            try await sites.east.consume("app", at: 9)
            try await sites.set(sites.west, "up")
            try await sites.wait(120_000)
            #expect(try await sites.west.ends("orders") == [15, 10, 10])
            #expect(try await sites.east.ends("orders") == [10, 10, 10])
            #expect(try await sites.east.status("orders") == "STOPPED")
            #expect(try await sites.east.committed("app") == 9, "offsets of stopped mirrors are not synced")
            let exporter = try await sites.west.exporter("to-east")
            #expect(exporter.state == "RUNNING")
            #expect(try await sites.west.register("late-value", "c").status == 200)
            try await sites.wait(5_000)
            #expect(try await sites.west.exporter("to-east").trace?.contains("42205") == true)
            #expect(try await sites.east.registry("GET", "subjects").json == ["orders-value"])
        }
    }

    private static func failOverAndOpen(_ sites: TwoSites) async throws {
        #expect(try await sites.east.act("failover", "orders") == [nil])
        try await sites.wait(1_000)
        #expect(try await sites.east.setMode("READWRITE") == 200)
    }
}
