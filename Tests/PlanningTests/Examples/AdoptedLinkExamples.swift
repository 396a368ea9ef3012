import Domain
import Planning
import Testing

/// What a move switches off on a link that somebody else made is put back when the move is given up.
@Suite struct AdoptedLinkExamples {
    @Test("filters and flags of an adopted link come back, filters first, when a move is taken back")
    func restored() throws {
        var example = Example { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
            }
            workspace.addTopic("shop.a", .failoverGroup("shop"))
        }
        example.addLink(
            "shop-west-east", on: "east", from: "west",
            ["acl.sync.enable": "true", "acl.filters": #"{"aclFilters":[1]}"#])
        try example.apply()
        try example.apply()
        #expect(example.world.ledger.owned[ResourceAddress(.link, in: "east", "shop-west-east")]?.origin == .adopted)
        example.world.replicate(example.workspace)
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: ["west", "east"])
        let plan = example.plan()
        let quietened = try #require(plan.stepIDs.firstIndex(of: "group/shop#quieten-shop-west-east"))
        let remembered = try #require(plan.stepIDs.firstIndex(of: "group/shop#quieten-shop-west-east-remember"))
        #expect(remembered < quietened)
        try Run(example.workspace).apply(to: &example.world, killedBefore: "group/shop#past")
        #expect(example.world.ledger.moves["shop"]?.synced["east/shop-west-east"]?["acl.sync.enable"] == "true")
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "west", members: ["west", "east"])
        let back = example.plan()
        let step = try #require(back.step("link/east/shop-west-east/restore#alter"))
        guard case .kafka(.alterLink(let alteration)) = step.action else {
            Issue.record("\(step.action)")
            return
        }
        #expect(alteration.batches.map { $0.map(\.name) } == [["acl.filters"], ["acl.sync.enable"]])
        try example.apply()
        let link = try #require(example.world.cluster("east", example.workspace)?.links["shop-west-east"])
        #expect(link.configs["acl.sync.enable"] == "true" && link.configs["acl.filters"] != nil)
        #expect(example.world.ledger.moves["shop"]?.synced == [:])
        #expect(example.plan().isEmpty)
    }
}
