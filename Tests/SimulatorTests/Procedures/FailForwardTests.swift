import Testing

@testable import SimulatorCore
@testable import SimulatorServer

@Suite("Procedure: fail-forward and fail-back")
struct FailForwardTests {
    /// East has failed over; west is back with five records that east never got, and east has three of its own.
    static func divergence(_ sites: TwoSites) async throws {
        try await sites.set(sites.west, "down", vantage: "sites")
        try await sites.west.load(5)
        #expect(try await sites.east.act("failover", "orders") == [nil])
        try await sites.wait(1_000)
        try await sites.east.load(3)
        try await sites.set(sites.west, "up")
        try await sites.wait(10_000)
        #expect(try await sites.west.ends("orders") == [15, 10, 10])
        #expect(try await sites.east.ends("orders") == [13, 10, 10])
    }

    static func expectEqualLogs(_ sites: TwoSites) async throws {
        #expect(try await sites.west.ends("orders") == (try await sites.east.ends("orders")))
        for partition in 0..<3 {
            #expect(
                try await sites.west.segments("orders", partition)
                    == (try await sites.east.segments("orders", partition)))
        }
    }

    @Test(
        "bidirectional: the old primary is cut back by what the preview said, and follows the new one; then it is reversed"
    )
    func bidirectional() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.pair()
            try await sites.mirror(on: east)
            try await Self.divergence(sites)
            let orders: JSON = ["mirror_topic_names": ["orders"]]
            let preview = try await west.expect(
                200, "POST",
                "links/dr/mirrors:truncate-and-restore?validate_only=true&include_partition_level_truncation_data=true",
                orders
            )["data"]?.array?.first
            #expect(preview?["messages_truncated"] == 5)
            #expect(try await west.ends("orders") == [15, 10, 10], "a preview cuts nothing")
            #expect(try await west.act("truncate-and-restore", orders) == [nil])
            #expect(try await west.status("orders") == "PENDING_SETUP_FOR_RESTORE")
            try await sites.wait(5_000)
            #expect(try await west.status("orders") == "ACTIVE")
            #expect(try await east.status("orders") == "STOPPED", "two rows for one topic, one on each side")
            try await Self.expectEqualLogs(sites)
            #expect(try await west.produce().status == 400)

            // Fail-back: producers of east stop, and the roles are swapped where the live mirror is.
            try await east.consume("app", at: 12)
            #expect(try await west.act("reverse-and-start-mirror", "orders") == [nil])
            try await sites.wait(3_000)
            #expect(try await west.status("orders") == "STOPPED")
            #expect(try await east.status("orders") == "ACTIVE")
            #expect(try await west.committed("app") == 12, "the last sync comes with the reversal")
            #expect(try await west.produce().status == 200)
            #expect(try await east.produce().status == 400)
            try await sites.wait(1_000)
            try await Self.expectEqualLogs(sites)
        }
    }

    @Test("unidirectional: the old topic goes, a mirror takes its place, and promoting that one brings everything home")
    func recreate() async throws {
        try await TwoSites.run { sites in
            let (west, east) = (sites.west, sites.east)
            try await sites.link(east, from: west, TwoSites.offsetSync)
            try await sites.mirror(on: east)
            try await Self.divergence(sites)
            try await Self.moveForward(sites)
            try await Self.moveBack(sites)
            // Protected again: the topic of east goes, and is mirrored from west as in the beginning.
            try await east.expect(204, "DELETE", "topics/orders")
            try await sites.wait(1_000)
            try await sites.link(east, from: west)
            try await sites.mirror(on: east)
            try await Self.expectEqualLogs(sites)
        }
    }

    private static func moveForward(_ sites: TwoSites) async throws {
        let (west, east) = (sites.west, sites.east)
        try await east.expect(204, "DELETE", "links/dr")
        try await sites.wait(1_000)
        try await east.expect(404, "GET", "links/dr")
        #expect(try await east.expect(200, "GET", "links/-/mirrors")["data"] == [], "rows go with their link")
        try await sites.link(west, from: east, TwoSites.offsetSync)
        let taken = try await west.kafka("POST", "links/dr/mirrors", ["source_topic_name": "orders"])
        #expect(taken.status == 400 && taken.json["error_code"] == 40002)
        try await west.expect(204, "DELETE", "topics/orders")
        let early = try await west.kafka("POST", "links/dr/mirrors", ["source_topic_name": "orders"])
        #expect(early.status == 400, "a deletion takes a while")
        try await sites.wait(1_000)
        try await west.expect(404, "GET", "topics/orders")
        try await sites.mirror(on: west)
        try await Self.expectEqualLogs(sites)
        #expect(try await west.ends("orders") == [13, 10, 10])
    }

    private static func moveBack(_ sites: TwoSites) async throws {
        let (west, east) = (sites.west, sites.east)
        try await east.load(4)
        try await east.consume("app", at: 16)
        #expect(try await west.act("promote", "orders") == [nil])
        #expect(try await west.status("orders") == "PENDING_STOPPED")
        try await sites.wait(2_000)
        #expect(try await west.status("orders") == "STOPPED")
        #expect(try await west.ends("orders") == [17, 10, 10])
        #expect(try await west.committed("app") == 16, "promotion syncs offsets once more")
        #expect(try await west.produce().json["offset"] == 17)
        #expect(try await west.expect(200, "GET", "links/dr/mirrors")["data"]?.array?.count == 1)
        try await west.expect(204, "DELETE", "links/dr")
        try await sites.wait(1_000)
    }
}

