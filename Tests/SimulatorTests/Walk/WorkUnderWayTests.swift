@testable import SimulatorCore
import Testing

@testable import SimulatedConfluent

@Suite("Objects that go while work for them is under way")
struct WorkUnderWayTests {
    /// A bidirectional pair named `dr` with `orders` of west mirrored on east, and 10 records in it.
    private func pair() throws -> (KafkaBench, Topic) {
        let bench = KafkaBench()
        for (here, there) in [(bench.east, bench.west), (bench.west, bench.east)] {
            let body = bench.linkBody(["link.mode": "BIDIRECTIONAL"], role: "remote_cluster_id", remote: there)
            try #require(bench.call("POST", here, "links?link_name=dr", body).status == 201)
        }
        bench.advance(1_000)
        let orders = bench.topic("orders", on: bench.west, records: 10)
        try bench.mirror("orders")
        return (bench, orders)
    }

    @Test("a link that is deleted by force ends a promotion that was waiting")
    func linkGoes() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        bench.produce(250_000, to: orders, on: bench.west)
        _ = bench.act("promote", ["orders"])
        #expect(bench.call("DELETE", bench.east, "links/dr?force=true").status == 204)
        bench.advance(10_000)
        #expect(bench.east.topics["orders"]?.liveMirror == nil)
        #expect(bench.call("GET", bench.east, "links/dr").status == 404)
    }

    @Test("a cluster that is deleted takes its links' work with it", arguments: ["lkc-east", "lkc-west"])
    func clusterGoes(_ id: String) throws {
        let (bench, orders) = try pair()
        bench.produce(500_000, to: orders, on: bench.west)
        _ = bench.act("reverse-and-start-mirror", ["orders"])
        bench.kafka.removeCluster(id, in: &bench.stage)
        bench.advance(600_000)
        #expect(bench.kafka.clusters.count == 1)
    }

    @Test("a connection that comes and goes does not hurry a restoration")
    func restorationTakesItsTime() throws {
        let (bench, orders) = try pair()
        _ = bench.act("failover", ["orders"])
        bench.advance(1_000)
        bench.call("POST", bench.west, "links/dr/mirrors:truncate-and-restore", ["mirror_topic_names": ["orders"]])
        for _ in 0..<9 { bench.connect(true) }
        bench.advance(1_100)
        #expect(orders.liveMirror?.status == .pendingRestore)
        bench.advance(1_000)
        #expect(orders.liveMirror?.status == .active)
    }

    @Test("a promotion that is stuck for an hour leaves no work behind that grows")
    func stuckPromotion() throws {
        let (bench, orders) = try pair()
        bench.stage.troubles = [try #require(Trouble(["effect": "stuck", "status": "PENDING_STOPPED"], id: 1))]
        bench.produce(5, to: orders, on: bench.west)
        _ = bench.act("promote", ["orders"])
        bench.advance(3_600_000)
        #expect(bench.status("orders") == "PENDING_STOPPED")
        var waiting = 0
        while bench.kafka.agenda.take(until: .max) != nil { waiting += 1 }
        #expect(waiting < 10)
    }

    @Test("a mirror that copied what a restoration destroys fails for good")
    func unexpectedTruncation() throws {
        let (bench, orders) = try pair()
        let north = Cluster(
            id: "lkc-north", displayName: "north", kind: .dedicated, site: "eu-1", bootstrap: "lkc-north:9092",
            restURL: "http://lkc-north.test")
        bench.kafka.insert(north)
        #expect(bench.call("POST", north, "links?link_name=copy", bench.linkBody()).status == 201)
        bench.advance(1_000)
        #expect(bench.call("POST", north, "links/copy/mirrors", ["source_topic_name": "orders"]).status == 201)
        _ = bench.act("failover", ["orders"])
        bench.produce(5, to: orders, on: bench.west)
        bench.advance(1_000)
        #expect(north.topics["orders"]?.end(0) == 15)
        bench.call("POST", bench.west, "links/dr/mirrors:truncate-and-restore", ["mirror_topic_names": ["orders"]])
        bench.advance(5_000)
        #expect(orders.end(0) == 10)
        let row = bench.call("GET", north, "links/copy/mirrors/orders").json
        #expect(row["mirror_status"] == "FAILED")
        #expect(row["mirror_topic_error"] == "UNEXPECTED_TRUNCATION")
    }

    @Test("a deleted topic takes committed offsets with it")
    func offsetsGo() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 5)
        let place = TopicPartition(topic: "orders", partition: 0)
        bench.kafka.commit(4, of: place, by: "app", on: bench.west, actor: .client("app"), in: &bench.stage)
        bench.call("DELETE", bench.west, "topics/orders")
        bench.advance(1_000)
        #expect(bench.west.groups["app"]?.offsets == [:])
    }

    @Test("a schema that comes back after a soft deletion does not undo the mode of its subject")
    func modeStays() {
        var bench = RegistryBench()
        #expect(bench.register("orders", ["id:long"]).status == 200)
        #expect(bench.call("DELETE", "/subjects/orders").status == 200)
        #expect(bench.call("PUT", "/mode/orders", ["mode": "READWRITE"]).status == 200)
        #expect(bench.register("orders", ["id:long"]).status == 200)
        #expect(bench.call("GET", "/mode/orders").json == ["mode": "READWRITE"])
        #expect(bench.call("GET", "/subjects/orders/versions?deleted=true").json == [2])
    }

    @Test("exporters of every context, in a circle, come to an end")
    func circle() {
        var bench = RegistryBench()
        #expect(bench.register("orders", ["id:long"]).status == 200)
        bench.createExporter("out", subjects: [":*:"], contextType: "AUTO")
        bench.createExporter(
            "back", to: "http://west.example", subjects: [":*:"], contextType: "AUTO", user: "WEST:w", from: "lsrc-east"
        )
        bench.pass(3_600_000)
        let traces = ["lsrc-west", "lsrc-east"].map { registry in
            bench.exporterStatus(registry == "lsrc-west" ? "out" : "back", on: registry)["trace"]?.string ?? ""
        }
        #expect(traces.contains { $0.contains("42208") })
        #expect(bench.schemas(on: "lsrc-west").count < 40)
    }
}
