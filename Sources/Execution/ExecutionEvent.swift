package import Domain
package import Planning

/// What happens while a plan is carried out; text, JSON lines and the journal are observers of the same events.
package enum ExecutionEvent: Hashable, Sendable {
    /// The run began.
    case runStarted(runID: String, steps: Int, at: Timestamp)
    /// A step's call is about to be sent.
    case stepStarted(Step, at: Timestamp)
    /// A step ended, one way or another.
    case stepEnded(StepOutcome)
    /// The run was asked to stop: waits end, calls in flight are finished, nothing new is sent.
    case interrupted(at: Timestamp)
    case runEnded(RunReport)
}

/// How a run ended.
package struct RunReport: Hashable, Sendable {
    package let runID: String
    package let startedAt: Timestamp
    package let endedAt: Timestamp
    /// Outcomes in the order the steps ended.
    package let outcomes: [StepOutcome]
    package let wasInterrupted: Bool
    /// Why the journal could not be written any more; `nil` when it could.
    package let journalFailure: String?

    package init(
        runID: String, startedAt: Timestamp, endedAt: Timestamp, outcomes: [StepOutcome], wasInterrupted: Bool,
        journalFailure: String? = nil
    ) {
        self.runID = runID
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcomes = outcomes
        self.wasInterrupted = wasInterrupted
        self.journalFailure = journalFailure
    }

    /// Outcomes of steps that failed.
    package var failures: [StepOutcome] {
        outcomes.filter { if case .failed = $0.result { true } else { false } }
    }

    /// Outcomes of steps that were skipped because another failed.
    package var skipped: [StepOutcome] {
        outcomes.filter { if case .skipped = $0.result { true } else { false } }
    }

    /// Outcomes of steps that were given up in the middle: whether they have their effect is not known.
    package var open: [StepOutcome] {
        outcomes.filter { if case .open = $0.result { true } else { false } }
    }

    /// Outcomes of steps that were not run because the run was interrupted.
    package var notRun: [StepOutcome] {
        outcomes.filter { $0.result == .interrupted }
    }

    /// Whether an interruption kept something from being done.
    package var isCut: Bool { !open.isEmpty || !notRun.isEmpty }

    package var succeeded: [StepOutcome] {
        outcomes.filter { $0.result == .succeeded }
    }
}