@Suite("Procedure: truncate and restore")
struct TruncateAndRestoreTests {
    private static let orders: JSON = ["mirror_topic_names": ["orders"]]

    @Test("the preview names every partition, and the effect is the preview")
    func preview() async throws {
        try await TwoSites.run { sites in
            try await sites.pair()
            try await sites.mirror(on: sites.east)
            try await FailForwardTests.divergence(sites)
            try await sites.west.load(2, partition: 2)
            let path = "links/dr/mirrors:truncate-and-restore"
            let flags = "?validate_only=true&include_partition_level_truncation_data=true"
            let item = try await sites.west.expect(200, "POST", path + flags, Self.orders)["data"]?.array?.first
            let partitions = item?["partition_level_truncation_data"]?.array ?? []
            #expect(item?["messages_truncated"] == 7)
            #expect(partitions.compactMap { $0["messages_truncated"]?.int } == [5, 0, 2])
            #expect(partitions.compactMap { $0["offset_truncated_to"]?.int } == [10, 10, 10])
            let done = try await sites.west.expect(200, "POST", path, Self.orders)["data"]?.array?.first
            #expect(done?["messages_truncated"] == item?["messages_truncated"])
            #expect(done?["partition_level_truncation_data"] == .null)
            try await sites.wait(5_000)
            try await FailForwardTests.expectEqualLogs(sites)
            let cuts = try await sites.bench.http("GET", "\(sites.bench.endpoints.admin)/events").json.array?
                .filter { $0["event"] == "truncate" }.map { [$0["partition"], $0["end"]] }
            #expect(cuts == [[0, 10], [2, 10]])
        }
    }

    @Test("consumers at work refuse it, or hold it up, and the row says why")
    func consumers() async throws {
        try await TwoSites.run { sites in
            let west = sites.west
            try await sites.pair()
            try await sites.mirror(on: sites.east)
            try await FailForwardTests.divergence(sites)
            try await west.consume("app", at: 12, state: "STABLE")
            #expect(try await west.act("truncate-and-restore", Self.orders) == [400])
            try await west.consume("app", at: 12)
            #expect(try await west.act("truncate-and-restore", Self.orders) == [nil])
            try await west.consume("app", at: 12, state: "STABLE")
            try await sites.wait(60_000)
            let row = try await west.row("orders", flags: "?include_state_transition_errors=true")
            #expect(row["mirror_status"] == "PENDING_SETUP_FOR_RESTORE")
            let errors = row["mirror_state_transition_errors"]?.array?.compactMap { $0["error_code"]?.string }
            #expect(errors == ["CONSUMER_GROUP_IN_USE_ERROR"])
            #expect(try await west.row("orders")["mirror_state_transition_errors"] == nil)
            #expect(try await west.ends("orders") == [15, 10, 10])
            try await west.consume("app", at: 12)
            try await sites.wait(5_000)
            #expect(try await west.status("orders") == "ACTIVE")
        }
    }

    @Test("it waits where it is while the new primary is away, and stays there when the topic is gone")
    func stuck() async throws {
        try await TwoSites.run { sites in
            let west = sites.west
            try await sites.pair()
            try await sites.mirror(on: sites.east)
            try await FailForwardTests.divergence(sites)
            #expect(try await west.act("truncate-and-restore", Self.orders) == [nil])
            try await sites.wait(1_500)
            #expect(try await west.status("orders") == "PENDING_RESTORE")
            try await sites.set(sites.east, "down", vantage: "sites")
            try await sites.wait(60_000)
            #expect(try await west.status("orders") == "PENDING_RESTORE")
            #expect(try await west.ends("orders") == [15, 10, 10])
            try await sites.east.expect(204, "DELETE", "topics/orders")
            try await sites.wait(1_000)
            try await sites.set(sites.east, "up")
            try await sites.wait(60_000)
            let row = try await west.row("orders", flags: "?include_state_transition_errors=true")
            #expect(row["mirror_status"] == "PENDING_RESTORE")
            #expect(row["mirror_state_transition_errors"]?.array?.count == 1)
            #expect(try await west.ends("orders") == [15, 10, 10], "nothing is cut for a source that is gone")
        }
    }
}
