import Domain
import Planning
import Testing

/// Mirrors that several manifests want.
@Suite struct MirrorClaimExamples {
    @Test("a mirror that two links want is refused before it is made, and stays with the link that holds it")
    func contended() throws {
        var example = try Example.applied { workspace in
            for name in ["a", "b"] {
                workspace.addLink(name, from: "west", to: "east") { $0.mirrorTopics = TopicSelector(include: ["o*"]) }
            }
        }
        example.workspace.addTopic("orders", .cluster("west"))
        let plan = example.plan()
        #expect(plan.refusals.map(\.subject) == ["ClusterLink b on east"])
        #expect(plan.stepIDs == ["topic/west/orders#create", "mirror/east/orders#create"])
        try example.apply()
        #expect(example.plan().refusals.map(\.subject) == ["ClusterLink b on east"])
        example.change("east") { $0.mirrors[0].link = "b" }
        #expect(example.plan().refusals.map(\.subject) == ["ClusterLink a on east"])
        example.workspace.clusterLinks["a"]?.mirrorTopics = nil
        #expect(example.plan().refusals.isEmpty && example.plan().steps.isEmpty)
    }

    @Test("a mirror that a group and a link want is refused to the link")
    func contendedByAGroup() throws {
        let example = try Example.applied { workspace in
            workspace.addGroup("shop", primary: "west", ["west", "east"])
            workspace.addTopic("shop.a", .failoverGroup("shop"))
            workspace.addLink("copy", from: "west", to: "east") { $0.mirrorTopics = TopicSelector(include: ["shop.*"]) }
        }
        #expect(example.plan().refusals.map(\.subject) == ["ClusterLink copy on east"])
    }
}
