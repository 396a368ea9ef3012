import Testing

@testable import SimulatedConfluent
@testable import SimulatorCore

@Suite("Topics over Kafka REST")
struct TopicTests {
    @Test("creation answers zeros, and reading back gives the real numbers")
    func creation() {
        let bench = KafkaBench()
        let created = bench.call("POST", bench.west, "topics", ["topic_name": "orders", "partitions_count": 4])
        #expect(created.status == 201)
        #expect(created.json["partitions_count"] == 0)
        let read = bench.call("GET", bench.west, "topics/orders").json
        #expect(read["partitions_count"] == 4)
        #expect(read["replication_factor"] == 3)
        #expect(
            read.members?.map(\.name) == [
                "kind", "metadata", "cluster_id", "topic_name", "is_internal", "replication_factor",
                "partitions_count", "partitions", "configs", "partition_reassignments",
            ])
        let again = bench.call("POST", bench.west, "topics", ["topic_name": "orders"])
        #expect(again.json["error_code"] == 40002)
        #expect(again.json["message"] == "Topic 'orders' already exists.")
    }

    @Test(
        "what Kafka rejects is 40002",
        arguments: [
            ["topic_name": "a", "replication_factor": 1], ["topic_name": "a b"],
            ["topic_name": "a", "partitions_count": 0],
            ["topic_name": "a", "configs": [["name": "nope", "value": "1"]]],
            ["topic_name": "a", "configs": [["name": "compression.type", "value": "gzip"]]],
            ["topic_name": "a", "configs": [["name": "retention.ms", "value": "week"]]],
            ["topic_name": "a", "configs": [["name": "delete.retention.ms", "value": "60566400001"]]],
        ] as [JSON])
    func rejected(_ body: JSON) {
        let bench = KafkaBench()
        let answer = bench.call("POST", bench.west, "topics", body)
        #expect(answer.status == 400)
        #expect(answer.json["error_code"] == 40002)
        #expect(bench.west.topics.isEmpty)
    }

    @Test("a self-managed cluster takes what the service refuses")
    func platform() {
        let bench = KafkaBench(west: .confluentPlatform)
        let body: JSON = [
            "topic_name": "a", "replication_factor": 1, "configs": [["name": "compression.type", "value": "gzip"]],
        ]
        #expect(bench.call("POST", bench.west, "topics", body).status == 201)
        let entries = bench.call("GET", bench.west, "topics/a/configs").json["data"]?.array ?? []
        #expect(!entries.contains { $0["name"] == "confluent.topic.type" })
        #expect(bench.call("GET", bench.west, "topics", as: nil).json["error_code"] == 40101)
    }

    @Test("deletion takes a while, during which the name is taken")
    func deletion() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        #expect(bench.call("DELETE", bench.west, "topics/orders").status == 204)
        #expect(bench.call("GET", bench.west, "topics/orders").status == 200)
        #expect(bench.call("POST", bench.west, "topics", ["topic_name": "orders"]).status == 400)
        bench.advance(300)
        #expect(bench.call("GET", bench.west, "topics/orders").json["error_code"] == 40403)
        #expect(bench.call("POST", bench.west, "topics", ["topic_name": "orders"]).status == 201)
    }

    @Test("config entries tell where their value comes from, and the service's own keys look set")
    func configEntries() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        #expect(
            bench.call("PUT", bench.west, "topics/orders/configs/max.message.bytes", ["value": "12345"]).status == 204)
        let entry = bench.call("GET", bench.west, "topics/orders/configs/max.message.bytes").json
        #expect(entry["source"] == "DYNAMIC_TOPIC_CONFIG")
        #expect(
            entry["synonyms"] == [
                ["name": "max.message.bytes", "value": "12345", "source": "DYNAMIC_TOPIC_CONFIG"],
                ["name": "message.max.bytes", "value": "2097164", "source": "STATIC_BROKER_CONFIG"],
                ["name": "message.max.bytes", "value": "1048588", "source": "DEFAULT_CONFIG"],
            ])
        let unset = bench.call("GET", bench.west, "topics/orders/configs/min.insync.replicas").json
        #expect(unset["source"] == "STATIC_BROKER_CONFIG")
        #expect(unset["is_default"] == false)
        let all = bench.call("GET", bench.west, "topics/orders/configs").json["data"]?.array ?? []
        let dynamic = all.filter { $0["source"] == "DYNAMIC_TOPIC_CONFIG" }.compactMap { $0["name"]?.string }
        #expect(
            dynamic == ["max.message.bytes", "confluent.topic.type", "confluent.schema.validation.context.name"])
        #expect(bench.call("DELETE", bench.west, "topics/orders/configs/max.message.bytes").status == 204)
        #expect(bench.call("GET", bench.west, "topics/orders/configs/max.message.bytes").json["value"] == "2097164")
        #expect(bench.call("GET", bench.west, "topics/orders/configs/nope").status == 404)
    }

    @Test("the list of all configs holds the very entries of the single reads")
    func bulkConfigs() {
        let bench = KafkaBench()
        for name in ["a", "b"] { _ = bench.topic(name, on: bench.west) }
        bench.call("PUT", bench.west, "topics/b/configs/retention.ms", ["value": "9"])
        let bulk = bench.call("GET", bench.west, "topics/-/configs").json["data"]?.array ?? []
        let singles = ["a", "b"].flatMap { (topic: String) -> [JSON] in
            bulk.filter { $0["topic_name"]?.string == topic }.compactMap { $0["name"]?.string }
                .map { name in bench.call("GET", bench.west, "topics/\(topic)/configs/\(name)").json }
        }
        #expect(bulk.count > 40)
        #expect(bulk == singles)
    }

    @Test("an alteration is all or nothing")
    func atomicAlter() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        let body: JSON = [
            "data": [["name": "retention.ms", "value": "1"], ["name": "retention.bytes", "value": "many"]]
        ]
        #expect(bench.call("POST", bench.west, "topics/orders/configs:alter", body).status == 400)
        #expect(bench.west.topics["orders"]?.configs.isEmpty == true)
    }

    @Test("produced records are answered with their place and size")
    func produce() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        let record: JSON = [
            "partition_id": 1, "key": ["type": "BINARY", "data": "Zm9vYmFy"],
            "value": ["type": "JSON", "data": ["a": 1]],
        ]
        _ = bench.call("POST", bench.west, "topics/orders/records", record)
        let answer = bench.call("POST", bench.west, "topics/orders/records", record).json
        #expect(answer["error_code"] == 200)
        #expect(answer["offset"] == 1)
        #expect(answer["key"] == ["type": "BINARY", "size": 6])
        #expect(answer["value"] == ["type": "JSON", "size": 7])
        #expect(bench.call("POST", bench.west, "topics/orders/records").status == 422)
        let broken: JSON = ["value": ["type": "BINARY", "data": "%"]]
        #expect(bench.call("POST", bench.west, "topics/orders/records", broken).status == 400)
    }

    @Test("records with equal keys go where Kafka's own partitioner puts them, however the key is written")
    func keys() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        let partitions = bench.west.topics["orders"]?.partitionCount ?? 0
        func partition(_ key: JSON) -> Int64? {
            let record: JSON = ["key": key, "value": ["type": "STRING", "data": "x"]]
            return bench.call("POST", bench.west, "topics/orders/records", record).json["partition_id"]?.int
        }
        let expected = JSON(Int(murmurOfFoobar & 0x7FFF_FFFF) % partitions).int
        #expect(partitions > 1)
        for _ in 0..<20 {
            #expect(partition(["type": "STRING", "data": "foobar"]) == expected)
            #expect(partition(["type": "BINARY", "data": "Zm9vYmFy"]) == expected)
        }
        let others = (0..<50).map { partition(["type": "JSON", "data": ["id": JSON($0)]]) }
        #expect(Set(others).count == partitions, "keys spread over all partitions")
        let without = (0..<50).map { _ in partition(["type": "STRING", "data": .null]) }
        #expect(Set(without).count == partitions, "no key, no place")
    }

    @Test(
        "keys are hashed as Kafka hashes them",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)])
    func murmur(_ key: String, _ hash: Int32) {
        #expect(KeyPartitioner.murmur2(Array(key.utf8)) == UInt32(bitPattern: hash))
    }

    private var murmurOfFoobar: UInt32 { UInt32(bitPattern: -790_332_482) }

    @Test("a DENY stops the key it names from producing, and no other")
    func fence() {
        let bench = KafkaBench()
        _ = bench.topic("orders", on: bench.west)
        for (key, owner) in [("A", "sa-a"), ("B", "sa-b")] {
            bench.kafka.keys.add(
                key, KeyRing.Grant(secret: "s", resource: "lkc-west", owner: owner, activeFrom: 0))
        }
        bench.call(
            "POST", bench.west, "acls",
            [
                "resource_type": "TOPIC", "resource_name": "ord", "pattern_type": "PREFIXED",
                "principal": "User:sa-a", "host": "*", "operation": "WRITE", "permission": "DENY",
            ])
        func produce(_ key: String) -> Int {
            bench.call(
                "POST", bench.west, "topics/orders/records", ["value": ["type": "STRING", "data": "x"]],
                as: Credentials(key: key, secret: "s")
            ).status
        }
        #expect(produce("A") == 403)
        #expect(produce("B") == 200)
    }

    @Test("ACLs are found and deleted by filter, and adding one twice keeps one")
    func acls() {
        let bench = KafkaBench()
        let binding: JSON = [
            "resource_type": "GROUP", "resource_name": "app", "pattern_type": "LITERAL", "principal": "User:sa-1",
            "host": "*", "operation": "READ", "permission": "ALLOW",
        ]
        #expect(bench.call("POST", bench.west, "acls", binding).status == 201)
        #expect(bench.call("POST", bench.west, "acls:batch", ["data": [binding]]).status == 201)
        #expect(bench.call("GET", bench.west, "acls?resource_type=GROUP").json["data"]?.array?.count == 1)
        #expect(bench.call("GET", bench.west, "acls?resource_type=TOPIC").json["data"] == [])
        #expect(bench.call("DELETE", bench.west, "acls?resource_type=GROUP").status == 400)
        let filter = "resource_type=GROUP&pattern_type=ANY&operation=ANY&permission=ANY"
        #expect(bench.call("DELETE", bench.west, "acls?\(filter)").json["data"]?.array?.count == 1)
        #expect(bench.call("DELETE", bench.west, "acls?\(filter)").json["data"] == [])
    }

    @Test("what has no model says so")
    func unmodelled() {
        let bench = KafkaBench()
        #expect(bench.call("GET", bench.west, "share-groups").status == 501)
        #expect(bench.call("GET", bench.west, "no-such-thing").status == 404)
    }
}
