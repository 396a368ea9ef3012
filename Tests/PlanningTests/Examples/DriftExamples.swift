import Domain
import Planning
import Testing

/// What this tool has done itself is no drift, whenever it is asked.
@Suite struct DriftExamples {
    private static func drifted(_ history: History) -> [String] {
        Drift.compare(history.world.ledger, with: history.world.observation(history.workspace)).findings.map {
            "\($0.address): \($0.differences.map(\.field).joined(separator: ", "))"
        }
    }

    @Test("right after a failover, while the side that was left is silent, nothing has drifted", arguments: [2, 3])
    func failover(members: Int) {
        var shape = HistoryGenerator.Shape()
        shape.members = members
        var history = HistoryGenerator.settled(shape)
        #expect(Self.drifted(history) == [])
        history.perform(.die("west"))
        history.perform(.setPrimary("east", consents: true))
        history.perform(.apply(nil, order: nil, []))
        #expect(history.world.ledger.moves["g0"]?.serving?.site == "east")
        #expect(Self.drifted(history) == [])
    }

    @Test("a mirror that somebody ended has drifted, though its family moved elsewhere before")
    func endedByHand() {
        var shape = HistoryGenerator.Shape()
        shape.members = 2
        var history = HistoryGenerator.settled(shape)
        history.perform(.setPrimary("east", consents: false))
        _ = history.settleDown(atMost: 4)
        #expect(Self.drifted(history) == [])
        history.perform(.endByHand("west", "g0.t1"))
        #expect(Self.drifted(history) == ["mirror/west/g0.t1: status"])
    }
}
