import Domain
import Execution
import Planning
import Testing

@Suite struct ExitCodeTests {
    private let moment = Timestamp(milliseconds: 0)

    private func plan(_ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(
            toolVersion: "1", workspace: "w", ledgerID: nil, observedAt: Timestamp(milliseconds: 0), observedIn: .zero)
        edit(&plan)
        return plan
    }

    private func report(_ results: [StepOutcome.Result], interrupted: Bool = false, journal: String? = nil) -> RunReport
    {
        let outcomes = results.enumerated().map { index, result in
            StepOutcome(step: step("\(index)"), result: result, startedAt: nil, endedAt: moment)
        }
        return RunReport(
            runID: "r", startedAt: moment, endedAt: moment, outcomes: outcomes, wasInterrupted: interrupted,
            journalFailure: journal)
    }

    private let deferral = DeferredWork(.create, ResourceAddress(.topic, in: "west", "a"), waitsFor: "west")
    private let refusal = Refusal(.protect, subject: "a", .told("m", way: "w"))

    @Test("planning: changes, deferred work and refusals")
    func planning() {
        func code(_ plan: Plan, detailed: Bool = true, allow: Bool = false) -> ExitCode {
            .ofPlanning(plan, detailed: detailed, allowsDeferred: allow)
        }
        let changing = plan { $0.steps = [step("a")] }
        let deferring = plan { $0.deferred = [deferral] }
        let both = plan {
            $0.steps = [step("a")]
            $0.deferred = [deferral]
        }
        let refusing = plan {
            $0.steps = [step("a")]
            $0.refusals = [refusal]
        }
        #expect(code(plan()) == .success)
        #expect(code(changing) == .changes)
        #expect(code(changing, detailed: false) == .success)
        #expect(code(deferring) == .incomplete)
        #expect(code(deferring, allow: true) == .success)
        #expect(code(deferring, detailed: false) == .incomplete)
        #expect(code(both, detailed: false) == .success)
        #expect(code(both) == .changes)
        #expect(code(refusing) == .refused)
        #expect(code(refusing, detailed: false) == .refused)
    }

    @Test("applying: failures, interruption, journal, deferred work")
    func applying() {
        func code(_ report: RunReport, _ plan: Plan, allow: Bool = false, signal: ExitCode = .interrupted) -> ExitCode {
            .ofApplying(plan, report, allowsDeferred: allow, signal: signal)
        }
        let deferring = plan { $0.deferred = [deferral] }
        let denied = StepOutcome.Result.failed(StepFailure(.denied, "no"))
        let timeout = StepOutcome.Result.failed(StepFailure(.timeout, "slow"))
        #expect(code(report([.succeeded]), plan()) == .success)
        #expect(code(report([.succeeded]), deferring) == .incomplete)
        #expect(code(report([.succeeded]), deferring, allow: true) == .success)
        #expect(code(report([.succeeded, denied]), deferring) == .partial)
        #expect(code(report([denied, .skipped(because: stepID("0"))]), plan()) == .error)
        #expect(code(report([timeout]), plan()) == .partial)
        #expect(code(report([.succeeded, .interrupted], interrupted: true), deferring) == .interrupted)
        #expect(code(report([denied, .interrupted], interrupted: true), plan(), signal: .terminated) == .error)
        #expect(code(report([timeout, .interrupted], interrupted: true), plan(), signal: .terminated) == .terminated)
        #expect(code(report([.succeeded], interrupted: true), plan()) == .success)
        #expect(code(report([.succeeded, .interrupted], journal: "disk full"), plan()) == .error)
    }

    @Test("1 says that nothing was changed, and only a failure without any effect lets it")
    func effects() {
        func code(_ effects: StepFailure.Effect...) -> ExitCode {
            let results = effects.map { StepOutcome.Result.failed(StepFailure(.rejected, "no", effect: $0)) }
            return .ofApplying(plan(), report(results), allowsDeferred: false)
        }
        #expect(code(.none) == .error)
        #expect(code(.none, .none) == .error)
        #expect(code(.unknown) == .partial)
        #expect(code(.none, .some) == .partial)
        for kind in StepFailure.Kind.allCases {
            let stated = StepFailure(kind, "no", effect: StepFailure.Effect.none)
            #expect(ExitCode.ofApplying(plan(), report([.failed(stated)]), allowsDeferred: false) == .error, "\(kind)")
        }
    }

