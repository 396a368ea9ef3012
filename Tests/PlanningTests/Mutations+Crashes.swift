import Domain
import Planning

extension Mutation {
    /// What an interrupted move must not depend on.
    static let crashes: [Mutation] = [
        Mutation(
            predicate: "P5", testDescription: "the point of no return is recorded behind it",
            change: { steps in
                swapped(steps, { $0.ledger.isMove(.past) }) {
                    if case .move(.endMirrors) = $0.action { true } else { false }
                }
            },
            play: { $0.killEverywhere() }),
        Mutation(
            predicate: "P5", testDescription: "the new side is recorded behind its publication",
            change: { steps in
                swapped(steps, { if case .move(_, .served) = $0.ledger { true } else { false } }) {
                    if case .binding(.publish) = $0.action { true } else { false }
                }
            },
            play: { $0.killEverywhere() }),
        Mutation(
            predicate: "P6", testDescription: "a failover waits for mirrors that have failed",
            shape: { $0.movesSchemas = false },
            change: { steps in
                steps.map { step in
                    guard case .move(.endMirrors(_, let mirrors)) = step.action else { return step }
                    return step.again(.move(.awaitMirrors(mirrors)))
                }
            },
            play: { history in
                history.perform(.status("east", "g0.t0", .failed))
                history.perform(.die("west"))
                history.perform(.setPrimary("east", consents: true))
                history.perform(.override([.alive, .loss]))
                if history.rest(atMost: 3) == nil { history.judge.find("P6", history.plan().inWords) }
            }),
    ]
}

extension Step.LedgerEffect {
    fileprivate func isMove(_ event: MoveEvent) -> Bool {
        if case .move(_, event) = self { true } else { false }
    }
}

extension History {
    /// The first run of a switchover is killed behind each of its steps, and the next ones are not worse than usual.
    fileprivate mutating func killEverywhere() {
        perform(writeDeed("g0.t0", isStale: false))
        perform(.setPrimary("east", consents: false))
        let before = seen
        var whole = self
        whole.mutation = nil
        _ = whole.rest(atMost: 3)
        let essence = whole.essence
        var found: [Judge.Finding] = []
        for number in 0..<plan().steps.count {
            var history = self
            history.perform(.apply(.init(step: number, manner: .unheard, kills: true), order: nil, []))
            history.mutation = nil
            if history.rest(atMost: 3) == nil {
                history.judge.find("P5", "killed at \(number): \(history.plan().inWords)")
            } else {
                history.compare(with: whole, essence, before: before)
            }
            found += history.judge.findings
        }
        judge.findings += found
    }
}
