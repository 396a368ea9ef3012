import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("What links sync besides records")
struct SyncTests {
    @Test(
        "configs follow the source, the always-synced ones cannot be set on a mirror, and both are free after it stops")
    func configs() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link()
        try bench.mirror("orders")
        func alter(_ cluster: Cluster, _ name: String, _ value: String) -> Int {
            bench.call(
                "POST", cluster, "topics/orders/configs:alter",
                ["data": [["name": .string(name), "value": .string(value)]]]
            ).status
        }
        #expect(alter(bench.west, "retention.ms", "1000") == 204)
        bench.advance(6_000)
        let synced = bench.call("GET", bench.east, "topics/orders/configs/retention.ms").json
        #expect(synced["value"] == "1000")
        #expect(synced["source"] == "DYNAMIC_TOPIC_CONFIG")
        #expect(synced["is_read_only"] == true)
        #expect(alter(bench.east, "cleanup.policy", "compact") == 400)
        #expect(alter(bench.east, "retention.ms", "2000") == 400)
        #expect(alter(bench.east, "confluent.value.schema.validation", "true") == 204)
        _ = bench.act("failover", ["orders"])
        bench.advance(1_000)
        #expect(alter(bench.east, "retention.ms", "2000") == 204)
    }

    @Test("a config taken out of the include list is the mirror's own")
    func include() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        try bench.link(["topic.config.sync.include": MirrorConfigClasses.always.sorted().joined(separator: ",")])
        try bench.mirror("orders")
        let body: JSON = ["data": [["name": "retention.ms", "value": "5"]]]
        #expect(bench.call("POST", bench.east, "topics/orders/configs:alter", body).status == 204)
        #expect(bench.alterLink(["topic.config.sync.include": "retention.ms"]).status == 400)
    }

    @Test("offsets of filtered groups arrive after an interval, never past the mirror's end")
    func offsets() throws {
        let bench = KafkaBench()
        let orders = bench.topic("orders", on: bench.west, records: 10)
        let filter =
            #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"},{"name":"x","patternType":"PREFIXED","filterType":"EXCLUDE"}]}"#
        try bench.link(["consumer.offset.sync.enable": "true", "consumer.offset.group.filters": filter])
        try bench.mirror("orders")
        let place = TopicPartition(topic: "orders", partition: 0)
        for group in ["app", "x-ray"] {
            bench.kafka.commit(7, of: place, by: group, on: bench.west, actor: .client(group), in: &bench.stage)
        }
        bench.advance(10_000)
        #expect(bench.east.groups["app"] == nil)
        bench.advance(25_000)
        #expect(bench.east.groups["app"]?.offsets[place] == 7)
        #expect(bench.east.groups["x-ray"] == nil)
        bench.produce(500_000, to: orders, on: bench.west)
        bench.kafka.commit(400_000, of: place, by: "app", on: bench.west, actor: .client("app"), in: &bench.stage)
        bench.connect(false)
        bench.advance(60_000)
        #expect(bench.east.groups["app"]?.offsets[place] == 7)
    }

    @Test("a late sync lowers what was committed here, while the group rests and its mirror lives")
    func lateSync() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 10)
        let filter = #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#
        try bench.link(["consumer.offset.sync.enable": "true", "consumer.offset.group.filters": filter])
        try bench.mirror("orders")
        let place = TopicPartition(topic: "orders", partition: 0)
        func commit(_ offset: Int64, on cluster: Cluster) {
            bench.kafka.commit(offset, of: place, by: "app", on: cluster, actor: .client("app"), in: &bench.stage)
        }
        commit(4, on: bench.west)
        commit(9, on: bench.east)
        bench.advance(31_000)
        #expect(bench.east.groups["app"]?.offsets[place] == 4)
        _ = bench.act("failover", ["orders"])
        bench.advance(1_000)
        commit(9, on: bench.east)
        commit(5, on: bench.west)
        bench.advance(120_000)
        #expect(bench.east.groups["app"]?.offsets[place] == 9, "the mirror has stopped")
    }

    @Test("promotion syncs offsets once more")
    func finalOffsets() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west, records: 10)
        let filter = #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#
        try bench.link([
            "consumer.offset.sync.enable": "true", "consumer.offset.group.filters": filter,
            "consumer.offset.sync.ms": "3600000",
        ])
        try bench.mirror("orders")
        let place = TopicPartition(topic: "orders", partition: 0)
        bench.kafka.commit(9, of: place, by: "app", on: bench.west, actor: .client("app"), in: &bench.stage)
        _ = bench.act("promote", ["orders"])
        bench.advance(1_000)
        #expect(bench.east.groups["app"]?.offsets[place] == 9)
    }

    @Test("ACL sync copies what its filter names and deletes what the source lacks")
    func acls() throws {
        let bench = KafkaBench()
        func binding(_ name: String, _ permission: String = "ALLOW") -> JSON {
            [
                "resource_type": "TOPIC", "resource_name": .string(name), "pattern_type": "LITERAL",
                "principal": "User:sa-1", "host": "*", "operation": "WRITE", "permission": .string(permission),
            ]
        }
        let filter =
            #"{"aclFilters":[{"resourceFilter":{"resourceType":"ANY","patternType":"ANY"},"accessFilter":{"operation":"ANY","permissionType":"ALLOW"}}]}"#
        try bench.link(["acl.sync.enable": "true", "acl.filters": filter])
        bench.call("POST", bench.west, "acls:batch", ["data": [binding("a"), binding("b", "DENY")]])
        bench.call("POST", bench.east, "acls", binding("local"))
        bench.advance(6_000)
        #expect(bench.east.acls.map(\.resourceName) == ["a"])
    }

    @Test("ACL sync carries a DENY too: it is copied, and one that stands at the destination alone is deleted")
    func denials() throws {
        let bench = KafkaBench()
        func binding(_ name: String) -> JSON {
            [
                "resource_type": "TOPIC", "resource_name": .string(name), "pattern_type": "LITERAL",
                "principal": "User:*", "host": "*", "operation": "WRITE", "permission": "DENY",
            ]
        }
        let filter =
            #"{"aclFilters":[{"resourceFilter":{"resourceType":"ANY","patternType":"ANY"},"accessFilter":{"operation":"ANY","permissionType":"ANY"}}]}"#
        try bench.link(["acl.sync.enable": "true", "acl.filters": filter])
        bench.call("POST", bench.west, "acls", binding("fenced"))
        bench.call("POST", bench.east, "acls", binding("local"))
        bench.advance(6_000)
        #expect(bench.east.acls.map(\.resourceName) == ["fenced"])
        #expect(bench.east.acls.map(\.permission) == ["DENY"])
        let query =
            "acls?resource_type=TOPIC&resource_name=fenced&pattern_type=LITERAL&principal=User:*&host=*&operation=WRITE&permission=DENY"
        bench.call("DELETE", bench.west, query)
        bench.advance(6_000)
        #expect(bench.east.acls.isEmpty)
    }

    @Test("new topics are mirrored by themselves where the filter names them")
    func autoCreate() throws {
        let bench = KafkaBench()
        _ = bench.topic("orders.old", on: bench.west)
        let filter =
            #"{"topicFilters":[{"name":"orders.","patternType":"PREFIXED","filterType":"INCLUDE"}]}"#
        try bench.link(["auto.create.mirror.topics.enable": "true", "auto.create.mirror.topics.filters": filter])
        bench.advance(6_000)
        #expect(bench.status("orders.old") == "ACTIVE")
        _ = bench.topic("orders.new", on: bench.west)
        _ = bench.topic("other", on: bench.west)
        bench.advance(6_000)
        #expect(bench.status("orders.new") == "ACTIVE")
        #expect(bench.east.topics["other"] == nil)
    }
}