    private func site(_ state: Reachability, isExcused: Bool = false) -> Plan.Site {
        var site = Plan.Site(kind: .kafka, name: "west", silence: "no", state: state)
        site.isExcused = isExcused
        return site
    }

    @Test("a side that was not seen is not as the manifests say, unless a consent names it or it may be deferred")
    func unseen() {
        func code(_ state: Reachability, _ edit: (inout Plan) -> Void = { _ in }, allow: Bool = false) -> ExitCode {
            .ofPlanning(
                plan {
                    $0.sites = [site(state)]
                    edit(&$0)
                }, detailed: false, allowsDeferred: allow)
        }
        for state in [Reachability.unreachable, .broken, .throttled] { #expect(code(state) == .incomplete) }
        for state in [Reachability.denied, .wrong, .withoutCredentials, .stranger] { #expect(code(state) == .error) }
        for state in [Reachability.reachable, .beingMade, .absent, .unmanaged] { #expect(code(state) == .success) }
        #expect(code(.denied, { $0.steps = [step("a")] }) == .incomplete)
        #expect(code(.unreachable, allow: true) == .success)
        #expect(code(.unreachable, { $0.sites[0].isExcused = true }) == .success)
    }

    @Test(
        "a group that is not protected, an open move, left topics and a failing exporter are told by plan, apply, check"
    )
    func standing() {
        func group(_ isProtected: Bool, _ edit: (inout Plan.GroupState) -> Void = { _ in }) -> Plan.GroupState {
            var group = Plan.GroupState(
                name: "g", primary: "west", members: ["west", "east"], topics: 1, isProtected: isProtected, told: []
            )
            edit(&group)
            return group
        }
        let move = RecordedMoves.Move(epoch: 1, from: "west", to: "east", kind: .switchover)
        let states = [
            group(false),
            group(true) {
                $0.standing = .init(holder: "east", evidence: "", epoch: 1, open: .init(move))
            },
            group(true) { $0.left = ["t"] },
            group(true) {
                $0.gaps = [.exporter(environment: "e", exporter: "x", state: .running, trace: "boom")]
            },
        ]
        for state in states {
            let found = plan { $0.groups = [state] }
            #expect(ExitCode.ofPlanning(found, detailed: true, allowsDeferred: false) == .incomplete)
            #expect(ExitCode.ofPlanning(found, detailed: false, allowsDeferred: false) == .incomplete)
            #expect(
                ExitCode.ofApplying(plan(), report([.succeeded]), allowsDeferred: false, after: found) == .incomplete)
            #expect(
                ExitCode.ofStatus(
                    standing: found.standingFacts, isRefused: false, isUnready: false, isPartlyUnseen: false)
                    == .incomplete)
        }
        #expect(
            ExitCode.ofPlanning(plan { $0.groups = [group(true)] }, detailed: true, allowsDeferred: false) == .success)
    }

    @Test("every fact counts somewhere, and none of them ends a command with 0")
    func table() {
        for fact in ExitFact.allCases {
            let codes = ExitFact.Command.allCases.compactMap(fact.code)
            #expect(!codes.isEmpty && !codes.contains(.success))
        }
    }

    @Test("drift: differences outrank a side that was not seen")
    func drift() {
        #expect(ExitCode.ofDrift(false, isPartlyUnseen: false, allowsDeferred: false) == .success)
        #expect(ExitCode.ofDrift(true, isPartlyUnseen: true, allowsDeferred: false) == .changes)
        #expect(ExitCode.ofDrift(false, isPartlyUnseen: true, allowsDeferred: false) == .incomplete)
        #expect(ExitCode.ofDrift(false, isPartlyUnseen: true, allowsDeferred: true) == .success)
    }

    @Test("when several apply, the documented order decides")
    func precedence() {
        let documented: [ExitCode] = [
            .usage, .stateUnusable, .locked, .error, .partial, .refused, .stale, .changes, .incomplete, .success,
        ]
        for (position, code) in documented.enumerated() {
            #expect(ExitCode.strongest(of: documented[position...]) == code)
        }
        #expect(ExitCode.strongest(of: []) == .success)
    }
}
