import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("Cluster links")
struct LinkTests {
    @Test("secrets are masked, defaults are marked, and the list has every key")
    func configs() throws {
        let bench = KafkaBench()
        try bench.link(["consumer.offset.sync.ms": "1000"])
        let entries = bench.call("GET", bench.east, "links/dr/configs").json["data"]?.array ?? []
        let byName = Dictionary(entries.map { ($0["name"]?.string ?? "", $0) }, uniquingKeysWith: { $1 })
        #expect(byName["sasl.jaas.config"]?["value"] == .null)
        #expect(byName["sasl.jaas.config"]?["is_sensitive"] == true)
        #expect(byName["sasl.jaas.config"]?["is_default"] == false)
        #expect(byName["consumer.offset.sync.ms"]?["value"] == "1000")
        #expect(byName["acl.sync.ms"]?["is_default"] == true)
        #expect(byName["link.mode"]?["is_read_only"] == false)
        #expect(byName["request.timeout.ms"]?["is_read_only"] == true)
        let set = entries.filter { $0["is_default"] == false }.compactMap { $0["name"]?.string }
        #expect(
            set == [
                "bootstrap.servers", "consumer.offset.sync.ms", "sasl.jaas.config", "sasl.mechanism",
                "security.protocol",
            ])
    }

    @Test("switching a sync off wipes its filters")
    func wipesFilters() throws {
        let bench = KafkaBench()
        let filter = #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#
        try bench.link(["consumer.offset.sync.enable": "true", "consumer.offset.group.filters": filter])
        #expect(bench.linkConfig("consumer.offset.group.filters")["value"] == .string(filter))
        #expect(bench.alterLink(["consumer.offset.sync.enable": "false"]).status == 204)
        #expect(bench.linkConfig("consumer.offset.group.filters")["value"] == "")
        #expect(bench.alterLink(["consumer.offset.sync.enable": "true"]).status == 204)
        #expect(bench.linkConfig("consumer.offset.group.filters")["value"] == "")
    }

    @Test("modes, prefixes and broker settings cannot be altered, nor can anything with validate_only")
    func immutable() throws {
        let bench = KafkaBench()
        try bench.link()
        for (name, value) in [
            ("link.mode", "BIDIRECTIONAL"), ("cluster.link.prefix", "w."), ("request.timeout.ms", "1"),
            ("no.such.config", "1"), ("acl.sync.ms", "soon"),
        ] {
            #expect(bench.alterLink([name: value]).json["error_code"] == 40002, "\(name)")
        }
        let body: JSON = ["data": [["name": "acl.sync.ms", "value": "1"]]]
        #expect(bench.call("PUT", bench.east, "links/dr/configs:alter?validate_only=true", body).status == 204)
        #expect(bench.linkConfig("acl.sync.ms")["value"] == "5000")
        #expect(bench.call("POST", bench.east, "links/dr/configs:alter", body).status == 405)
    }

    @Test("creation is checked against the other cluster unless validate_link is false")
    func validation() {
        let bench = KafkaBench()
        func create(_ query: String, _ body: JSON) -> Int {
            bench.call("POST", bench.east, "links?link_name=dr\(query)", body).status
        }
        #expect(create("", bench.linkBody(jaas: KafkaBench.jaas("SIMULATOR", "wrong"))) == 400)
        #expect(create("", bench.linkBody(["bootstrap.servers": "nowhere:9092"])) == 400)
        #expect(create("", bench.linkBody(["bootstrap.servers": bench.east.bootstrap])) == 400)
        #expect(create("", bench.linkBody(role: "remote_cluster_id")) == 400)
        #expect(create("", ["configs": []]) == 400)
        bench.connect(false)
        #expect(create("", bench.linkBody()) == 400)
        #expect(create("&validate_only=true&validate_link=false", bench.linkBody()) == 200)
        #expect(bench.call("GET", bench.east, "links/dr").status == 404)
        #expect(create("&validate_link=false", bench.linkBody()) == 201)
        #expect(create("&validate_link=false", bench.linkBody()) == 409)
    }

    @Test("Basic clusters hold no links but can be their source")
    func kinds() {
        let bench = KafkaBench(west: .basic)
        let refused = bench.call("POST", bench.west, "links?link_name=x", bench.linkBody(remote: bench.east))
        #expect(refused.json["message"]?.string?.contains("Cluster linking is disabled") == true)
        #expect(bench.call("POST", bench.east, "links?link_name=dr", bench.linkBody()).status == 201)
    }

    @Test("credentials that stop working fail the link, and altering them heals it")
    func credentials() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        let grant = KeyRing.Grant(secret: "s", resource: "lkc-west", owner: "sa-1", activeFrom: 0)
        bench.kafka.keys.add("KEY", grant)
        try bench.link(["sasl.jaas.config": KafkaBench.jaas("KEY", "s")])
        try bench.mirror("orders")
        bench.kafka.keys.remove("KEY")
        bench.kafka.refreshLinks(in: &bench.stage)
        let link = bench.call("GET", bench.east, "links/dr?include_tasks=true").json
        #expect(link["link_error"] == "AUTHENTICATION_ERROR")
        #expect(bench.status("orders") == "LINK_FAILED")
        #expect(bench.alterLink(["sasl.jaas.config": KafkaBench.jaas()]).status == 204)
        #expect(bench.status("orders") == "ACTIVE")
        #expect(bench.call("GET", bench.east, "links/dr").json["link_error"] == nil)
    }

    @Test("deletion is refused with live mirrors, and with force leaves ordinary topics")
    func deletion() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        #expect(bench.call("DELETE", bench.east, "links/dr").status == 400)
        #expect(bench.call("DELETE", bench.east, "links/dr?force=true").status == 204)
        #expect(bench.call("GET", bench.east, "links/dr").status == 200)
        bench.advance(1_000)
        #expect(bench.call("GET", bench.east, "links/dr").status == 404)
        #expect(bench.east.topics["orders"]?.liveMirror == nil)
        #expect(bench.call("GET", bench.east, "links/-/mirrors").json["data"] == [])
    }

    @Test("both halves of a bidirectional link pair by name; an unpaired one says so in its tasks")
    func bidirectional() throws {
        let bench = KafkaBench()
        let mode = ["link.mode": "BIDIRECTIONAL"]
        let role = "remote_cluster_id"
        #expect(
            bench.call("POST", bench.east, "links?link_name=pair", bench.linkBody(mode, role: role)).status == 201)
        #expect(
            bench.call(
                "POST", bench.west, "links?link_name=pair", bench.linkBody(mode, role: role, remote: bench.east)
            ).status == 201)
        let halves = [bench.east, bench.west].map { bench.call("GET", $0, "links/pair").json }
        #expect(halves[0]["cluster_link_id"] == halves[1]["cluster_link_id"])
        #expect(halves[0]["remote_cluster_id"] == "lkc-west")
        _ = bench.topic("a", on: bench.west, records: 1)
        _ = bench.topic("b", on: bench.east, records: 2)
        bench.advance(1_000)
        bench.call("POST", bench.east, "links/pair/mirrors", ["source_topic_name": "a"])
        bench.call("POST", bench.west, "links/pair/mirrors", ["source_topic_name": "b"])
        bench.advance(1_000)
        #expect(bench.east.topics["a"]?.end(0) == 1)
        #expect(bench.west.topics["b"]?.end(0) == 2)
    }

    @Test("a source-initiated link needs its destination half first, and a moment")
    func sourceInitiated() throws {
        let bench = KafkaBench()
        let inbound = ["link.mode": "DESTINATION", "connection.mode": "INBOUND"]
        let outbound = ["link.mode": "SOURCE", "local.sasl.jaas.config": KafkaBench.jaas()]
        let source = bench.linkBody(outbound, role: "destination_cluster_id", remote: bench.east)
        let early = bench.call("POST", bench.west, "links?link_name=dr", source)
        #expect(early.json["message"]?.string?.contains("does not have a link named") == true)
        #expect(bench.call("POST", bench.east, "links?link_name=dr", bench.linkBody(inbound)).status == 201)
        #expect(bench.call("POST", bench.west, "links?link_name=dr", source).status == 400)
        bench.advance(1_000)
        #expect(bench.call("POST", bench.west, "links?link_name=dr", source).status == 201)
        _ = bench.topic("orders", on: bench.west, records: 4)
        try bench.mirror("orders")
        #expect(bench.lag("orders") == (0, 4))
    }

    @Test("a source shows links that read from it without a name")
    func unmanagedSource() throws {
        let bench = KafkaBench()
        try bench.link()
        let entries = bench.call("GET", bench.west, "links").json["data"]?.array ?? []
        #expect(entries.map { $0["link_name"] } == [""])
        #expect(entries.map { $0["link_state"] } == ["UNMANAGED_SOURCE"])
    }

    @Test("links, their configs and mirrors have the members that the live service was recorded with")
    func shapes() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        func members(_ path: String) -> [String]? {
            bench.call("GET", bench.east, path).json.members?.map(\.name)
        }
        #expect(
            members("links/dr") == [
                "kind", "metadata", "source_cluster_id", "destination_cluster_id", "link_name", "link_id",
                "cluster_link_id", "topic_names", "link_state",
            ])
        #expect(
            members("links/dr/configs/acl.filters") == [
                "kind", "metadata", "cluster_id", "name", "value", "is_read_only", "is_sensitive", "source",
                "synonyms", "link_name", "is_default",
            ])
        #expect(
            members("links/dr/mirrors/orders") == [
                "kind", "metadata", "link_name", "mirror_topic_name", "source_topic_name", "num_partitions",
                "mirror_lags", "mirror_status", "state_time_ms",
            ])
    }

    @Test("tasks are shown on request, with what stops them")
    func tasks() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 5)
        let filter = #"{"groupFilters":[{"name":"app","patternType":"PREFIXED","filterType":"INCLUDE"}]}"#
        try bench.link(["consumer.offset.sync.enable": "true", "consumer.offset.group.filters": filter])
        try bench.mirror("orders")
        let place = TopicPartition(topic: "orders", partition: 0)
        bench.east.groups["app-1"] = ConsumerGroup(state: "STABLE")
        bench.kafka.commit(3, of: place, by: "app-1", on: bench.west, actor: .client("app"), in: &bench.stage)
        bench.advance(40_000)
        func task(_ name: String) -> JSON? {
            bench.call("GET", bench.east, "links/dr?include_tasks=true").json["tasks"]?.array?
                .first { $0["task_name"]?.string == name }
        }
        #expect(bench.call("GET", bench.east, "links/dr").json["tasks"] == nil)
        #expect(task("AclSync")?["state"] == "NOT_CONFIGURED")
        #expect(task("ConsumerOffsetSync")?["state"] == "IN_ERROR")
        #expect(
            task("ConsumerOffsetSync")?["errors"]?.array?.first?["error_code"] == "CONSUMER_GROUP_IN_USE_ERROR")
    }
}
