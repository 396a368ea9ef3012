package import Domain
package import Execution
import Planning

/// What happens while a plan is carried out, as JSON: one object a line, told apart by `type`.
/// `schemas/apply-events.schema.json` holds the forms.
package enum EventStream {
    /// One event as one line, without a line break.
    package static func line(for event: ExecutionEvent) -> String {
        switch event {
        case .runStarted(let run, let steps, let moment):
            JSONText.line(RunStarted(at: RFC3339(wrappedValue: moment), run: run, steps: steps))
        case .stepStarted(let step, let moment):
            JSONText.line(StepStarted(at: RFC3339(wrappedValue: moment), step: StepHead(step)))
        case .stepEnded(let outcome): JSONText.line(StepEnded(outcome))
        case .interrupted(let moment): JSONText.line(Interrupted(at: RFC3339(wrappedValue: moment)))
        case .runEnded(let report): JSONText.line(RunEnded(report))
        }
    }

    /// How far something is that a step waits for, as one line.
    package static func line(forNews news: String, at moment: Timestamp) -> String {
        JSONText.line(Progress(at: RFC3339(wrappedValue: moment), message: news))
    }

    /// How the command ended, as the last line.
    ///
    /// - Parameter message: What was written about it, when something was.
    package static func line(forExit code: ExitCode, _ message: String?, at moment: Timestamp) -> String {
        JSONText.line(Ended(at: RFC3339(wrappedValue: moment), exitCode: code.rawValue, message: message))
    }

    private struct Ended: Encodable {
        let type = "ended"
        let at: RFC3339
        let exitCode: Int32
        let message: String?
    }

    private struct Progress: Encodable {
        let type = "progress"
        let at: RFC3339
        let message: String
    }

    private struct RunStarted: Encodable {
        let type = "runStarted"
        let formatVersion = "1.0"
        let at: RFC3339
        let run: String
        let steps: Int
    }

    private struct StepHead: Encodable {
        let id: Step.ID
        let address: ResourceAddress
        let verb: String
        let description: String

        init(_ step: Step) {
            id = step.id
            address = step.address
            verb = step.action.facts.verb
            description = step.words
        }
    }

    private struct StepStarted: Encodable {
        let type = "stepStarted"
        let at: RFC3339
        let step: StepHead
    }

    private struct StepEnded: Encodable {
        let type = "stepEnded"
        let at: RFC3339
        let step: StepHead
        let result: String
        let durationMilliseconds: Int64?
        let failure: StepFailure?
        let because: Step.ID?

        init(_ outcome: StepOutcome) {
            at = RFC3339(wrappedValue: outcome.endedAt)
            step = StepHead(outcome.step)
            result = outcome.result.word
            durationMilliseconds = outcome.startedAt.map { outcome.endedAt.milliseconds.minus($0.milliseconds) }
            failure =
                switch outcome.result {
                case .failed(let failure), .open(let failure): failure
                case .succeeded, .skipped, .interrupted: nil
                }
            because = if case .skipped(let root) = outcome.result { root } else { nil }
        }
    }

    private struct Interrupted: Encodable {
        let type = "interrupted"
        let at: RFC3339
    }

    private struct RunEnded: Encodable {
        let type = "runEnded"
        let at: RFC3339
        let run: String
        let durationMilliseconds: Int64
        let succeeded: Int
        let failed: Int
        let skipped: Int
        let interrupted: Int
        let open: Int?
        let wasInterrupted: Bool
        let journalFailure: String?
        let moves: [MoveTimesForm.Served]?
        let clientsMovedAt: RFC3339?
        let clientsMovedAfterMilliseconds: Int64?

        init(_ report: RunReport) {
            at = RFC3339(wrappedValue: report.endedAt)
            run = report.runID
            durationMilliseconds = report.endedAt.milliseconds.minus(report.startedAt.milliseconds)
            succeeded = report.succeeded.count
            failed = report.failures.count
            skipped = report.skipped.count
            interrupted = report.notRun.count
            open = report.open.isEmpty ? nil : report.open.count
            wasInterrupted = report.wasInterrupted
            journalFailure = report.journalFailure
            let times = MoveTimesForm(MoveTimes(report), since: report.startedAt)
            moves = times.moves
            clientsMovedAt = times.clientsMovedAt
            clientsMovedAfterMilliseconds = times.clientsMovedAfterMilliseconds
        }
    }
}

extension StepOutcome.Result {
    /// The result's name in events and the journal.
    var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .skipped: "skipped"
        case .interrupted: "interrupted"
        case .open: "open"
        }
    }
}
