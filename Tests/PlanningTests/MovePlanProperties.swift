import Domain
import Planning
import Rendering
import Testing

/// What holds for every plan of a move, in any state that a history leads to.
@Suite struct MovePlanProperties {
    /// States that random histories lead to.
    static func states(_ seeds: Range<UInt64>) -> [(seed: UInt64, history: History)] {
        Scale.seeds(seeds).map { seed in
            var (history, _) = HistoryProperties.play(seed)
            let member = SplitMix.pick(history.families[0].members, seed)
            history.perform(.setPrimary(member, consents: seed.isMultiple(of: 3)))
            return (seed, history)
        }
    }

    static let batches: [Range<UInt64>] = [5000..<5040, 5040..<5080, 5080..<5120, 5120..<5160]

    @Test("the order in which lists were read changes nothing in a move", arguments: batches)
    func determinism(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) {
            var generator = Generator(seed: seed)
            let input = Run(history.workspace, history.options).input(history.world)
            let (one, other) = (Planner.plan(input), Planner.plan(generator.shuffled(input)))
            #expect(one == other, "seed \(seed)")
            #expect(PlanDocument.encode(one) == PlanDocument.encode(other), "seed \(seed)")
        }
    }

    @Test("what a refusal offers as a way out makes it go away", arguments: batches)
    func waysOut(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) {
            for refusal in history.plan().refusals {
                let isGone = history.isGone(refusal, by: refusal.wayOut)
                #expect(
                    isGone ?? refusal.wayOut.contains("by hand"),
                    "seed \(seed): \(refusal.gate) \(refusal.message) | \(refusal.wayOut)")
            }
        }
    }

    @Test("what a decision asks for decides it")
    func decisions() {
        var decided = 0
        for (seed, history) in Self.states(5000..<5160) {
            for decision in history.plan().decisions {
                decided += 1
                #expect(history.isDecided(decision, by: decision.wayOut), "seed \(seed): \(decision)")
            }
        }
        #expect(decided > 0)
    }

    @Test("a way out that changes nothing is caught: the default `reprotect`, offered as an approval")
    func falseWaysOut() {
        let states = Self.states(5000..<5160)
        let decisions = states.flatMap { state in state.history.plan().decisions.map { (state.history, $0) } }
        #expect(!decisions.contains { $0.0.isDecided($0.1, by: "to mirror them anew: `reprotect: Manual`") })
        let refusals = states.flatMap { state in state.history.plan().refusals.map { (state.history, $0) } }
        #expect(!refusals.isEmpty)
        #expect(refusals.allSatisfy { $0.0.isGone($0.1, by: "set `reprotect: Manual`, which approves it") == nil })
    }

    @Test("each link is ended by one call a verb, and no step is there twice", arguments: batches)
    func cost(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) {
            let plan = history.plan()
            var calls: [String: Int] = [:]
            for case .move(.endMirrors(let verb, let mirrors)) in plan.steps.map(\.action) {
                calls["\(mirrors.cluster) \(mirrors.link) \(verb)", default: 0] += 1
            }
            #expect(calls.values.allSatisfy { $0 == 1 }, "seed \(seed): \(calls)")
            #expect(Set(plan.steps.map(\.id)).count == plan.steps.count, "seed \(seed)")
            let topics = history.workspace.topics.count
            #expect(plan.steps.count <= 40 + 12 * topics, "seed \(seed): \(plan.steps.count)")
        }
    }

    @Test("a group that moves, or cannot, changes nothing in the plan of another", arguments: batches)
    func isolation(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) where history.workspace.failoverGroups["g1"] != nil {
            #expect(history.plansOfG1() == history.plansOfG1(without: "g0"), "seed \(seed)")
        }
    }

    @Test("a refusal of one group that stops every other is caught")
    func globalRefusal() {
        let isCaught = Self.states(5000..<5160).contains { _, history in
            guard history.workspace.failoverGroups["g1"] != nil, history.plan().refusals.contains(where: \.isOfG0)
            else { return false }
            let stopped = history.plansOfG1 { $0.steps = [] }
            return stopped != history.plansOfG1(without: "g0")
        }
        #expect(isCaught)
    }

    @Test("a failover is made by the survivor alone", arguments: [false, true], [2, 3])
    func survivorAlone(isBidirectional: Bool, members: Int) {
        for reprotect in FailoverGroupSpec.Reprotect.allCases {
            var shape = HistoryGenerator.Shape()
            (shape.isBidirectional, shape.members, shape.reprotect) = (isBidirectional, members, reprotect)
            for silence in World.Silence.allCases where silence != .throttled {
                var history = HistoryGenerator.settled(shape)
                history.perform(.die("west"))
                for endpoint in [World.Endpoint.controlPlane, .cluster("west"), .registry("env-west")] {
                    history.perform(.silence(endpoint, silence))
                }
                history.perform(.setPrimary("east", consents: true))
                history.apply()
                #expect(history.wasClean)
                let store = history.world.stores[ResourceAddress(.binding, "b0/0")]
                #expect(store?.bookkeeping?.primary == "east", "\(silence) \(shape)")
                history.apply()
                history.apply()
                #expect(history.plan().steps.map(\.id) == [], "\(silence) \(shape)")
                #expect(history.judge.findings.map(\.description) == [])
            }
        }
    }

    @Test("an old primary that throttles is alive: nothing is moved away from it by a failover")
    func throttlingIsLife() {
        var history = HistoryGenerator.settled(HistoryGenerator.Shape())
        history.perform(.silence(.cluster("west"), .throttled))
        history.perform(.setPrimary("east", consents: true))
        #expect(history.plan().refusals.map(\.gate) == [.alive])
        #expect(history.plan().moves.isEmpty)
    }

    @Test("a failover publishes although the old side stops answering while it is fenced", arguments: [false, true])
    func fenceIsNotAwaited(isBidirectional: Bool) {
        var shape = HistoryGenerator.Shape()
        shape.isBidirectional = isBidirectional
        var history = HistoryGenerator.settled(shape)
        history.perform(.setPrimary("east", consents: true))
        history.perform(.override([.alive]))
        history.apply(nil, order: nil, [.init(step: 1, deeds: [.die("west")])])
        #expect(history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary == "east")
        #expect(history.judge.findings.map(\.description) == [])
    }

    @Test("a failover that waits for the fence of the old side is caught: it does not publish")
    func fenceIsAwaited() {
        var history = HistoryGenerator.settled(HistoryGenerator.Shape())
        history.mutation = { steps in
            let fences = steps.filter { if case .move(.fence) = $0.action { true } else { false } }.map(\.id)
            return steps.map { step in
                guard case .move(_, .past) = step.ledger else { return step }
                return step.again(step.action, after: step.after + fences)
            }
        }
        history.perform(.setPrimary("east", consents: true))
        history.perform(.override([.alive]))
        history.apply(nil, order: nil, [.init(step: 1, deeds: [.die("west")])])
        #expect(history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary == "west")
    }
}

