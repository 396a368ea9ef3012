import Domain
import Planning
import Rendering
import Testing

@Suite struct TopicExamples {
    @Test("a topic that is missing is created with canonical values")
    func create() {
        let example = Example {
            $0.addTopic(
                "orders", .cluster("west"), partitions: 12, ["retention.ms": "7d", "cleanup.policy": "delete, compact"])
        }
        let plan = example.plan()
        #expect(plan.stepIDs == ["topic/west/orders#create"])
        #expect(
            plan.steps[0].action
                == .kafka(
                    .createTopic(
                        TopicCreation(
                            cluster: "west", topic: "orders", partitions: 12, replicationFactor: nil,
                            configs: [
                                ConfigChange("cleanup.policy", "compact,delete"),
                                ConfigChange("retention.ms", "604800000"),
                            ]))))
    }

    @Test(
        "values that say the same are no difference",
        arguments: [
            ("retention.ms", "7d", "604800000"), ("retention.ms", "604800000", "604800000"),
            ("retention.ms", "-1", "-1"),
            ("cleanup.policy", "delete, compact", "compact,delete"), ("max.message.bytes", "1MiB", "1048576"),
            ("segment.ms", "1h30m", "5400000"),
        ])
    func equalities(name: String, written: String, live: String) throws {
        var example = try Example.applied { $0.addTopic("orders", .cluster("west"), [name: written]) }
        example.change("west") { $0.configs["orders"] = [name: live, "confluent.topic.type": "standard"] }
        #expect(example.plan().isEmpty)
    }

    @Test("a topic that exists is adopted with its differences, and other configs are named and left alone")
    func adopt() {
        var example = Example { $0.addTopic("orders", .cluster("west"), partitions: 12, ["retention.ms": "1d"]) }
        example.addTopic(
            "orders", on: "west",
            [
                "retention.ms": "1", "segment.ms": "5", "confluent.topic.type": "standard",
                "confluent.schema.validation.context.name": "default",
            ])
        let plan = example.plan()
        #expect(
            plan.lines == ["adoptAndChange topic/west/orders configs.retention.ms: 1 -> 86400000; partitions: 6 -> 12"])
        #expect(plan.changes[0].reason == .leavesAlone(configs: ["segment.ms"]))
        #expect(plan.stepIDs == ["topic/west/orders#grow", "topic/west/orders#configs"])
        #expect(plan.steps[1].after == [plan.steps[0].id])
        #expect(plan.steps[0].ledger == .none)
    }

    @Test("configs nobody declared are never a difference later")
    func unmanaged() throws {
        var example = try Example.applied { $0.addTopic("orders", .cluster("west"), ["retention.ms": "1d"]) }
        example.change("west") { $0.configs["orders"]?["segment.ms"] = "5" }
        #expect(example.plan().isEmpty)
    }

    @Test("a config that left the manifest is reset")
    func reset() throws {
        var example = try Example.applied {
            $0.addTopic("orders", .cluster("west"), ["retention.ms": "1d", "segment.ms": "1h"])
        }
        example.workspace.topics["orders"]?.configs = ["retention.ms": "1d"]
        let plan = example.plan()
        #expect(
            plan.step("topic/west/orders#configs")?.action
                == .kafka(
                    .alterTopicConfigs(
                        TopicAlteration(cluster: "west", topic: "orders", changes: [ConfigChange("segment.ms", nil)]))))
    }

    @Test("partitions never shrink, and the refusal says what to write")
    func shrink() throws {
        var example = try Example.applied { $0.addTopic("orders", .cluster("west"), partitions: 12) }
        example.workspace.topics["orders"]?.partitions = 6
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        #expect(plan.refusals.map(\.gate) == [.partitions])
        #expect(plan.refusals[0].wayOut.contains("partitions: 12"))
        #expect(plan.refusals[0].origin == ManifestOrigin("Topic", "orders", "spec.partitions"))
    }

    @Test("the replication factor of a live topic is refused, and mirrors of that topic go on")
    func replicationFactor() throws {
        var example = Example {
            $0.addGroup("shop", primary: "west", ["west", "east"])
            $0.addTopic("orders", .failoverGroup("shop")) { $0.replicationFactor = 2 }
        }
        example.addTopic("orders", on: "west")
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.immutable])
        #expect(plan.stepIDs.contains("mirror/east/orders#create"))
        #expect(!plan.stepIDs.contains { $0.hasPrefix("topic/") })
    }

    @Test("configs that were not read are waited for, not overwritten")
    func configsNotRead() throws {
        let example = try Example.applied { $0.addTopic("orders", .cluster("west"), ["retention.ms": "1d"]) }
        let plan = example.plan { input in
            guard case .reachable(var snapshot) = input.observation.clusters["west"] else { return }
            snapshot.configs = [:]
            input.observation.clusters["west"] = .reachable(snapshot)
        }
        #expect(plan.steps.isEmpty)
        #expect(plan.deferred.map(\.address.description) == ["topic/west/orders"])
    }

    @Test("a cluster without credentials holds no managed topics")
    func noCredentials() {
        var example = Example { $0.addTopic("orders", .cluster("west")) }
        example.workspace.clusters["west"]?.credentials = nil
        #expect(example.plan().refusals.map(\.gate) == [.unsupported])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("an object that another workspace owns is refused by name")
    func foreignOwner() {
        var example = Example { $0.addTopic("orders", .cluster("west")) }
        example.world.ledger.ownedElsewhere = [ResourceAddress(.topic, in: "west", "orders"): "billing"]
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.ownership])
        #expect(plan.refusals[0].message.contains("billing"))
        #expect(plan.steps.isEmpty)
    }
}
