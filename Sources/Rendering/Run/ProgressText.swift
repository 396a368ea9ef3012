package import Domain
package import Execution
package import Planning

/// Progress as lines of a log, for CI and files: every step that is one of few, counts for those that are many, and a
/// sign of life while something takes long.
package struct ProgressText: Sendable {
    private static let heartbeat: Int64 = 10_000

    private let terminal: Terminal
    private let known: Set<Step.ID>
    private var buckets: [ProgressBucket.Key: ProgressBucket] = [:]
    private var running: [Step.ID: Running] = [:]
    private var failed: [Step.ID: String] = [:]

    private struct Running {
        let step: Step
        let startedAt: Timestamp
        var lastTold: Timestamp
    }

    /// Progress of these steps; others, such as what only the ledger learns, are told of only when they fail.
    package init(steps: [Step], terminal: Terminal = .plain) {
        self.terminal = terminal
        known = Set(steps.map(\.id))
        for step in steps {
            buckets[ProgressBucket.Key(step), default: ProgressBucket(step)].total += 1
        }
    }

    /// What is to be written for an event: lines, each ended by a line break; empty when there is nothing to say.
    package mutating func receive(_ event: ExecutionEvent) -> String {
        switch event {
        case .runStarted(let run, let steps, let moment):
            line(moment, "run \(run): \(Words.count(steps, "step"))")
        case .stepStarted(let step, let moment): started(step, moment)
        case .stepEnded(let outcome): ended(outcome)
        case .interrupted(let moment):
            line(
                moment,
                "stopping: waits end now, calls in flight are finished, nothing new is sent")
        case .runEnded: ""
        }
    }

    /// A line about how far something is that a step waits for.
    package func news(_ news: String, at moment: Timestamp) -> String {
        line(moment, "… \(news)")
    }

    /// Signs of life: steps that have run for another 10 s since they were last told of; of like steps that are many,
    /// the one that has run longest.
    package mutating func tick(at now: Timestamp) -> String {
        var text = ""
        var toldBuckets: Set<ProgressBucket.Key> = []
        for (id, entry) in running.sorted(by: { ($0.value.startedAt, $0.key) < ($1.value.startedAt, $1.key) }) {
            guard now.milliseconds.minus(entry.lastTold.milliseconds) >= Self.heartbeat else { continue }
            let elapsed = (now.milliseconds.minus(entry.startedAt.milliseconds)) / Self.heartbeat * Self.heartbeat
            running[id]?.lastTold = entry.startedAt.advanced(by: .milliseconds(elapsed))
            let span = Words.span(milliseconds: elapsed)
            let key = ProgressBucket.Key(entry.step)
            if let bucket = buckets[key], bucket.isFolded {
                if toldBuckets.insert(key).inserted { text += line(now, "… \(bucket.progress) so far  [\(span)]") }
            } else {
                text += line(now, "… still \(entry.step.action.verbForms.ongoing) \(entry.step.subject)  [\(span)]")
            }
        }
        return text
    }

    private mutating func started(_ step: Step, _ moment: Timestamp) -> String {
        running[step.id] = Running(step: step, startedAt: moment, lastTold: moment)
        return ""
    }

    private mutating func ended(_ outcome: StepOutcome) -> String {
        let step = outcome.step
        running[step.id] = nil
        guard known.contains(step.id) else {
            guard case .failed = outcome.result else { return "" }
            return line(outcome.endedAt, step.sentence(of: outcome))
        }
        let key = ProgressBucket.Key(step)
        buckets[key]?.count(outcome.result)
        let bucket = buckets[key]
        var text = ""
        if case .failed = outcome.result {
            failed[step.id] = step.words
            text += line(outcome.endedAt, step.sentence(of: outcome))
        } else if let bucket, !bucket.isFolded {
            text += line(outcome.endedAt, step.sentence(of: outcome, failed: failed))
        }
        if let bucket, bucket.isFolded, bucket.isMilestone {
            text += line(outcome.endedAt, "\(bucket.failed == 0 ? "✓" : "!") \(bucket.progress)")
        }
        return text
    }

    private func line(_ moment: Timestamp, _ text: StyledText) -> String {
        terminal.render(["\(moment.timeOfDay, .dim) \(text)"])
    }
}

extension ProgressBucket {
    /// Whether a tenth of the steps has just been completed.
    fileprivate var isMilestone: Bool {
        ended == total || ended * 10 / total > (ended - 1) * 10 / total
    }
}

extension Step {
    /// How the step ended, as one line.
    ///
    /// - Parameters:
    ///   - outcome: How it ended.
    ///   - failed: Words of the steps that failed, for those that are skipped because of one.
    func sentence(of outcome: StepOutcome, failed: [Step.ID: String] = [:]) -> StyledText {
        switch outcome.result {
        case .succeeded:
            guard let startedAt = outcome.startedAt, isEffectful else {
                return "\("✓", .green) \(subject) \(action.verbForms.done)"
            }
            let span = Words.span(milliseconds: outcome.endedAt.milliseconds.minus(startedAt.milliseconds))
            return "\("✓", .green) \(subject) \(action.verbForms.done)  [\(span)]"
        case .failed(let failure): return "\("✗", .red) \(words) failed: \(failure.words)"
        case .skipped(let root):
            return "\("·", .dim) \(words) skipped: it depends on what failed: \(failed[root] ?? root.description)"
        case .interrupted: return "\("·", .dim) \(words) not run"
        case .open(let failure): return "\("?", .yellow) \(words): outcome open: \(failure.message)"
        }
    }
}

extension StepFailure {
    /// The failure with its endpoint.
    var words: String {
        endpoint.map { "\(message) (\(kind.words), \($0))" } ?? "\(message) (\(kind.words))"
    }
}

extension StepFailure.Kind {
    var words: String {
        switch self {
        case .unreachable: "no answer"
        case .denied: "not permitted"
        case .rejected: "refused by the service"
        case .timeout: "not done in time"
        case .throttled: "asked to come back later"
        case .conflict: "somebody else changed it"
        case .withoutCredentials: "credentials missing"
        case .broken: "unexpected answer"
        case .untrusted: "not trusted"
        case .interrupted: "interrupted"
        }
    }
}
