import Domain
import Planning
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
            #expect(Planner.plan(input) == Planner.plan(generator.shuffled(input)), "seed \(seed)")
        }
    }

    @Test("what a refusal offers as a way out makes it go away", arguments: batches)
    func waysOut(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) {
            for refusal in history.plan().refusals {
                var other = history
                var didTake = other.takeWayOut(of: refusal)
                if refusal.wayOut.hasPrefix("wait until it answers") || refusal.wayOut.hasPrefix("wait until every") {
                    other.heal()
                    didTake = true
                }
                #expect(didTake || refusal.wayOut.contains("by hand"), "seed \(seed): no way out of \(refusal)")
                guard didTake else { continue }
                let again = other.plan().refusals.filter {
                    $0.gate == refusal.gate && $0.message == refusal.message && $0.subject == refusal.subject
                }
                #expect(again.isEmpty, "seed \(seed): \(refusal.message) | \(refusal.wayOut)")
            }
        }
    }

    @Test("each link is ended by one call a verb, and no step is there twice", arguments: batches)
    func cost(seeds: Range<UInt64>) {
        for (seed, history) in Self.states(seeds) {
            let plan = history.plan()
            var calls: [String: Int] = [:]
            for case .endMirrors(let verb, let mirrors) in plan.steps.map(\.action) {
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
            let run = Run(history.workspace, history.options)
            let with = run.plan(history.world)
            let without = Run(history.workspace.without("g0"), history.options).plan(
                history.world.withoutMoves(of: "g0"))
            func own(_ plan: Plan) -> [String] {
                plan.steps.filter { $0.address.name.contains("g1") || $0.address.name.hasPrefix("b1") }
                    .map { "\($0.id) \($0.action) \($0.after)" }
                    + plan.moves.filter { $0.family == "g1" }.map { "\($0)" }
                    + plan.refusals.filter { $0.subject.contains("g1") }.map { "\($0)" }
            }
            #expect(own(with) == own(without), "seed \(seed)")
        }
    }

    @Test("a failover is made by the survivor alone", arguments: [false, true], [2, 3])
    func survivorAlone(isBidirectional: Bool, members: Int) {
        for reprotect in FailoverGroupSpec.Reprotect.allCases {
            var shape = HistoryGenerator.Shape()
            (shape.isBidirectional, shape.members, shape.reprotect) = (isBidirectional, members, reprotect)
            for silence in World.Silence.allCases {
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
