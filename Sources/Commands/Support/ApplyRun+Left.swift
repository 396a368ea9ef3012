import Domain
import Execution
import Planning
import Rendering

/// What a run leaves although nothing failed.
extension ApplyRun {
    /// How often the live systems are looked at again while what is missing is on its way.
    private static let looks = 12

    /// What a run in which nothing failed ends with: everything is looked at once more, since done is what is seen to be
    /// so, and not what was accepted.
    func codeOfWhatIsLeft(_ session: any RunSession) async throws -> ExitCode {
        var options = try saved.map(self.options) ?? command.flags.options
        options.rerunsHooks = false
        var (plan, _) = try await bench.plan(options)
        for _ in 1..<Self.looks where plan.isSettling {
            try? await Task.sleep(for: .milliseconds(700))
            guard !Task.isCancelled else { throw CommandFailure(.interrupted) }
            (plan, _) = try await bench.plan(options)
        }
        if !plan.hasSteps { try await refreshLedger(plan, session) }
        let code = ExitCode.of(plan.exitFacts(allowsDeferred: command.allowDeferred), in: .apply)
        if code != .success { tellWhatIsLeft(of: plan) }
        return code
    }

    /// Says what comes next after an end that is none, where no report has said it.
    func tellWhatIsNext(after outcome: Reconciliation.Outcome) {
        guard let last = outcome.parts.last, !last.isDeclined else { return }
        let terminal = bench.options.outputTerminal
        guard let report = last.report else { return tellWhatIsLeft(of: last.plan) }
        if outcome.isTakenBack, let first = outcome.first {
            say(UnfinishedText.next(afterTakingBack: first.plan, terminal: terminal))
        } else if report.isWhole, report.journalFailure == nil {
            say(UnfinishedText.next(after: last.plan, terminal: terminal))
        }
    }

    /// Says what is not as it should be, and what comes next.
    func tellWhatIsLeft(of plan: Plan) {
        say("\n" + UnfinishedText.render(plan, terminal: bench.options.outputTerminal))
    }
}

extension Plan {
    /// Whether nothing is left but what can be expected to come by itself within seconds.
    fileprivate var isSettling: Bool {
        let gaps = groups.filter { !$0.isProtected }.flatMap(\.gaps)
        return !hasSteps && refusals.isEmpty && decisions.isEmpty && deferred.isEmpty && !gaps.isEmpty
            && gaps.allSatisfy(\.mayPass)
    }
}
