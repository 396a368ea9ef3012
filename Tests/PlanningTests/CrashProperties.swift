import Domain
import Planning
import Rendering
import Testing

/// A run is killed after, within or before every step, and then something happens.
@Suite struct CrashProperties {
    /// What follows a kill.
    enum Next: String, CaseIterable {
        case goOn, putBack, loseLedger, oldLedger, downgrade, leftSideChanges
    }

    /// What is under way when the run is killed.
    enum Phase: String, CaseIterable {
        case switchover, failover, failoverOfTheLiving, back, backAfterFailover, downgrade, detach, backWithSchemas
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
                for reprotect in FailoverGroupSpec.Reprotect.allCases where members == 2 || reprotect != .retire {
                    var shape = HistoryGenerator.Shape()
                    shape.members = members
                    shape.isBidirectional = isBidirectional
                    shape.denied = denied
                    shape.reprotect = reprotect
                    shape.canary = reprotect != .manual
                    shape.movesSchemas = reprotect != .retire
                    shape.stores = reprotect == .restore ? 2 : 1
                    shape.allowsACLSync = reprotect == .recreate
                    shape.hooks = reprotect == .restore ? 2 : 0
                    shape.adoptsLinks = !isBidirectional && reprotect == .manual
                    guard phase.isTried(shape) else { continue }
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
        case .failover, .backAfterFailover, .backWithSchemas:
            history.perform(.die("west"))
            history.perform(.setPrimary("east", consents: true))
        case .downgrade:
            guard let stuck = history.stuckSwitchover() else { return nil }
            return stuck
        case .detach:
            history.perform(.die("west"))
            history.perform(.status("east", "g0.t0", .pendingRestore))
            guard let link = history.world.cluster("east", history.workspace)?.mirrors.first?.link else { return nil }
            history.perform(.setPrimary("east", consents: true))
            history.perform(.detach("east/\(link)"))
        case .failoverOfTheLiving:
            history.perform(.setPrimary("east", consents: true))
            history.perform(.override([.alive]))
        }
        guard [.back, .backAfterFailover, .backWithSchemas].contains(phase) else { return history }
        guard shape.reprotect != .manual, !history.plan().moves.isEmpty else { return nil }
        history.apply()
        if phase == .backWithSchemas {
            // Both registries gave the same id to a schema of their own while they did not see each other.
            for environment in ["env-east", "env-west"] { history.perform(.registerSchema(environment, id: 700)) }
        }
        history.perform(.revive("west"))
        guard !history.plan().decisions.isEmpty else { return history }
        history.apply()
        history.perform(.giveTokens)
        return history
    }

    /// Rows of the table of crash points, by what the killed step does.
    static let rows = [
        "open", "fencing", "fence", "registry READONLY", "verify fence", "drain", "compare schemas", "pause exporter",
        "past", "promote", "reverse", "failover", "link configs", "registry READWRITE", "canary", "served", "publish",
        "discarding", "confirm", "delete copy", "create mirror", "restore", "registry IMPORT", "create exporter",
        "delete exporter", "delete link", "unfence", "unfenced", "returned", "closed", "downgrade", "delete schemas",
        "detach", "hook", "switching off", "cross canary",
    ]

    @Test("a run that is killed anywhere leaves nothing that the next one could break")
    func kill() async throws {
        let (cases, coverage) = await withTaskGroup(of: (Int, Coverage).self) { group in
            for members in [2, 3] {
                let phases: [Phase] =
                    members == 2 ? Phase.allCases : [.switchover, .failover, .failoverOfTheLiving, .back]
                for phase in phases { group.addTask { await Self.killAll(phase, members) } }
            }
            return await group.reduce(into: (0, Coverage())) { total, part in
                total.0 += part.0
                total.1.merge(part.1)
            }
        }
        #expect(cases >= 20_000)
        let reached = Set(coverage.crashes.keys.map { $0.split(separator: " ").dropLast().joined(separator: " ") })
        #expect(Self.rows.filter { !reached.contains($0) } == [])
        for cell in ["former", "promoted", "of another", "absent", "ACTIVE", "stranger"] {
            #expect(coverage.roles["mirror \(cell)"] ?? 0 > 0, "mirror \(cell)")
        }
    }

    private static func killAll(_ phase: Phase, _ members: Int) async -> (Int, Coverage) {
        var total = (0, Coverage())
        for start in starts(phase, members: members) {
            let (count, reached) = killEverywhere(start)
            total.0 += count
            total.1.merge(reached)
            await Task.yield()
        }
        return total
    }

    static func killEverywhere(_ start: Start) -> (cases: Int, Coverage) {
        var coverage = start.history.coverage
        var cases = 0
        let plan = start.history.plan()
        var running = start.history
        let steps = running.begin(plan)
        var whole = start.history
        whole.apply()
        let isComparable = start.shape.reprotect != .manual && whole.rest(atMost: 3) != nil
        let essence = whole.essence
        for (number, step) in steps.enumerated() {
            for manner in Deed.Disturbance.Manner.allCases where step.canEnd(manner) {
                var killed = running
                killed.coverage = Coverage()
                killed.disturb(step, manner)
                killed.end(plan, isKilled: true)
                // A flag that was not recorded yet is given again, as the same command would be.
                if !killed.hasRecorded(start.history.options) { killed.options = start.history.options }
                for next in Next.allCases {
                    cases += 1
                    var history = killed
                    history.perform(next, start)
                    let isChecked = cases.isMultiple(of: Scale.factor > 1 ? 1 : 11)
                    if isChecked, start.shape.reprotect != .manual, [.goOn, .putBack].contains(next) {
                        if next == .putBack, history.isRefused { history.perform(.setPrimary("east", consents: false)) }
                        if history.rest(atMost: 3, takingWaysOut: start.shape.denied == nil) == nil {
                            history.judge.find("P6", "nothing converges: \(history.plan().inWords)")
                        } else if next == .goOn, isComparable {
                            history.compare(with: whole, essence, before: start.history.seen)
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

extension CrashProperties.Phase {
    /// Phases that differ little from others are tried with fewer shapes.
    fileprivate func isTried(_ shape: HistoryGenerator.Shape) -> Bool {
        switch self {
        case .detach: [[], ["User:*"]].contains(shape.denied) && shape.reprotect != .retire
        case .backWithSchemas: shape.denied == ["User:*"] && shape.movesSchemas
        default: true
        }
    }
}

extension Step {
    fileprivate func canEnd(_ manner: Deed.Disturbance.Manner) -> Bool {
        switch manner {
        case .before: true
        case .unheard: isEffectful
        case .half: if case .move(.endMirrors) = action { true } else { false }
        }
    }
}

extension History {
    /// A switchover that was killed behind its fence, of which the old side died then, and a consent to go on without.
    fileprivate func stuckSwitchover() -> History? {
        var history = self
        history.perform(.setPrimary("east", consents: false))
        let steps = history.plan().steps
        guard let drain = steps.firstIndex(where: { if case .move(.drain) = $0.action { true } else { false } }) else {
            return nil
        }
        history.apply(.init(step: drain, manner: .before, kills: true))
        history.perform(.die("west"))
        history.perform(.flagFailover("east"))
        return history
    }

    /// Whether an open move remembers the flags it was given.
    fileprivate func hasRecorded(_ flags: PlanOptions) -> Bool {
        guard let open = world.ledger.moves["g0"]?.open else { return flags == Self.plainly }
        return flags.overrides.isSubset(of: open.overrides) && flags.detached.isSubset(of: open.detached ?? [])
            && (flags.failovers.isEmpty || open.kind == .failover)
    }

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
