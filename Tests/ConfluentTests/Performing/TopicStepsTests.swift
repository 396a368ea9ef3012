import Confluent
import Domain
import Execution
import Planning
import Testing

@Suite struct TopicStepsTests {
    @Test("A topic that is there already as wanted is success; with other partitions or configs it is rejected")
    func alreadyThere() async throws {
        try await Rig.seeded { rig in
            let wanted = Estate.topic("orders", configs: [ConfigChange("cleanup.policy", "compact,delete")])
            try await rig.perform(wanted)
            try await rig.perform(wanted)
            let partitions = await rig.failure(of: Estate.topic("orders", partitions: 9))
            #expect(partitions?.kind == .rejected)
            #expect(partitions?.message == "topic orders is there already with 3 partitions instead of 9")
            let configs = await rig.failure(of: Estate.topic("orders", configs: [ConfigChange("retention.ms", "5")]))
            #expect(configs?.message == "topic orders is there already with retention.ms unset")
        }
    }

    @Test("A create whose answer is lost succeeds: the repetition finds the topic and compares")
    func lostAnswer() async throws {
        try await Rig.seeded { rig in
            try await rig.spoil(
                "west/kafka", path: "/kafka/v3/clusters/lkc-west/topics",
                #""method":"POST","effect":"loseResponse","count":1"#)
            try await rig.perform(Estate.topic("orders"))
            #expect(try await rig.kafka("west").topics["orders"]?.partitions == 3)
        }
    }

    @Test("Partitions grow, configs are set and reset, and each is visible when the step returns")
    func change() async throws {
        try await Rig.seeded { rig in
            let rig = rig.managing(["orders"])
            try await rig.perform(
                Estate.topic("orders", configs: [ConfigChange("retention.ms", "1000")]),
                .kafka(.growTopic(TopicGrowth(cluster: "west", topic: "orders", partitions: 6))),
                .kafka(
                    .alterTopicConfigs(
                        TopicAlteration(
                            cluster: "west", topic: "orders",
                            changes: [ConfigChange("retention.ms", nil), ConfigChange("max.message.bytes", "1048588")]))
                ))
            let west = try await rig.kafka("west")
            #expect(west.topics["orders"]?.partitions == 6)
            #expect(west.configs["orders"]?.withoutNoise == ["max.message.bytes": "1048588"])
        }
    }

    @Test("What the service refuses is rejected in its own words")
    func refused() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(Estate.topic("orders"))
            let shrink = await rig.failure(
                of: .kafka(.growTopic(TopicGrowth(cluster: "west", topic: "orders", partitions: 1))))
            #expect(shrink?.kind == .rejected)
            #expect(shrink?.message.contains("40002") == true)
            let config = await rig.failure(
                of: .kafka(
                    .alterTopicConfigs(
                        TopicAlteration(
                            cluster: "west", topic: "orders", changes: [ConfigChange("no.such.config", "1")]))))
            #expect(config?.kind == .rejected)
        }
    }

    @Test("A deleted topic is gone when the step returns; deleting it again is success")
    func delete() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(
                Estate.topic("orders"), .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))),
                .kafka(.deleteTopic(TopicReference(cluster: "west", topic: "orders"))))
            #expect(try await rig.kafka("west").topics["orders"] == nil)
        }
    }

    @Test("A cluster that is not known yet, or refuses connections, fails the step and says so")
    func unreachable() async throws {
        try await Rig.with { rig in
            let unknown = await rig.failure(of: Estate.topic("orders"))
            #expect(unknown?.kind == .unreachable)
            await rig.directory.learn(
                KnownSites.Cluster(id: "lkc-west", restEndpoint: "http://127.0.0.1:1/kafka"), named: "west")
            let refused = await rig.failure(of: Estate.topic("orders"))
            #expect(refused?.kind == .unreachable)
            #expect(refused?.message == "POST /v3/clusters/lkc-west/topics: connection refused")
            #expect(refused?.endpoint == "http://127.0.0.1:1/kafka")
        }
    }
}