extension History {
    /// Whether a refusal is gone when somebody does what a text offers; `nil` when it offers nothing that could be done
    /// here.
    fileprivate func isGone(_ refusal: Refusal, by wayOut: String) -> Bool? {
        var other = self
        if wayOut.hasPrefix("wait until it answers") || wayOut.hasPrefix("wait until every") {
            other.heal()
        } else if !other.takeWayOut(wayOut, of: refusal) {
            return nil
        }
        return !other.plan().refusals.contains {
            $0.gate == refusal.gate && $0.message == refusal.message && $0.subject == refusal.subject
        }
    }

    fileprivate func isDecided(_ decision: NeededDecision, by wayOut: String) -> Bool {
        var other = self
        other.decide(decision, wayOut)
        return !other.plan().decisions.contains { $0.group == decision.group && $0.member == decision.member }
    }

    /// What a plan does about one group.
    fileprivate func plansOfG1(
        without group: String? = nil, _ change: (inout Plan) -> Void = { _ in }
    ) -> [String] {
        var plan = Run(group.map { workspace.without($0) } ?? workspace, options).plan(
            group.map { world.withoutMoves(of: $0) } ?? world)
        change(&plan)
        return plan.steps.filter { $0.address.name.contains("g1") || $0.address.name.hasPrefix("b1") }
            .map { "\($0.id) \($0.action) \($0.after)" }
            + plan.moves.filter { $0.family == "g1" }.map { "\($0)" }
            + plan.refusals.filter { $0.subject.contains("g1") }.map { "\($0)" }
    }
}

extension Refusal {
    fileprivate var isOfG0: Bool { subject.hasPrefix("FailoverGroup g0") }
}

extension SplitMix {
    fileprivate static func pick(_ choices: [String], _ seed: UInt64) -> String {
        var random = SplitMix(seed: seed)
        return random.pick(choices)
    }
}

extension World {
    fileprivate func withoutMoves(of group: String) -> World {
        var world = without(group)
        world.ledger.moves[group] = nil
        return world
    }
}
