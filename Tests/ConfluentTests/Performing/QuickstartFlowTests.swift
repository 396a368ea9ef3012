import Confluent
import Domain
import Execution
import Planning
import Testing

@Suite struct QuickstartFlowTests {
    @Test("From nothing to mirrored topics and schemas: every step's effect is there when the step returns")
    func quickstart() async throws {
        try await Rig.with { rig in
            try await rig.buildRegions()
            try await rig.perform(
                Estate.topic("orders", configs: [ConfigChange("retention.ms", "86400000")]),
                Estate.topic("payments"),
                .registry(
                    .setRegistryMode(
                        RegistryModeSetting(environment: "east", context: .standard, mode: .import, force: false))),
                Estate.link(configs: [
                    ConfigChange(
                        "consumer.offset.group.filters",
                        #"{"groupFilters":[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]}"#),
                    ConfigChange("consumer.offset.sync.enable", "true"),
                ]),
                Estate.mirror("orders"), Estate.mirror("payments"),
                .registry(.createExporter(Estate.exporter())))

            var wanted = rig
            wanted.workspace.topics["orders"] = Estate.topicSpec("orders", configs: ["retention.ms": "86400000"])
            let observation = await wanted.observe()

            let west = try #require(observation.clusters["west"]?.snapshot)
            #expect(west.topics["orders"] == ObservedTopic(partitions: 3, replicationFactor: 3))
            #expect(west.configs["orders"]?.withoutNoise == ["retention.ms": "86400000"])
            let east = try #require(observation.clusters["east"]?.snapshot)
            #expect(east.mirrors.map(\.topic) == ["orders", "payments"])
            #expect(east.mirrors.allSatisfy { $0.status == .active && $0.link == "west-east" })
            let link = try #require(east.links.first)
            #expect(link.remoteClusterID == west.clusterID)
            #expect(link.mode == .destination)
            #expect(link.configs["consumer.offset.sync.enable"] == "true")
            #expect(link.configs["sasl.jaas.config"] == nil)
            #expect(observation.registries["east"]?.snapshot?.modes == [.standard: .import])
            let exporter = try #require(observation.registries["west"]?.snapshot?.exporters.first)
            #expect(exporter.name == "to-east")
            #expect(exporter.state == .running)
            #expect(exporter.trace == nil)
        }
    }
}

extension Estate {
    static func topicSpec(_ name: String, on cluster: String = "west", configs: [String: String] = [:]) -> TopicSpec {
        var topic = TopicSpec(metadata: Metadata(name: name), home: .cluster(cluster))
        topic.configs = configs
        return topic
    }
}
