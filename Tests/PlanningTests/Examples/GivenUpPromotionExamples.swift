import Domain
import Planning
import Testing

/// A move that promoted copies and was given up before they served: what becomes of these copies.
@Suite struct GivenUpPromotionExamples {
    /// West serves again after east did, or for the first time, and a move to east was killed behind its promotion and is
    /// given up.
    private static func givenUp(
        _ reprotect: FailoverGroupSpec.Reprotect, afterServing: Bool
    ) throws -> History {
        var shape = HistoryGenerator.Shape()
        (shape.reprotect, shape.canary, shape.movesSchemas) = (reprotect, false, false)
        var history = HistoryGenerator.settled(shape)
        if afterServing {
            for site in ["east", "west"] {
                history.perform(.setPrimary(site, consents: false))
                _ = history.settleDown(atMost: 4)
            }
        }
        history.perform(.setPrimary("east", consents: false))
        let promotion = try #require(
            history.plan().steps.firstIndex { if case .move(.endMirrors) = $0.action { true } else { false } })
        history.perform(.apply(.init(step: promotion, manner: .unheard, kills: true), order: nil, []))
        history.perform(.settle)
        history.perform(.setPrimary("west", consents: false))
        return history
    }

    @Test("where clients were sent before, one that was not restarted may have written: a token is asked for")
    func servedBefore() throws {
        let history = try Self.givenUp(.recreate, afterServing: true)
        #expect(history.world.ledger.moves["g0"]?.serving?.site == "west")
        let plan = history.plan()
        #expect(plan.decisions.map(\.member) == ["east"])
        #expect(plan.decisions.allSatisfy { $0.token != nil })
    }

    @Test("where nobody was ever sent, they hold nothing alone")
    func neverServed() throws {
        let history = try Self.givenUp(.recreate, afterServing: false)
        #expect(history.plan().decisions.isEmpty)
    }

    @Test("while they wait for a decision, writers are kept from them, and the move is not forgotten")
    func waiting() throws {
        var history = try Self.givenUp(.manual, afterServing: false)
        for _ in 0..<3 { history.apply() }
        #expect(history.world.ledger.moves["g0"]?.open?.to == "east")
        let east = try #require(history.world.cluster("east", history.workspace))
        for topic in ["g0.t0", "g0.t1"] {
            #expect(east.denials.contains(.denyWrites(to: topic, by: "User:*")))
        }
    }
}
