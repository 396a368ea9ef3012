import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Procedure: planned switchover and reversal")
struct SwitchoverTests {
    @Test("switchover: writes stop, lag reaches zero, groups are synced, and promotion loses nothing")
    func switchover() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west, TwoSites.offsetSync)
            try await sites.mirror(on: east)
            try await west.consume("app", at: 4, state: "STABLE")
            try await west.load(250_000)
            // The precheck passes while records are still coming: a promotion may be asked for with lag.
            let orders: JSON = ["mirror_topic_names": ["orders"]]
            let precheck = try await east.expect(200, "POST", "links/dr/mirrors:promote?validate_only=true", orders)
            let item = try #require(precheck["data"]?.array?.first)
            #expect(item["error_code"] == .null)
            #expect(item["mirror_lags"]?.array?.count == 3)
            try await sites.wait(100)
            #expect(try await east.lags("orders").first?.lag == 150_000)
            try await sites.wait(1_000)
            #expect(try await east.lags("orders").map(\.lag) == [0, 0, 0])
            // Consumers stop; their last offsets get across within one interval.
            try await west.consume("app", at: 250_010)
            try await sites.wait(30_000)
            #expect(try await east.committed("app") == 250_010)
            #expect(try await east.act("promote", orders) == [nil])
            #expect(try await east.status("orders") == "PENDING_STOPPED")
            #expect(try await east.produce().status == 400)
            try await sites.wait(1_000)
            #expect(try await east.status("orders") == "STOPPED")
            #expect(try await east.ends("orders") == (try await west.ends("orders")))
            #expect(try await east.produce().json["offset"] == 250_010)
            #expect(try await east.act("promote", orders) == [400])
        }
    }

    @Test("switchover: a promotion waits for the last record, and a late commit gets across with it")
    func promotionWaits() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west, TwoSites.offsetSync)
            try await sites.mirror(on: east)
            try await west.load(500_000)
            try await west.consume("app", at: 400_000)
            #expect(try await east.act("promote", "orders") == [nil])
            try await sites.wait(200)
            #expect(try await east.status("orders") == "PENDING_STOPPED")
            #expect(try await east.committed("app") == nil)
            try await sites.wait(3_000)
            #expect(try await east.status("orders") == "STOPPED")
            #expect(try await east.ends("orders") == [500_010, 10, 10])
            #expect(try await east.committed("app") == 400_000)
        }
    }

    @Test("switchover: a promotion whose source dies says why it is stuck, and failover pushes it")
    func stuckPromotion() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west)
            try await sites.mirror(on: east)
            try await west.load(5_000_000)
            #expect(try await east.act("promote", "orders") == [nil])
            try await sites.set(west, "down", vantage: "sites")
            try await sites.wait(600_000)
            let row = try await east.row("orders", flags: "?include_state_transition_errors=true")
            #expect(row["mirror_status"] == "PENDING_STOPPED")
            #expect(row["mirror_state_transition_errors"]?.array?.count == 1)
            #expect(try await east.act("failover", "orders") == [nil])
            try await sites.wait(1_000)
            #expect(try await east.status("orders") == "STOPPED")
        }
    }

    @Test("a group that works at the destination gets no offsets until it rests")
    func groupInUse() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west, TwoSites.offsetSync)
            try await sites.mirror(on: east)
            try await east.consume("app", at: 1, state: "STABLE")
            try await west.consume("app", at: 8)
            try await sites.wait(30_000)
            #expect(try await east.committed("app") == 1)
            let tasks = try await east.expect(200, "GET", "links/dr?include_tasks=true")["tasks"]?.array ?? []
            let sync = tasks.first { $0["task_name"] == "ConsumerOffsetSync" }
            #expect(sync?["state"] == "IN_ERROR")
            #expect(sync?["errors"]?.array?.first?["error_code"] == "CONSUMER_GROUP_IN_USE_ERROR")
            try await east.consume("app", at: 1)
            try await sites.wait(31_000)
            #expect(try await east.committed("app") == 8)
        }
    }

    @Test("reversal: the roles are swapped without a loss, and swapped back by the same call on the other side")
    func reverse() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.pair()
            try await sites.mirror(on: east)
            try await west.load(150_000)
            #expect(try await east.act("reverse-and-start-mirror", "orders") == [nil])
            #expect(try await east.status("orders") == "PENDING_SYNCHRONIZE")
            #expect(try await west.status("orders") == "PENDING_MIRROR")
            #expect(try await west.produce().status == 400)
            #expect(try await east.produce().status == 400)
            try await sites.wait(3_000)
            #expect(try await east.status("orders") == "STOPPED")
            #expect(try await west.status("orders") == "ACTIVE")
            #expect(try await east.ends("orders") == [150_010, 10, 10])
            #expect(try await east.produce().status == 200)
            #expect(try await west.act("reverse-and-start-mirror", "orders") == [nil])
            try await sites.wait(3_000)
            #expect(try await west.status("orders") == "STOPPED")
            #expect(try await east.status("orders") == "ACTIVE")
            #expect(try await west.ends("orders") == [150_011, 10, 10])
            try await FailForwardTests.expectEqualLogs(sites)
        }
    }

    @Test("reversal: the paused form ends PAUSED, and goes on when it is resumed over there")
    func reverseAndPause() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.pair()
            try await sites.mirror(on: east)
            #expect(try await east.act("reverse-and-pause-mirror", "orders") == [nil])
            try await sites.wait(3_000)
            #expect(try await east.status("orders") == "STOPPED")
            #expect(try await west.status("orders") == "PAUSED")
            try await east.load(5)
            try await sites.wait(10_000)
            #expect(try await west.ends("orders") == [10, 10, 10])
            #expect(try await west.act("resume", "orders") == [nil])
            try await sites.wait(1_000)
            #expect(try await west.ends("orders") == [15, 10, 10])
        }
    }

    @Test("reversal: it is given up when the link of the mirror goes, and the other side can be failed over")
    func abandonedReversal() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.pair()
            try await sites.mirror(on: east)
            try await west.load(5_000_000)
            #expect(try await east.act("reverse-and-start-mirror", "orders") == [nil])
            try await east.expect(204, "DELETE", "links/dr?force=true")
            try await sites.wait(1_000)
            #expect(try await west.status("orders") == "FAILED")
            #expect(try await west.act("failover", "orders") == [nil])
            try await sites.wait(1_000)
            #expect(try await west.produce().status == 200)
            #expect(try await west.ends("orders").first == 5_000_011, "nothing acknowledged was lost")
        }
    }

    @Test("after a link restart fetch positions are unknown until the next fetch")
    func linkRestart() async throws {
        try await TwoSites.run { sites in
            let east = sites.east
            try await sites.link(east, from: sites.west)
            try await sites.mirror(on: east)
            func pause(_ value: JSON) async throws {
                try await east.expect(204, "PUT", "links/dr/configs/cluster.link.paused", ["value": value])
            }
            try await pause("true")
            #expect(try await east.status("orders") == "LINK_PAUSED")
            #expect(try await east.expect(200, "GET", "links/dr")["link_state"] == "PAUSED")
            try await sites.west.load(5)
            try await sites.wait(400_000)
            #expect(try await east.lags("orders").first?.offset == 10)
            try await pause("false")
            #expect(try await east.status("orders") == "ACTIVE")
            #expect(try await east.lags("orders").allSatisfy { $0.lag == 0 && $0.offset == -1 })
            try await sites.wait(200)
            #expect(try await east.lags("orders").map(\.offset) == [15, 10, 10])
        }
    }
}
