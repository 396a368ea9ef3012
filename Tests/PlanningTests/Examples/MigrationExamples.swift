import Domain
import Planning
import Rendering
import Testing

/// A group whose first primary is left for good: an Apache Kafka, which has no API that could be asked or fenced.
@Suite struct MigrationExamples {
    private static func migration() throws -> Example {
        var example = Example { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("move", primary: "onprem", ["onprem", "east"], include: ["orders"]) { group in
                group.reprotect = .retire
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.quiet = .seconds(10)
            }
            workspace.addBinding("billing", .failoverGroup("move")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
            var kafka = ClusterSpec(metadata: Metadata(name: "onprem"), type: .apacheKafka)
            (kafka.id, kafka.bootstrapServers) = ("9Zt1rQWkTJ2q7T0h0yJvVw", "kafka:9092")
            kafka.linkCredentials = Manifests.key("ONPREM")
            workspace.clusters["onprem"] = kafka
        }
        example.change("onprem") { cluster in
            cluster.topics["orders"] = ObservedTopic(partitions: 3, replicationFactor: 3)
            cluster.records["orders"] = [1, 2, 3]
        }
        for _ in 0..<3 { try example.apply() }
        example.world.replicate(example.workspace)
        return example
    }

    private static func setPrimary(_ member: String, in example: inout Example) {
        example.workspace.failoverGroups["move"]?.placement = .declared(primary: member, members: ["onprem", "east"])
    }

    @Test("its topics are promoted when their source stands still, and then its link goes; nothing there is touched")
    func retire() throws {
        var example = try Self.migration()
        let before = example.world.cluster("onprem", example.workspace)
        Self.setPrimary("east", in: &example)
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(
            plan.stepIDs == [
                "group/move#open", "group/move#verify-fence-onprem", "group/move#drain-move-onprem-east",
                "group/move#past", "group/move#promote-move-onprem-east",
                "group/move#quieten-offsets-move-onprem-east", "group/move#served", "binding/billing/0#publish",
            ])
        #expect(plan.moves.first?.followedBy == ["onprem is retired: its link and exporter are removed"])
        for _ in 0..<3 { try example.apply() }
        #expect(example.world.stores[ResourceAddress(.binding, "billing/0")]?.bookkeeping?.primary == "east")
        let east = try #require(example.world.cluster("east", example.workspace))
        #expect(east.links.isEmpty && east.isWritable("orders") && east.records["orders"] == [1, 2, 3])
        let after = try #require(example.world.cluster("onprem", example.workspace))
        #expect(after.topics == before?.topics && after.denials == [] && after.links.isEmpty)
        #expect(example.plan().steps.map(\.id) == [] && example.plan().refusals.map(\.message) == [])
    }

    @Test("there is no way back to it: no link, no mirror and no move towards it is planned")
    func noWayBack() throws {
        var example = try Self.migration()
        Self.setPrimary("east", in: &example)
        for _ in 0..<3 { try example.apply() }
        Self.setPrimary("onprem", in: &example)
        let plan = example.plan()
        #expect(plan.steps.filter(\.isEffectful).map(\.id) == [])
        #expect(plan.moves.isEmpty)
        let refusal = try #require(plan.refusals.first)
        #expect(refusal.gate == .members)
        #expect(refusal.message.contains("onprem is an Apache Kafka, which can be left and not be moved to"))
        #expect(refusal.wayOut == "put `primary` back to east")
        example.workspace.failoverGroups["move"]?.failover = .init(from: "east", incident: "INC-1")
        #expect(example.plan().moves.isEmpty, "nor with an incident")
        try example.apply()
        #expect(example.world.stores[ResourceAddress(.binding, "billing/0")]?.bookkeeping?.primary == "east")
    }

    @Test("a source that does not answer its mirrors is not left")
    func unavailable() throws {
        var example = try Self.migration()
        example.change("east") { cluster in
            for index in cluster.mirrors.indices { cluster.mirrors[index].status = .sourceUnavailable }
        }
        Self.setPrimary("east", in: &example)
        let refusal = try #require(example.plan().refusals.first)
        #expect(refusal.gate == .candidate && refusal.message.contains("orders is SOURCE_UNAVAILABLE"))
        #expect(example.plan().moves.isEmpty)
    }
}
