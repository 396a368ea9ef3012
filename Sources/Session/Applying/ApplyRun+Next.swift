import Execution
import Rendering

/// What comes next when an apply has not reached what the manifests say.
extension ApplyRun {
    /// Says what is left and the next command, where no report has said it.
    func tellWhatIsNext(after outcome: Reconciliation.Outcome) {
        guard let last = outcome.parts.last, !last.isDeclined else { return }
        let terminal = bench.options.outputTerminal
        guard let report = last.report else {
            return say("\n" + UnfinishedText.render(last.plan, terminal: terminal))
        }
        if outcome.isTakenBack, let first = outcome.first {
            say(UnfinishedText.next(afterTakingBack: first.plan, terminal: terminal))
        } else if report.isWhole, report.journalFailure == nil {
            say(UnfinishedText.next(after: last.plan, terminal: terminal))
        }
    }
}
