@testable import SimulatedConfluent
import Testing

@testable import SimulatorCore

@Suite("Mirror topics")
struct MirrorTests {
    @Test("a fresh mirror of an empty topic reads −1 and 0")
    func freshLag() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        bench.call("POST", bench.east, "links/dr/mirrors", ["source_topic_name": "orders"])
        #expect(bench.status("orders") == "PENDING_MIRROR")
        bench.advance(1_000)
        #expect(bench.status("orders") == "ACTIVE")
        #expect(bench.lag("orders") == (0, -1))
    }

    @Test("lag is what the last fetch saw, and freezes when the source is gone")
    func lagFreezes() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west, records: 40)
        try bench.link()
        try bench.mirror("orders")
        #expect(bench.lag("orders") == (0, 40))
        bench.produce(250_000, to: orders, on: bench.west)
        bench.advance(100)
        #expect(bench.lag("orders") == (150_000, 100_040))
        bench.connect(false)
        bench.produce(5, to: orders, on: bench.west)
        bench.advance(10_000)
        #expect(bench.lag("orders") == (150_000, 100_040))
        bench.connect(true)
        bench.advance(10_000)
        #expect(bench.lag("orders") == (0, 250_045))
    }

    @Test("a link stays ACTIVE for the retry window, then it and its mirrors say so, and both recover")
    func retryWindow() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 1)
        try bench.link()
        try bench.mirror("orders")
        bench.connect(false)
        bench.advance(299_000)
        #expect(bench.call("GET", bench.east, "links/dr").json["link_state"] == "ACTIVE")
        #expect(bench.status("orders") == "ACTIVE")
        bench.advance(2_000)
        let link = bench.call("GET", bench.east, "links/dr").json
        #expect(link["link_state"] == "UNAVAILABLE")
        #expect(link["link_error"] == "BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR")
        #expect(bench.status("orders") == "SOURCE_UNAVAILABLE")
        bench.connect(true)
        #expect(bench.call("GET", bench.east, "links/dr").json["link_state"] == "ACTIVE")
        #expect(bench.status("orders") == "ACTIVE")
    }

    @Test("an outage shorter than the retry window leaves no trace, and the next one has a window of its own")
    func shortOutage() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        bench.connect(false)
        bench.advance(200_000)
        bench.connect(true)
        bench.advance(10_000)
        bench.connect(false)
        bench.advance(200_000)
        #expect(bench.status("orders") == "ACTIVE")
        bench.advance(101_000)
        #expect(bench.status("orders") == "SOURCE_UNAVAILABLE")
    }

    @Test("promotion waits for lag zero, copies everything, and makes the topic writable")
    func promote() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        bench.produce(250_000, to: orders, on: bench.west)
        #expect(bench.act("promote", ["orders"]).first?["error_code"] == .null)
        bench.advance(200)
        #expect(bench.status("orders") == "PENDING_STOPPED")
        bench.advance(2_000)
        #expect(bench.status("orders") == "STOPPED")
        #expect(bench.east.topics["orders"]?.log(0) == orders.log(0))
        let produced = bench.call(
            "POST", bench.east, "topics/orders/records", ["value": ["type": "STRING", "data": "x"]])
        #expect(produced.status == 200)
    }

    @Test("failover needs no source and keeps what was copied")
    func failover() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west, records: 10)
        try bench.link()
        try bench.mirror("orders")
        bench.connect(false)
        bench.produce(5, to: orders, on: bench.west)
        let promoted = bench.act("promote", ["orders"])
        #expect(promoted.first?["error_code"] == 400)
        #expect(bench.act("failover", ["orders"]).first?["error_code"] == .null)
        bench.advance(1_000)
        #expect(bench.status("orders") == "STOPPED")
        #expect(bench.east.topics["orders"]?.end(0) == 10)
        #expect(bench.lag("orders") == (0, -1))
    }

    @Test("a promotion that loses its source is stuck until a failover pushes it")
    func stuckPromotion() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        bench.produce(1_000_000, to: orders, on: bench.west)
        _ = bench.act("promote", ["orders"])
        bench.connect(false)
        bench.advance(600_000)
        #expect(bench.status("orders") == "PENDING_STOPPED")
        #expect(bench.act("failover", ["orders"]).first?["error_code"] == .null)
        bench.advance(1_000)
        #expect(bench.status("orders") == "STOPPED")
    }

    @Test("each item of an action has its own error inside a 200, and validate_only changes nothing")
    func itemErrors() throws {
        let bench = KafkaBench()
        for name in ["a", "b"] { _ = bench.topic(name, on: bench.west) }
        try bench.link()
        for name in ["a", "b"] { try bench.mirror(name) }
        _ = bench.act("failover", ["a"])
        bench.advance(1_000)
        let preview = bench.act("promote", ["a", "b", "c"], flags: "?validate_only=true")
        #expect(preview.map { $0["error_code"] } == [400, .null, 404])
        #expect(preview.first?["error_message"] == "Topic 'a' has already stopped its mirror from 'dr'")
        #expect(preview[1]["mirror_lags"]?.array?.count == 2)
        #expect(bench.status("b") == "ACTIVE")
    }

    @Test("a paused mirror copies nothing until it is resumed")
    func pause() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        _ = bench.act("pause", ["orders"])
        bench.produce(7, to: orders, on: bench.west)
        bench.advance(60_000)
        #expect(bench.status("orders") == "PAUSED")
        #expect(bench.east.topics["orders"]?.end(0) == 0)
        _ = bench.act("resume", ["orders"])
        bench.advance(1_000)
        #expect(bench.lag("orders") == (0, 7))
    }

    @Test("a mirror refuses records and partitions, and follows the source's partitions")
    func readOnly() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        let produced = bench.call(
            "POST", bench.east, "topics/orders/records", ["value": ["type": "STRING", "data": "x"]])
        #expect(produced.status == 400)
        #expect(produced.json["error_code"] == 40002)
        #expect(bench.call("PATCH", bench.east, "topics/orders", ["partitions_count": 9]).status == 400)
        #expect(bench.call("PATCH", bench.west, "topics/orders", ["partitions_count": 5]).status == 200)
        bench.advance(1_000)
        #expect(bench.call("GET", bench.east, "topics/orders").json["partitions_count"] == 5)
    }

    @Test("creation is refused for every reason the service has")
    func creationRefused() throws {
        let bench = KafkaBench()
        for name in ["orders", "taken"] { _ = bench.topic(name, on: bench.west) }
        _ = bench.topic("taken", on: bench.east)
        bench.call("POST", bench.east, "links?link_name=dr", bench.linkBody())
        func refusal(_ body: JSON) -> [JSON?] {
            let answer = bench.call("POST", bench.east, "links/dr/mirrors", body)
            return [JSON(answer.status), answer.json["error_code"]]
        }
        #expect(refusal(["source_topic_name": "orders"]) == [404, 404])
        bench.advance(1_000)
        #expect(refusal(["source_topic_name": "unknown"]) == [404, 40403])
        #expect(refusal(["source_topic_name": "taken"]) == [400, 40002])
        #expect(refusal(["source_topic_name": "orders", "mirror_topic_name": "other"]) == [400, 40035])
        #expect(refusal(["source_topic_name": "orders", "replication_factor": 1]) == [400, 40002])
        let config: JSON = [["name": "cleanup.policy", "value": "compact"]]
        #expect(refusal(["source_topic_name": "orders", "configs": config]) == [400, 40002])
        bench.connect(false)
        #expect(refusal(["source_topic_name": "orders"]) == [400, 40002])
    }

    @Test("a source that was deleted and made again fails the mirror for good")
    func recreatedSource() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 3)
        try bench.link()
        try bench.mirror("orders")
        bench.call("DELETE", bench.west, "topics/orders")
        bench.advance(350)
        _ = bench.topic("orders", on: bench.west, records: 1)
        bench.advance(1_000)
        let row = bench.call("GET", bench.east, "links/dr/mirrors/orders").json
        #expect(row["mirror_status"] == "FAILED")
        #expect(row["mirror_topic_error"] == "SOURCE_TOPIC_ID_CHANGED")
        #expect(bench.east.topics["orders"]?.end(0) == 3)
    }

    @Test("one list shows the mirrors of all links, and can be narrowed to a status")
    func listsMirrors() throws {
        let bench = KafkaBench()
        for name in ["a", "b"] { _ = bench.topic(name, on: bench.west) }
        try bench.link()
        for name in ["a", "b"] { try bench.mirror(name) }
        _ = bench.act("pause", ["b"])
        let all = bench.call("GET", bench.east, "links/-/mirrors").json["data"]?.array ?? []
        #expect(all.compactMap { $0["mirror_topic_name"]?.string } == ["a", "b"])
        let paused = bench.call("GET", bench.east, "links/-/mirrors?mirror_status=paused").json["data"]?.array ?? []
        #expect(paused.compactMap { $0["mirror_topic_name"]?.string } == ["b"])
    }
}
