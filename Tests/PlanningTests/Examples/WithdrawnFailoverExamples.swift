import Domain
import Planning
import Rendering
import Testing

/// A failover was begun, its run ended there, and the side that was to be given up is back.
@Suite struct WithdrawnFailoverExamples {
    private static func begun() throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.reprotect = .recreate
            }
            workspace.addTopic("shop.a", .failoverGroup("shop"))
        }
        example.write("shop.a", on: "west", 3)
        example.world.replicate(example.workspace)
        example.setPrimary("east")
        var moves = example.world.ledger.moves["shop"] ?? RecordedMoves()
        moves.learn(
            .opened(
                .init(
                    epoch: moves.epoch + 1, from: "west", to: "east", kind: .failover, incident: "INC-1",
                    overrides: [.loss])),
            at: Timestamp(milliseconds: 1))
        example.world.ledger.moves["shop"] = moves
        return example
    }

    @Test("it is a switchover once nobody consents any more, and keeps everything")
    func withdrawn() throws {
        var example = try Self.begun()
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.moves.first?.kind == .switchover, "\(plan.inWords)")
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
        let moves = try #require(example.world.ledger.moves["shop"])
        #expect(moves.serving?.site == "east")
        #expect(moves.open == nil)
        #expect(example.world.cluster("east", example.workspace)?.records["shop.a"]?.count == 3)
    }

    @Test("while the manifest still has the consent, the plan says to remove it")
    func stillDeclared() throws {
        var example = try Self.begun()
        example.workspace.failoverGroups["shop"]?.failover = .init(from: "west", incident: "INC-1")
        let refusal = try #require(example.plan().refusals.first)
        #expect(refusal.wayOut.contains("remove `failover` for a switchover"))
        example.workspace.failoverGroups["shop"]?.failover = nil
        #expect(example.plan().refusals.isEmpty)
    }

    @Test("while the other side is silent, it goes on as it was consented to")
    func stillLost() throws {
        var example = try Self.begun()
        example.world.silent = [.cluster("west"): .unreachable, .registry("env-west"): .unreachable]
        #expect(example.plan().moves.first?.kind == .failover, "\(example.plan().inWords)")
    }
}
