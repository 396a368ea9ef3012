import Domain
import Execution
import Planning

/// One change of a ledger, as a whole row: what is written twice has its effect once.
enum LedgerRecord: Codable, Sendable, Hashable {
    /// Nothing of what stood here before holds: what follows is the whole ledger.
    case cleared(keepingRuns: Bool)
    /// An owned object, by address.
    case owned(address: String, row: OwnedRow)
    /// An object that is not owned any more.
    case released(address: String)
    /// Moves of a family of groups.
    case moves(family: String, facts: RecordedMoves)
    /// The generation that a restart hook announced last.
    case hook(address: String, generation: Int)
    /// A run as it stands.
    case run(JournaledRun)
    /// Steps whose intents are durable, in their order.
    case intended(steps: [String], at: Timestamp)
    /// How a step ended.
    case concluded(StepConclusion)
}

/// A run, and where in the log its steps are.
struct JournaledRun: Codable, Sendable, Hashable {
    let header: RunHeader
    /// When it ended; `nil` = unknown: running, or killed.
    var endedAt: Timestamp?
    var exitCode: Int?
    var summary: String?
    /// Number of its first segment.
    let first: Int
    /// Number of its last one; `nil` while it runs.
    var last: Int?

    /// The run without its steps, as lists have it.
    func record(_ steps: [RunRecord.StepRecord] = []) -> RunRecord {
        RunRecord(header: header, endedAt: endedAt, exitCode: exitCode, summary: summary, steps: steps)
    }

    /// The same run, whose end nobody saw.
    func closed(at time: Timestamp, saying summary: String, last: Int) -> JournaledRun {
        var run = self
        run.endedAt = time
        run.summary = summary
        run.last = last
        return run
    }
}

/// How a step ended, as the journal keeps it.
struct StepConclusion: Codable, Sendable, Hashable {
    let step: String
    let startedAt: Timestamp?
    let endedAt: Timestamp
    let words: OutcomeWords

    /// The end of a step of another journal; `nil` when it is not known.
    init?(_ step: RunRecord.StepRecord) {
        guard let result = step.result, let endedAt = step.endedAt else { return nil }
        self.step = step.id.description
        startedAt = step.startedAt
        self.endedAt = endedAt
        words = OutcomeWords(
            result: result, failure: step.failure, message: step.message, endpoint: step.endpoint)
    }

    init(_ outcome: StepOutcome) {
        step = outcome.step.id.description
        startedAt = outcome.startedAt
        endedAt = outcome.endedAt
        words = OutcomeWords(outcome.result)
    }
}

/// What is written at once: all of it, or nothing.
struct LedgerSegment: Codable, Sendable, Hashable {
    /// Drawn for this segment: tells the writer's own one from another's of the same number.
    let mark: String
    /// The run that wrote it.
    let run: String
    let at: Timestamp
    let records: [LedgerRecord]
}
