import Domain
import Planning
import Rendering
import Testing

/// Flags that a move was given hold until it ends, and what a link that is deleted by force leaves is not forgotten.
@Suite struct RememberedFlagExamples {
    private static func killed(
        _ consents: Bool = false, at matches: (StepAction) -> Bool, _ edit: (inout History) -> Void = { _ in }
    ) -> History {
        var shape = HistoryGenerator.Shape()
        (shape.movesSchemas, shape.canary) = (false, false)
        var history = HistoryGenerator.settled(shape)
        edit(&history)
        history.perform(.setPrimary("east", consents: consents))
        history.perform(.apply(.init(step: history.step(matches), manner: .before, kills: true), order: nil, []))
        return history
    }

    @Test("a topic that a later run leaves behind stays behind in the runs after it")
    func left() {
        var history = Self.killed { if case .move(.drain) = $0 { true } else { false } }
        history.perform(.status("east", "g0.t1", .failed))
        #expect(history.plan().refusals.map(\.gate) == [.candidate])
        history.perform(.leave(topic: "g0.t1"))
        #expect(history.plan().stepIDs.contains("group/g0#amend"))
        let promotion = history.step { if case .move(.endMirrors) = $0 { true } else { false } }
        history.perform(.apply(.init(step: promotion, manner: .before, kills: true), order: nil, []))
        #expect(history.options.left == [], "the flag was given once")
        #expect(history.world.ledger.moves["g0"]?.open?.left == ["g0.t1"])
        #expect(history.plan().refusals.map(\.message) == [])
        history.perform(.apply(nil, order: nil, []))
        #expect(history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary == "east")
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("overrides that come with the downgrade of a switchover hold when its consent is spent")
    func overrides() {
        var history = Self.killed { if case .move(.drain) = $0 { true } else { false } }
        history.workspace.failoverGroups["g0"]?.objectives.recordsLost = 0
        for _ in 0..<2 { history.perform(.write(binding: "b0", isStale: true, topic: "g0.t1")) }
        history.perform(.status("east", "g0.t0", .failed))
        history.perform(.die("west"))
        history.perform(.flagFailover("east"))
        #expect(history.plan().refusals.map(\.gate) == [.loss])
        history.perform(.override([.loss]))
        let past = history.plan().steps.firstIndex { $0.verb == "past" } ?? 0
        history.perform(.apply(.init(step: past, manner: .before, kills: true), order: nil, []))
        #expect(history.world.ledger.moves["g0"]?.open?.kind == .failover)
        #expect(history.world.ledger.moves["g0"]?.open?.overrides.contains(.loss) == true)
        #expect(history.plan().refusals.map(\.message) == [], "neither consent nor override is given again")
        history.perform(.apply(nil, order: nil, []))
        #expect(history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary == "east")
    }

    @Test(
        "the side that a link deleted by force has left is demoted and fenced like any other",
        arguments: [false, true])
    func detachedSide(isBidirectional: Bool) {
        var history = Self.detached(isBidirectional)
        #expect(history.world.ledger.moves["g0"]?.demoted["west"]?.proof == .diverged)
        history.perform(.revive("west"))
        let plan = history.plan()
        #expect(plan.changes.map(\.address).contains(ResourceAddress(.fence, in: "west", "g0")))
        #expect(plan.decisions.map(\.member) == ["west"])
        #expect(plan.refusals.map(\.message) == [])
        let rested = history.rest(atMost: 3)
        #expect(rested != nil, "\(history.plan().inWords)")
        #expect(history.judge.seen.sites["west"]?.rows == ["g0.t0": .active, "g0.t1": .active])
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a link deleted by force in a move that is given up leaves copies that are mirrored anew without a token")
    func detachedInVain() {
        var history = Self.detached(false, killedBefore: "served")
        history.perform(.revive("west"))
        history.perform(.setPrimary("west", consents: false))
        #expect(history.plan().refusals.map(\.message) == [])
        #expect(history.plan().decisions.isEmpty)
        let rested = history.rest(atMost: 3)
        #expect(rested != nil, "\(history.plan().inWords)")
        #expect(history.judge.seen.sites["east"]?.rows == ["g0.t0": .active, "g0.t1": .active])
        #expect(history.judge.findings.map(\.description) == [])
    }

    private static func detached(_ isBidirectional: Bool, killedBefore verb: String? = nil) -> History {
        var shape = HistoryGenerator.Shape()
        (shape.isBidirectional, shape.movesSchemas, shape.canary) = (isBidirectional, false, false)
        var history = HistoryGenerator.settled(shape)
        history.perform(.die("west"))
        history.perform(.status("east", "g0.t0", .pendingRestore))
        let link = history.world.cluster("east", history.workspace)?.mirrors.first?.link ?? ""
        history.perform(.setPrimary("east", consents: true))
        history.perform(.detach("east/\(link)"))
        let step = verb.flatMap { verb in history.plan().steps.firstIndex { $0.verb == verb } }
        history.perform(.apply(step.map { .init(step: $0, manner: .before, kills: true) }, order: nil, []))
        return history
    }

    @Test("a link with mirrors of others keeps its features on, and the move says so")
    func sharedLink() throws {
        var shape = HistoryGenerator.Shape()
        shape.allowsACLSync = true
        var history = HistoryGenerator.settled(shape)
        history.world.change("east", history.workspace) { cluster in
            cluster.topics["others"] = ObservedTopic(partitions: 1, replicationFactor: 3)
            cluster.mirrors.append(
                ObservedMirror(link: "g0-west-east", topic: "others", sourceTopic: "others", status: .active))
        }
        history.perform(.setPrimary("east", consents: false))
        let plan = history.plan()
        #expect(!plan.steps.contains { $0.verb.hasPrefix("quieten") })
        let move = try #require(plan.moves.first)
        #expect(
            move.warnings.contains(
                "sync features stay on, because mirrors of others are on the same link: g0-west-east"))
    }

    @Test("entries on the side that serves, which nobody is known to have made, are named by every plan")
    func foreignEntries() {
        var history = Self.killed { if case .move(.verifyFence) = $0 { true } else { false } }
        history.perform(.loseLedger)
        history.perform(.setPrimary("west", consents: false))
        for _ in 0..<2 { history.perform(.apply(nil, order: nil, [])) }
        #expect(history.plan().steps.map(\.id) == [])
        #expect(
            history.plan().notes.map(\.reason).contains(
                .deniedWriters(["User:*"], of: ["g0.t0", "g0.t1"], on: "west")))
    }

