package import Domain
package import Execution
package import Planning

/// Progress as a few lines that a terminal redraws: failures so far, what runs now, and a count at the bottom. It
/// holds the state; whoever has the terminal and the time asks for the lines.
package struct LiveProgress: Sendable {
    private let terminal: Terminal
    private let total: Int
    private let known: Set<Step.ID>
    private var buckets: [ProgressBucket.Key: ProgressBucket] = [:]
    private var order: [ProgressBucket.Key] = []
    private var running: [(step: Step, startedAt: Timestamp)] = []
    private var failures: [StepOutcome] = []
    private var succeeded = 0
    private var notRun = 0
    private var open = 0
    private var startedAt: Timestamp?
    private var isStopping = false

    /// Progress of these steps; others, such as what only the ledger learns, are not told of.
    package init(steps: [Step], terminal: Terminal) {
        self.terminal = terminal
        self.total = steps.count
        self.known = Set(steps.map(\.id))
        for step in steps {
            let key = ProgressBucket.Key(step)
            if buckets[key] == nil { order.append(key) }
            buckets[key, default: ProgressBucket(step)].total += 1
        }
    }

    /// Learns of an event.
    ///
    /// - Returns: Text that stays above the redrawn lines: how steps ended that are not told of in counts.
    package mutating func receive(_ event: ExecutionEvent) -> String {
        switch event {
        case .runStarted(_, _, let moment): startedAt = moment
        case .stepStarted(let step, let moment): running.append((step, moment))
        case .interrupted: isStopping = true
        case .runEnded: running = []
        case .stepEnded(let outcome): return ended(outcome)
        }
        return ""
    }

    private mutating func ended(_ outcome: StepOutcome) -> String {
        guard known.contains(outcome.step.id) else { return "" }
        running.removeAll { $0.step.id == outcome.step.id }
        let key = ProgressBucket.Key(outcome.step)
        buckets[key]?.count(outcome.result)
        switch outcome.result {
        case .succeeded: succeeded += 1
        case .failed: failures.append(outcome)
        case .skipped, .interrupted: notRun += 1
        case .open: open += 1
        }
        var lines: [StyledText] = []
        switch outcome.result {
        case .failed, .open: lines.append(outcome.step.sentence(of: outcome))
        case .succeeded:
            if buckets[key]?.isFolded == false { lines.append(outcome.step.sentence(of: outcome)) }
        case .skipped, .interrupted: break
        }
        if let bucket = buckets[key], bucket.isFolded, bucket.ended == bucket.total {
            lines.append("\(bucket.succeeded == bucket.total ? "✓" : "!") \(bucket.progress)")
        }
        return terminal.render(lines)
    }

    /// A line to draw.
    package struct Line: Hashable, Sendable {
        /// The line, without a line break.
        package let text: String
        /// Columns it takes.
        package let columns: Int
    }

    /// Text above the redrawn lines about how far something is that a step waits for.
    package func news(_ news: String) -> String {
        terminal.render([StyledText(news)])
    }

    /// The lines to draw now, none wider than `width`, at most `height` of them.
    package func lines(at now: Timestamp, width: Int, height: Int) -> [Line] {
        let status = statusLine(at: now)
        var rows: [StyledText] = []
        for key in order {
            guard let bucket = buckets[key], bucket.isFolded, bucket.ended < bucket.total,
                bucket.ended > 0 || running.contains(where: { ProgressBucket.Key($0.step) == key })
            else { continue }
            rows.append("  \("…", .cyan) \(bucket.progress)")
        }
        for (step, startedAt) in running where buckets[ProgressBucket.Key(step)]?.isFolded == false {
            let span = Words.span(milliseconds: (now.milliseconds.minus(startedAt.milliseconds)) / 1000 * 1000)
            rows.append("  \("…", .cyan) \(step.action.verbForms.ongoing) \(step.subject)  \("[\(span)]", .dim)")
        }
        let room = max(0, height - 1)
        if rows.count > room {
            let hidden = rows.count - max(0, room - 1)
            rows = Array(rows.prefix(max(0, room - 1)))
            if room > 0 { rows.append("  … and \(Words.number(hidden)) more") }
        }
        return (rows + [status]).map { row in
            let line = row.cut(to: max(1, width))
            return Line(text: terminal.render(line), columns: line.width)
        }
    }

    private func statusLine(at now: Timestamp) -> StyledText {
        var parts: [StyledText] = ["\(Words.number(succeeded)) of \(Words.count(total, "step")) done"]
        if !running.isEmpty { parts.append("\(Words.number(running.count)) running") }
        if !failures.isEmpty { parts.append("\("\(Words.number(failures.count)) failed", .red)") }
        if notRun > 0 { parts.append("\(Words.number(notRun)) not run") }
        if open > 0 { parts.append("\("\(Words.number(open)) open", .yellow)") }
        if let startedAt {
            parts.append("\(Words.span(milliseconds: (now.milliseconds.minus(startedAt.milliseconds)) / 1000 * 1000))")
        }
        if isStopping { parts.append("\("stopping: calls in flight are finished", .yellow)") }
        return parts.dropFirst().reduce(parts.first ?? "") { $0 + " · " + $1 }
    }
}
