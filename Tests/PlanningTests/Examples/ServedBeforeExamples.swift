import Domain
import Planning
import Testing

/// A member that served before follows another, and somebody ends one of its mirrors by hand: clients that were never
/// restarted go on there.
@Suite struct ServedBeforeExamples {
    /// East serves after west did, and a mirror of one of the others is ended by hand.
    private static func ended(on site: String) -> History {
        var shape = HistoryGenerator.Shape()
        (shape.members, shape.canary, shape.movesSchemas) = (3, false, false)
        var history = HistoryGenerator.settled(shape)
        history.perform(.setPrimary("east", consents: false))
        _ = history.settleDown(atMost: 4)
        history.perform(.endByHand(site, "g0.t1"))
        return history
    }

    private static func fenced(by plan: Plan, on site: String) -> Set<String> {
        plan.steps.reduce(into: []) { fenced, step in
            guard case .move(.fence(let entries)) = step.action, entries.cluster == site else { return }
            fenced.formUnion(entries.bindings.map(\.resourceName))
        }
    }

    @Test("writers are kept from the copy by the next apply")
    func atRest() {
        #expect(Self.fenced(by: Self.ended(on: "west").plan(), on: "west") == ["g0.t1"])
    }

    @Test("writers are kept from the copy by a move that is not about its member, in the same plan")
    func whileOthersMove() {
        var history = Self.ended(on: "west")
        history.perform(.setPrimary("north", consents: false))
        let switchover = history.plan()
        #expect(switchover.refusals.isEmpty)
        #expect(Self.fenced(by: switchover, on: "west") == ["g0.t1"])
        history.perform(.die("east"))
        history.perform(.setPrimary("north", consents: true))
        let failover = history.plan()
        #expect(failover.refusals.isEmpty)
        #expect(Self.fenced(by: failover, on: "west") == ["g0.t1"])
    }

    @Test("where nobody was ever sent, nobody is kept out")
    func neverServed() {
        #expect(Self.fenced(by: Self.ended(on: "north").plan(), on: "north").isEmpty)
    }
}
