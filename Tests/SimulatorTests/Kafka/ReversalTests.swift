import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("Reversing and restoring over a bidirectional link")
struct ReversalTests {
    /// A bidirectional pair named `dr` with `orders` of west mirrored on east.
    private func pair() throws -> (KafkaBench, Topic) {
        let bench = KafkaBench()
        let mode = ["link.mode": "BIDIRECTIONAL"]
        for (here, there) in [(bench.east, bench.west), (bench.west, bench.east)] {
            let body = bench.linkBody(mode, role: "remote_cluster_id", remote: there)
            try #require(bench.call("POST", here, "links?link_name=dr", body).status == 201)
        }
        bench.advance(1_000)
        let orders = bench.topic("orders", on: bench.west, records: 10)
        try bench.mirror("orders")
        return (bench, orders)
    }

    private func westStatus(_ bench: KafkaBench) -> JSON? {
        bench.call("GET", bench.west, "links/dr/mirrors/orders").json["mirror_status"]
    }

    @Test("a reversal loses nothing and swaps who takes records")
    func reverse() throws {
        let (bench, orders) = try pair()
        bench.produce(150_000, to: orders, on: bench.west)
        #expect(bench.act("reverse-and-start-mirror", ["orders"]).first?["error_code"] == .null)
        #expect(bench.status("orders") == "PENDING_SYNCHRONIZE")
        #expect(westStatus(bench) == "PENDING_MIRROR")
        let record: JSON = ["value": ["type": "STRING", "data": "x"], "partition_id": 0]
        #expect(bench.call("POST", bench.west, "topics/orders/records", record).status == 400)
        bench.advance(3_000)
        #expect(bench.status("orders") == "STOPPED")
        #expect(westStatus(bench) == "ACTIVE")
        #expect(bench.east.topics["orders"]?.end(0) == 150_010)
        #expect(bench.call("POST", bench.east, "topics/orders/records", record).status == 200)
        bench.advance(1_000)
        #expect(orders.end(0) == 150_011)
    }

    @Test("a reversal stalls while the other side is away, and goes on when it is back")
    func stalls() throws {
        let (bench, orders) = try pair()
        bench.produce(500_000, to: orders, on: bench.west)
        _ = bench.act("reverse-and-pause-mirror", ["orders"])
        bench.connect(false)
        bench.advance(60_000)
        #expect(bench.status("orders") == "PENDING_SYNCHRONIZE")
        bench.connect(true)
        bench.advance(5_000)
        #expect(bench.status("orders") == "STOPPED")
        #expect(westStatus(bench) == "PAUSED")
    }

    @Test("a unidirectional mirror cannot be reversed")
    func unidirectional() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        #expect(bench.act("reverse-and-start-mirror", ["orders"]).first?["error_code"] == 400)
        #expect(bench.status("orders") == "ACTIVE")
    }

    @Test("a restoration previews what it destroys, cuts exactly that, and follows the other side")
    func restore() throws {
        let (bench, orders) = try pair()
        bench.connect(false)
        bench.produce(7, to: orders, on: bench.west)
        _ = bench.act("failover", ["orders"])
        bench.advance(1_000)
        let promoted = try #require(bench.east.topics["orders"])
        bench.produce(3, to: promoted, on: bench.east)
        bench.connect(true)
        let path = "links/dr/mirrors:truncate-and-restore"
        let body: JSON = ["mirror_topic_names": ["orders"]]
        let flags = "?validate_only=true&include_partition_level_truncation_data=true"
        let preview = bench.call("POST", bench.west, path + flags, body).json["data"]?.array?.first
        #expect(preview?["messages_truncated"] == 7)
        #expect(
            preview?["partition_level_truncation_data"]?.array?.first == [
                "partition_id": 0, "offset_truncated_to": 10, "messages_truncated": 7,
            ])
        #expect(orders.end(0) == 17)
        bench.call("POST", bench.west, path, body)
        #expect(westStatus(bench) == "PENDING_SETUP_FOR_RESTORE")
        bench.advance(1_500)
        #expect(westStatus(bench) == "PENDING_RESTORE")
        bench.advance(3_000)
        #expect(westStatus(bench) == "ACTIVE")
        #expect(orders.log(0) == promoted.log(0))
        #expect(orders.end(0) == 13)
    }

    @Test("a restoration is refused with groups at work, a live remote mirror, or a dead peer")
    func restoreRefused() throws {
        let (bench, orders) = try pair()
        let body: JSON = ["mirror_topic_names": ["orders"]]
        func refusal() -> JSON? {
            bench.call("POST", bench.west, "links/dr/mirrors:truncate-and-restore", body).json["data"]?.array?
                .first?["error_code"]
        }
        #expect(refusal() == 400)
        _ = bench.act("failover", ["orders"])
        bench.advance(1_000)
        let place = TopicPartition(topic: "orders", partition: 0)
        bench.west.groups["app"] = ConsumerGroup(state: "STABLE", offsets: [place: 1])
        #expect(refusal() == 400)
        bench.west.groups["app"]?.state = "EMPTY"
        bench.connect(false)
        #expect(refusal() == 400)
        bench.connect(true)
        #expect(refusal() == .null)
        #expect(orders.liveMirror != nil)
    }
}
