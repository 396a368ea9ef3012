import Domain
import Planning
import Testing

/// Each predicate can fail: plans that are changed for the worse are caught.
@Suite struct MutationProperties {
    struct Mutation: Sendable, CustomTestStringConvertible {
        let predicate: String
        let testDescription: String
        var checksLag = true
        var shape: @Sendable (inout HistoryGenerator.Shape) -> Void = { _ in }
        let change: @Sendable ([Step]) -> [Step]
    }

    static let all: [Mutation] = [
        Mutation(
            predicate: "P1", testDescription: "published before the mirrors have ended", shape: { $0.canary = false }
        ) { steps in
            without(steps) { if case .endMirrors = $0.action { true } else { false } }
        },
        Mutation(predicate: "P1", testDescription: "the new side's registry is not opened") { steps in
            without(steps) { if case .setRegistryMode(_, _, .readWrite, _) = $0.action { true } else { false } }
        },
        Mutation(predicate: "P2", testDescription: "no fence") { steps in
            without(steps) { step in
                switch step.action {
                case .fence, .verifyFence: true
                default: false
                }
            }
        },
        Mutation(predicate: "P2b", testDescription: "every publication carries epoch 0") { steps in
            steps.map { step in
                guard case .publish(let one) = step.action else { return step }
                let old = Publication(
                    binding: one.binding, targetIndex: one.targetIndex, cluster: one.cluster, group: one.group,
                    epoch: 0, generation: one.generation)
                return Step(
                    String(step.id.description.split(separator: "#").last ?? ""), step.address, .publish(old),
                    after: step.after, ledger: step.ledger)
            }
        },
        Mutation(predicate: "P3", testDescription: "copies are destroyed without a token") { $0 },
        Mutation(
            predicate: "P3b", testDescription: "promoted without a drain, and the server does not check",
            checksLag: false
        ) { steps in
            without(steps) { if case .drain = $0.action { true } else { false } }
        },
        Mutation(predicate: "P11", testDescription: "fences stay for ever") { steps in
            without(steps) { if case .unfence = $0.action { true } else { false } }
        },
        Mutation(predicate: "P13", testDescription: "a move that is given up leaves its fence") { steps in
            without(steps) { if case .unfence = $0.action { true } else { false } }
        },
        Mutation(predicate: "P15", testDescription: "a topic of nobody is ended with the others") { steps in
            steps.map { step in
                guard case .endMirrors(let verb, let mirrors) = step.action else { return step }
                let more = LinkedMirrors(
                    cluster: mirrors.cluster, link: mirrors.link, topics: mirrors.topics + ["foreign"])
                return Step(
                    String(step.id.description.split(separator: "#").last ?? ""), step.address, .endMirrors(verb, more),
                    after: step.after, ledger: step.ledger)
            }
        },
        Mutation(predicate: "P17", testDescription: "the exporter into the new side keeps running") { steps in
            without(steps) { step in
                switch step.action {
                case .pauseExporter, .setRegistryMode(_, _, .readOnly, _): true
                default: false
                }
            }
        },
    ]

    /// The steps without some, as if those had been done.
    private static func without(_ steps: [Step], _ isDropped: (Step) -> Bool) -> [Step] {
        let dropped = Set(steps.filter(isDropped).map(\.id))
        return steps.filter { !dropped.contains($0.id) }.map { step in
            Step(
                String(step.id.description.split(separator: "#").last ?? ""), step.address, step.action,
                after: step.after.filter { !dropped.contains($0) }, ledger: step.ledger)
        }
    }

    @Test("a plan that was changed for the worse is caught by the predicate that forbids it", arguments: all)
    func mutation(_ mutation: Mutation) {
        var history = Self.settled(mutation)
        let clean = Self.play(history, mutation)
        #expect(clean.judge.findings.map(\.description) == [])
        history.mutation = mutation.change
        history.world.checksLag = mutation.checksLag
        let found = mutation.predicate == "P3" ? Self.destroyed(history) : Self.play(history, mutation)
        #expect(found.judge.findings.contains { $0.predicate == mutation.predicate }, "\(found.judge.findings)")
    }

    private static func settled(_ mutation: Mutation) -> History {
        var shape = HistoryGenerator.Shape()
        mutation.shape(&shape)
        return HistoryGenerator.settled(shape)
    }

    /// There and, for predicates of a move that is given up, half-way; with clients that write all the time.
    private static func play(_ start: History, _ mutation: Mutation) -> History {
        var history = start
        history.perform(history.writeDeed("g0.t0", isStale: false))
        history.perform(.setPrimary("east", consents: false))
        if mutation.predicate == "P13" {
            let drain = history.plan().steps.firstIndex { if case .drain = $0.action { true } else { false } }
            history.apply(.init(step: drain ?? 0, manner: .before, kills: false))
            return history
        }
        history.apply()
        guard mutation.predicate == "P11" else { return history }
        for _ in 0..<3 {
            history.perform(.settle)
            history.apply()
        }
        for fact in history.facts() { history.judge.checkRest(fact) }
        return history
    }

    /// The steps that a token would have allowed, run without it.
    private static func destroyed(_ start: History) -> History {
        var history = start
        history.perform(.die("west"))
        history.perform(.setPrimary("east", consents: true))
        history.apply()
        history.perform(.revive("west"))
        history.perform(.write(binding: "b0", isStale: true, topic: "g0.t0"))
        history.change("west") { $0.records["g0.t0", default: []].append(999) }
        history.emit(.appended(site: "west", topic: "g0.t0", record: 999), by: .client("stale"))
        history.apply()
        var consenting = history
        consenting.perform(.giveTokens)
        let plan = consenting.plan()
        for step in history.begin(plan) { guard history.attempt(step, isSurprised: true) else { break } }
        return history
    }
}

extension History {
    fileprivate mutating func change(_ site: String, _ edit: (inout World.Cluster) -> Void) {
        world.change(site, workspace, edit)
    }
}
