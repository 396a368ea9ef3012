import Domain
import Planning
import Testing

/// What a plan says about who holds a group's data, before and after a move.
@Suite struct StandingExamples {
    private static func pair() throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { $0.objectives.recordsLost = 100 }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
        }
        example.write("shop.orders", on: "west", 3)
        example.world.replicate(example.workspace)
        return example
    }

    @Test("with a silent holder nobody is seen to be protected; after a failover the side that was left has a token")
    func standing() throws {
        var example = try Self.pair()
        example.world.silent = [.cluster("west"): .unreachable]
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        let before = example.plan()
        #expect(before.groups.map(\.isProtected) == [false])
        #expect(before.groups.map(\.standing?.holder) == ["west"])
        #expect(before.moves.map(\.objectives.recordsLost) == [100])
        try example.apply()
        let after = example.plan().groups.first?.standing
        #expect(after?.holder == "east")
        #expect(after?.epoch == 1)
        #expect(after?.open?.incident == "INC-1")
        #expect(after?.demoted.map(\.token) == [nil], "its copies are not seen, so that nothing is asked for yet")
        example.world.silent = [:]
        let seen = example.plan()
        #expect(seen.groups.first?.standing?.demoted.map(\.token) == [seen.decisions.first?.token])
        #expect(seen.decisions.first?.token?.hasPrefix("west@1-") ?? false)
        example.world.silent = [.cluster("west"): .unreachable]
        #expect(example.plan().groups.map(\.isProtected) == [false])
    }

    @Test("the lag of a group is measured while its source answers, and kept while it is silent")
    func lag() throws {
        var example = try Self.pair()
        func measured() -> [String: Recorded.Lag] {
            GroupLag.measured(example.plan())
        }
        #expect(measured()["shop"]?.records == 0)
        example.world.silent = [.cluster("west"): .unreachable]
        #expect(measured().isEmpty)
        example.world.silent = [.cluster("west"): .denied]
        #expect(measured()["shop"]?.records == 0)
    }
}
