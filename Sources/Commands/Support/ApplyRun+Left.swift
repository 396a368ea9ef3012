import Execution
import Planning
import Rendering

/// What a run leaves, and what comes next.
extension ApplyRun {
    /// Says what comes next after an end that is none, where no report has said it.
    func tellWhatIsNext(after outcome: Reconciliation.Outcome) {
        if let confirmation = outcome.confirmation { return tellWhatIsLeft(of: confirmation.plan) }
        guard let last = outcome.carriedOut.last, !last.isDeclined else { return }
        guard let report = last.report else { return tellWhatIsLeft(of: last.plan) }
        let terminal = bench.options.outputTerminal
        if outcome.isTakenBack, let first = outcome.first {
            say(UnfinishedText.next(afterTakingBack: first.plan, terminal: terminal))
        } else if report.isWhole, report.journalFailure == nil {
            say(UnfinishedText.next(after: last.plan, terminal: terminal))
        }
    }

    /// Says what is not as it should be, and what comes next.
    private func tellWhatIsLeft(of plan: Plan) {
        say("\n" + UnfinishedText.render(plan, terminal: bench.options.outputTerminal))
    }
}
