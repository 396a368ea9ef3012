import Domain
import Foundation
import Planning
import Testing

/// A run is killed after, within or before every step, and then something happens.
@Suite struct CrashProperties {
    /// What follows a kill.
    enum Next: String, CaseIterable {
        case goOn, putBack, loseLedger, oldLedger, downgrade, leftSideChanges
    }

    /// What is under way when the run is killed.
    enum Phase: String, CaseIterable {
        case switchover, failover, failoverOfTheLiving, back, backAfterFailover
    }

    struct Start {
        let shape: HistoryGenerator.Shape
        let phase: Phase
        var history: History
    }

    static func starts(_ phase: Phase, members: Int) -> [Start] {
        var starts: [Start] = []
        for isBidirectional in [false, true] {
            for denied in [nil, [], ["User:app"], ["User:*"]] as [[String]?] {
                for reprotect in FailoverGroupSpec.Reprotect.allCases {
                    var shape = HistoryGenerator.Shape()
                    shape.members = members
                    shape.isBidirectional = isBidirectional
                    shape.denied = denied
                    shape.reprotect = reprotect
                    shape.canary = reprotect != .manual
                    shape.movesSchemas = reprotect != .retire
                    shape.stores = reprotect == .restore ? 2 : 1
                    shape.allowsACLSync = reprotect == .recreate
                    if let history = begun(phase, shape) {
                        starts.append(Start(shape: shape, phase: phase, history: history))
                    }
                }
            }
        }
        return starts
    }

    /// A history right before the apply that is to be killed.
    static func begun(_ phase: Phase, _ shape: HistoryGenerator.Shape) -> History? {
        var history = HistoryGenerator.settled(shape)
        history.perform(history.writeDeed("g0.t0", isStale: true))
        switch phase {
        case .switchover, .back: history.perform(.setPrimary("east", consents: false))
        case .failover, .backAfterFailover:
            history.perform(.die("west"))
            history.perform(.setPrimary("east", consents: true))
        case .failoverOfTheLiving:
            history.perform(.setPrimary("east", consents: true))
            history.perform(.override([.alive]))
        }
        guard phase == .back || phase == .backAfterFailover else { return history }
        guard shape.reprotect != .manual, !history.plan().moves.isEmpty else { return nil }
        history.apply()
        history.perform(.revive("west"))
        history.apply()
        history.perform(.giveTokens)
        return history
    }

    @Test(
        "a run that is killed anywhere leaves nothing that the next one could break", arguments: Phase.allCases, [2, 3])
    func kill(phase: Phase, members: Int) async throws {
        var coverage = Coverage()
        var cases = 0
        for start in Self.starts(phase, members: members) {
            let (count, reached) = Self.killEverywhere(start)
            cases += count
            coverage.merge(reached)
            await Task.yield()
        }
        print("CASES", phase, members, cases, coverage.plans)
    }

    static func killEverywhere(_ start: Start) -> (cases: Int, Coverage) {
        var coverage = Coverage()
        var cases = 0
        let plan = start.history.plan()
        var running = start.history
        let steps = running.begin(plan)
        var whole = start.history
        whole.apply()
        let isComparable = start.shape.reprotect != .manual && whole.rest(atMost: 5) != nil
        let essence = whole.essence
        for (number, step) in steps.enumerated() {
            for manner in Deed.Disturbance.Manner.allCases where step.canEnd(manner) {
                var killed = running
                killed.coverage = Coverage()
                killed.disturb(step, manner)
                killed.end(plan, isKilled: true)
                for next in Next.allCases {
                    cases += 1
                    var history = killed
                    history.perform(next, start)
                    let isChecked = cases.isMultiple(of: 8)
                    if isChecked, start.shape.reprotect != .manual, [.goOn, .putBack].contains(next) {
                        if next == .putBack, history.isRefused { history.perform(.setPrimary("east", consents: false)) }
                        if history.rest(atMost: 5) == nil {
                            history.judge.find("P6", "nothing converges: \(history.plan().inWords)")
                        } else if next == .goOn, isComparable, history.essence != essence {
                            let other = history.essence.difference(from: essence).map { "\($0)" }
                            history.judge.find("P5", "ends otherwise: \(other)")
                        }
                    }
                    coverage.merge(history.coverage)
                    for finding in history.judge.findings.prefix(1) {
                        Issue.record(
                            "\(finding)\n  \(start.phase), killed at \(number) \(step.id) (\(manner)), then \(next)\n  \(start.shape)"
                        )
                    }
                }
            }
            guard running.attempt(step, isSurprised: false) else { break }
        }
        return (cases, coverage)
    }
}

extension Step {
    fileprivate func canEnd(_ manner: Deed.Disturbance.Manner) -> Bool {
        switch manner {
        case .before: true
        case .unheard: isEffectful
        case .half: if case .endMirrors = action { true } else { false }
        }
    }
}

extension History {
    /// Whether the family itself is refused.
    fileprivate var isRefused: Bool {
        var healed = self
        healed.heal()
        return healed.plan().refusals.contains { $0.subject == "FailoverGroup g0" }
    }

    fileprivate mutating func perform(_ next: CrashProperties.Next, _ start: CrashProperties.Start) {
        switch next {
        case .goOn: break
        case .putBack: perform(.setPrimary("west", consents: false))
        case .loseLedger: perform(.loseLedger)
        case .oldLedger: perform(.returnToOldLedger)
        case .downgrade:
            perform(.die("west"))
            perform(.flagFailover("east"))
        case .leftSideChanges: perform(world.dead.isEmpty ? .die("west") : .revive("west"))
        }
        perform(writeDeed("g0.t0", isStale: true))
        perform(writeDeed("g0.t1", isStale: false))
        perform(.replicate(1))
        apply()
    }
}

extension Plan {
    /// What is left, in few words.
    var inWords: String {
        let parts =
            changes.map(\.inWords) + refusals.map { "\($0.gate) \($0.message) | \($0.wayOut)" }
            + deferred.map { "deferred \($0.address): \($0.waitsFor)" } + decisions.map { "decide \($0.message)" }
            + ledgerRefresh.map { "refresh \($0.id) \($0.ledger)" }
        return parts.joined(separator: "; ") + " steps \(steps.map(\.id.description))"
    }
}
