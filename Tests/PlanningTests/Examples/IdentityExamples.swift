import Domain
import Planning
import Rendering
import Testing

/// Fields by which an object is found, and which therefore cannot change.
@Suite struct IdentityExamples {
    private func orders() throws -> Example {
        try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 9
            workspace.addTopic("orders", .cluster("west")) {
                $0.topicName = "orders.v1"
                $0.deletionPolicy = .delete
            }
        }
    }

    @Test("a topic is not destroyed because its manifest names another one")
    func topicName() throws {
        var example = try orders()
        example.workspace.topics["orders"]?.topicName = "orders.v2"
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.immutable])
        #expect(plan.refusals[0].subject == "Topic orders")
        #expect(plan.refusals[0].origin == ManifestOrigin("Topic", "orders", "spec.topicName"))
        #expect(plan.refusals[0].wayOut.hasPrefix("write `topicName: orders.v1`"))
        #expect(plan.steps.isEmpty && plan.changes.isEmpty)
    }

    @Test("a topic is not destroyed because its manifest names another cluster")
    func cluster() throws {
        var example = try orders()
        example.workspace.topics["orders"]?.home = .cluster("east")
        let plan = example.plan()
        #expect(plan.refusals.map(\.origin?.field) == ["spec.cluster"])
        #expect(plan.refusals[0].wayOut.hasPrefix("write `cluster: west`"))
        #expect(plan.steps.isEmpty)
    }

    @Test("a manifest of another name for the same topic is no change, and one that leaves takes its topic with it")
    func renamedManifest() throws {
        var example = try orders()
        let removed = example.workspace.topics.removeValue(forKey: "orders")
        var renamed = try #require(removed)
        renamed.metadata.name = "renamed"
        example.workspace.topics["renamed"] = renamed
        #expect(example.plan().isEmpty)
        try example.apply()
        example.workspace.topics = [:]
        example.workspace.addTopic("orders", .cluster("west"))
        #expect(example.plan().stepIDs == ["topic/west/orders#create", "topic/west/orders.v1#delete"])
    }

    @Test("a link that its manifest names anew is refused, with all that comes from the manifest")
    func linkName() throws {
        var example = try Example.applied { workspace in
            workspace.addTopic("orders", .cluster("west"))
            workspace.addLink("copy", from: "west", to: "east") { $0.mirrorTopics = TopicSelector(include: ["orders"]) }
        }
        example.workspace.clusterLinks["copy"]?.settings.linkName = "copy"
        #expect(example.plan().isEmpty)
        example.workspace.clusterLinks["copy"]?.settings.linkName = "copy-2"
        example.workspace.addTopic("bills", .cluster("west"))
        example.workspace.clusterLinks["copy"]?.mirrorTopics = TopicSelector(include: ["orders", "bills"])
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.immutable])
        #expect(plan.refusals[0].message.contains("copy-2"))
        #expect(plan.stepIDs == ["topic/west/bills#create"])
    }

    @Test("a group's link that its manifest names anew is refused")
    func groupLinkName() throws {
        var example = try Example.applied { workspace in
            workspace.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.*"])
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
        }
        example.workspace.failoverGroups["shop"]?.link.names = ["west-east": "dr"]
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.immutable])
        #expect(plan.refusals[0].wayOut.contains("shop-west-east"))
        #expect(plan.steps.isEmpty)
    }

    @Test("a link to another destination, and an exporter of another name, are refused: the old one would go on")
    func otherEnds() throws {
        var example = try Example.applied { workspace in
            workspace.addSite("south")
            workspace.addLink("copy", from: "west", to: "east")
            workspace.addSchemaLink("schemas", from: "env-west", to: "env-east")
        }
        example.workspace.clusterLinks["copy"]?.destination = "south"
        example.workspace.schemaLinks["schemas"]?.settings.exporterName = "other"
        let plan = example.plan()
        #expect(plan.refusals.map(\.origin?.field) == ["spec.destination", "spec.exporterName"])
        #expect(plan.steps.isEmpty)
    }

    @Test("no registry is put into IMPORT for a schema link that is refused")
    func refusedSchemaLink() throws {
        var example = try Example.applied { workspace in
            workspace.addSchemaLink("schemas", from: "env-west", to: "env-east") { $0.destinationMode = .unmanaged }
        }
        example.workspace.schemaLinks["schemas"]?.contextType = .none
        example.workspace.schemaLinks["schemas"]?.destinationMode = .import
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.immutable])
        #expect(plan.steps.isEmpty)
    }

    @Test(
        "what a cluster was made with cannot change, whoever manages it",
        arguments: [ManagementPolicy.manage, .observe], ["network", "byok", "region", "type"])
    func clusterFields(policy: ManagementPolicy, field: String) throws {
        var example = Example()
        if policy == .manage {
            example.workspace.clusters["west"]?.managementPolicy = .manage
            example.workspace.environments["env-west"]?.managementPolicy = .manage
            try example.apply()
            try example.apply()
        }
        switch field {
        case "network": example.workspace.clusters["west"]?.network = "n-2"
        case "byok": example.workspace.clusters["west"]?.byok = "cck-2"
        case "region": example.workspace.clusters["west"]?.region = "elsewhere"
        default: example.workspace.clusters["west"]?.type = .enterprise
        }
        let plan = example.plan()
        #expect(plan.refusals.contains { $0.gate == .immutable && $0.origin?.field == "spec.\(field)" })
        #expect(plan.steps.isEmpty)
    }

    @Test("an access point that a cluster does not have is refused, and nothing is published with another one")
    func accessPoint() throws {
        var example = Example { workspace in
            workspace.addBinding("app", .cluster("west")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
        example.workspace.clusters["west"]?.clientAccessPoint = "ap-nope"
        let plan = example.plan()
        #expect(plan.refusals.map(\.origin?.field) == ["spec.clientAccessPoint"])
        #expect(plan.refusals[0].message.contains("ap-nope") && plan.refusals[0].message.contains("PUBLIC"))
        example.workspace.clusters["west"]?.clientAccessPoint = "PUBLIC"
        #expect(example.plan().refusals.isEmpty)
    }
}