    @Test("copies that are replaced after a move do not count among the deletions that a workspace allows")
    func replacedCopies() {
        var history = Self.killed { if case .move(.drain) = $0 { true } else { false } }
        history.perform(.limitDeletions(0))
        let rested = history.rest(atMost: 3)
        #expect(rested != nil, "\(history.plan().inWords)")
        #expect(history.judge.seen.sites["west"]?.rows == ["g0.t0": .active, "g0.t1": .active])
    }

    @Test("a hook that failed runs again by itself; all of them run again only on request")
    func hooks() {
        var shape = HistoryGenerator.Shape()
        shape.hooks = 2
        var history = HistoryGenerator.settled(shape)
        let hooks = (0..<2).map { ResourceAddress(.hook, "b0/\($0)") }
        let before = hooks.map { history.world.announced[$0]?.count ?? 0 }
        history.perform(.failHook("b0", number: 1))
        history.move()
        #expect(history.world.announced[hooks[0]]?.count == before[0] + 1)
        history.perform(.repairHooks)
        let rested = history.rest(atMost: 3)
        #expect(rested != nil, "\(history.plan().inWords)")
        #expect(hooks.map { history.world.announced[$0]?.count } == before.map { $0 + 1 })
        history.perform(.rerunHooks)
        #expect(history.plan().flags.contains("--rerun-hooks"))
        history.perform(.apply(nil, order: nil, []))
        #expect(hooks.map { history.world.announced[$0]?.count } == before.map { $0 + 2 })
        #expect(history.plan().steps.map(\.id) == [])
    }
}
