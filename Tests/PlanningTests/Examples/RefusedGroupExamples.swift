import Domain
import Planning
import Testing

/// What is refused has nothing done, and gives nothing up.
@Suite struct RefusedGroupExamples {
    private func shop() throws -> Example {
        try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 9
            workspace.addGroup("shop", primary: "west", ["west", "east"], include: ["shop.a*"])
            workspace.addTopic("shop.a", .failoverGroup("shop"))
            workspace.addTopic("shop.old", .failoverGroup("shop")) { $0.deletionPolicy = .delete }
            workspace.addTopic("bills", .cluster("west")) { $0.deletionPolicy = .delete }
            for name in ["app", "leaving"] {
                workspace.addBinding(name, .failoverGroup("shop")) {
                    $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
                }
            }
        }
    }

    @Test("what leaves a group whose holder is in doubt is neither deleted nor given up until the doubt is gone")
    func leaving() throws {
        var example = try shop()
        let store = ResourceAddress(.binding, "app/0")
        let known = example.world.stores[store]
        example.world.stores[store]?.bookkeeping?.primary = "north"
        example.workspace.topics["shop.old"] = nil
        example.workspace.topics["bills"] = nil
        example.workspace.clientBindings["leaving"] = nil
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.holder])
        #expect(plan.stepIDs == ["topic/west/bills#delete"])
        #expect(plan.ledgerRefresh.isEmpty)
        example.world.stores[store] = known
        #expect(example.plan().lines.contains { $0.hasPrefix("delete topic/west/shop.old") })
        #expect(example.plan().lines.contains { $0.hasPrefix("release binding/leaving/0") })
    }

    @Test("rows of earlier versions, which do not say their group, are taken for the refused one's")
    func olderRows() throws {
        var example = try shop()
        for address in example.world.ledger.owned.keys {
            example.world.ledger.owned[address]?.applied["family"] = nil
            if address.kind == .topic { example.world.ledger.owned[address]?.applied["declaredBy"] = nil }
        }
        example.world.stores[ResourceAddress(.binding, "app/0")]?.bookkeeping?.primary = "north"
        example.workspace.topics["shop.old"] = nil
        example.workspace.clientBindings["leaving"] = nil
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a topic that is adopted and changed is told apart from one that is only adopted")
    func adoption() {
        var example = Example()
        for name in ["one", "two"] {
            example.workspace.addTopic(name, .cluster("west"), ["retention.ms": name == "one" ? "1m" : "90d"])
            example.addTopic(name, on: "west", ["retention.ms": "7776000000"])
        }
        let plan = example.plan()
        #expect(
            plan.lines == [
                "adoptAndChange topic/west/one configs.retention.ms: 7776000000 -> 60000", "adopt topic/west/two ",
            ])
        #expect(plan.summary.adopt == 2 && plan.summary.change == 1)
    }
}
