import Domain
import Planning
import Rendering
import Testing

/// A member that leaves a group while its copies are not reconciled.
@Suite struct FormerMemberExamples {
    /// West died and was replaced; its copies are not reconciled.
    private static func failedOver() throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addSite("north")
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.schemas = SchemaSettings(subjects: ["*"])
                group.reprotect = .recreate
            }
            workspace.addTopic("shop.a", .failoverGroup("shop"))
        }
        example.world.replicate(example.workspace)
        example.world.dead = [try #require(example.world.cluster("west", example.workspace)).listed.id]
        example.world.silent = [
            .controlPlane: .unreachable, .cluster("west"): .unreachable, .registry("env-west"): .unreachable,
        ]
        example.workspace.failoverGroups["shop"]?.failover = .init(from: "west", incident: "INC-1")
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: ["west", "east"])
        try example.apply()
        example.workspace.failoverGroups["shop"]?.failover = nil
        return example
    }

    private static func setMembers(_ members: [String], in example: inout Example) {
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: members)
    }

    @Test("a member with unfinished work leaves only when it is given up, and is fenced when it answers again")
    func abandon() throws {
        var example = try Self.failedOver()
        example.world.silent[.controlPlane] = nil
        Self.setMembers(["east", "north"], in: &example)
        let refused = example.plan()
        #expect(refused.refusals.map(\.gate) == [.members])
        #expect(refused.refusals.first?.wayOut.contains("--abandon west") == true)
        #expect(refused.effects.contains("create link/north/shop-east-north"), "others are not kept waiting")
        var options = PlanOptions()
        options.abandoned = ["west"]
        #expect(example.plan(options).refusals.isEmpty)
        try example.apply(options)
        try example.apply()
        #expect(example.world.ledger.moves["shop"]?.abandoned == ["west"])
        #expect(example.plan().refusals.isEmpty, "the consent is remembered")
        #expect(example.plan().notes.map(\.reason).contains(.givenUp(member: "west", source: "east")))
        example.world.dead = []
        example.world.silent = [:]
        let watched = example.plan()
        #expect(watched.effects.contains("create fence/west/shop"))
        #expect(watched.stepIDs.contains("exporter/env-west/shop/former#pause"))
        try example.apply()
        #expect(example.plan().steps.isEmpty)
        let west = try #require(example.world.cluster("west", example.workspace))
        #expect(west.denials.contains(.denyWrites(to: "shop.a", by: "User:*")))
        #expect(west.isWritable("shop.a"), "its copies are not touched")
    }

    @Test("a third region that joins by an edit of `members` is protected by one apply")
    func thirdRegion() throws {
        var example = try Self.failedOver()
        example.world.silent[.controlPlane] = nil
        Self.setMembers(["west", "east", "north"], in: &example)
        let plan = example.plan()
        #expect(plan.refusals.isEmpty)
        try example.apply()
        let north = try #require(example.world.cluster("north", example.workspace))
        #expect(north.mirrors.map(\.topic) == ["shop.a"] && north.mirrors.allSatisfy { $0.status == .active })
        example.world.settle(example.workspace)
        #expect(example.plan().groups.first { $0.name == "shop" }?.isProtected == true)
    }
}
