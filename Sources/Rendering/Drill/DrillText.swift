import Domain

/// A rehearsal, for people and as JSON.
package enum DrillText {
    /// Steps of an apply that are shown: the ones that took longest.
    private static let longestSteps = 5

    /// The report for people, ended by a line break.
    package static func render(_ report: DrillReport, terminal: Terminal = .plain) -> String {
        let head: StyledText =
            "\("Spillway drill", .bold) · workspace \(report.workspace, .bold) · group \(report.group, .bold)"
        let times: StyledText =
            "  simulated, began \(report.startedAt.words), took \(Words.span(milliseconds: report.milliseconds))"
        var blocks = [[head, times] + load(report.load)]
        blocks += report.phases.map(lines)
        blocks += [notes(report.notes), verdict(on: report)]
        return terminal.render(Array(blocks.filter { !$0.isEmpty }.joined(separator: [""])))
    }

    package static func json(_ report: DrillReport) -> String {
        JSONText.pretty(report)
    }

    private static func load(_ load: DrillReport.Load?) -> [StyledText] {
        guard let load else { return [] }
        let rate = Words.count(load.recordsPerSecond, "record")
        return [
            "  \(Words.count(load.producers, "writer")) and \(Words.count(load.consumers, "reader")), "
                + "\(rate) a second to each of \(Words.count(load.topics, "topic"))",
            "  they know nothing but \(load.bindings.count == 1 ? "binding" : "bindings") \(Words.list(load.bindings))",
        ]
    }

    // MARK: Phases

    private static func lines(of phase: DrillReport.Phase) -> [StyledText] {
        let heading = StyledText(phase.title, .bold)
        if let reason = phase.skipped { return [heading, "  \("–", .dim) left out: \(reason)"] }
        var columns = Columns(indent: 2)
        columns.add("took", StyledText(Words.span(milliseconds: phase.milliseconds)))
        for apply in phase.applies {
            let planning = apply.steps.first.map {
                ", the first after \(Words.span(milliseconds: $0.beganAfterMilliseconds))"
            }
            columns.add(
                "apply",
                "\(Words.span(milliseconds: apply.milliseconds)), \(Words.count(apply.steps.count, "step"))"
                    + "\(planning ?? ""), exit \(String(apply.exitCode))")
        }
        if let recovery = phase.recovery { addRecovery(recovery, phase, to: &columns) }
        if let records = phase.records { addRecords(records, phase, to: &columns) }
        if let schemas = phase.schemas { columns.add("schemas", words(of: schemas)) }
        for (number, step) in longest(of: phase).enumerated() {
            columns.add(number == 0 ? "longest steps" : "", step)
        }
        return [heading] + columns.lines
    }

    private static func addRecovery(
        _ recovery: DrillReport.Recovery, _ phase: DrillReport.Phase, to columns: inout Columns
    ) {
        let time =
            "\(Words.span(milliseconds: recovery.sinceApplyMilliseconds)) from the start of apply to all clients moved"
        columns.add("RTO", judged(time, .recoveryTime, phase))
        let span = Words.span(milliseconds: recovery.sinceLastContactMilliseconds)
        columns.add("", "\(span) from the last contact with \(phase.from) to all clients moved")
    }

    private static func addRecords(
        _ records: DrillReport.Records, _ phase: DrillReport.Phase, to columns: inout Columns
    ) {
        let acknowledged = Words.number(records.acknowledged)
        let lost = "\(Words.number(records.lost)) lost of \(acknowledged) acknowledged records"
        columns.add("RPO", judged(lost, .recordsLost, phase))
        if let age = records.oldestLostMilliseconds {
            columns.add("", judged("the oldest of them was \(age) ms old when \(phase.from) was lost", .age, phase))
        }
        let duplicates = Words.count(records.duplicates, "duplicate")
        columns.add("readers", "\(duplicates), \(Words.count(records.gaps, "gap"))")
    }

    private static func words(of schemas: DrillReport.Schemas) -> StyledText {
        guard let expected = schemas.wasExpectedOn else {
            return "\(schemas.subject) was registered during the outage"
        }
        return schemas.isOn == nil
            ? "\("✗", .red) \(schemas.subject), registered during the outage, is not on \(expected)"
            : "\("✓", .green) \(schemas.subject), registered during the outage, is on \(expected) with the same id"
    }

    private static func judged(
        _ text: String, _ objective: DrillReport.Check.Objective, _ phase: DrillReport.Phase
    ) -> StyledText {
        guard let check = phase.checks.first(where: { $0.objective == objective }) else { return StyledText(text) }
        let limit = "the objective of \(check.limitInWords)"
        return check.isMet
            ? "\("✓", .green) \(text), within \(limit)" : "\("✗", .red) \(text), beyond \(limit)"
    }

    private static func longest(of phase: DrillReport.Phase) -> [StyledText] {
        let timed = phase.applies.flatMap(\.steps).compactMap { step in step.tookMilliseconds.map { (step, $0) } }
        let longest = timed.enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
            .prefix(longestSteps).sorted { $0.offset < $1.offset }
        var columns = Columns(indent: 0)
        for (_, (step, took)) in longest {
            columns.add(StyledText(Words.span(milliseconds: took)), StyledText(step.id))
        }
        return columns.lines
    }

    // MARK: End

    private static func notes(_ notes: [String]) -> [StyledText] {
        guard !notes.isEmpty else { return [] }
        let lines = notes.flatMap { note in
            StyledText.wrapped(note, width: 110).enumerated().map { number, line -> StyledText in
                number == 0 ? "  · " + line : "    " + line
            }
        }
        return [StyledText("What to know of these numbers", .bold)] + lines
    }

    private static func verdict(on report: DrillReport) -> [StyledText] {
        switch report.verdict {
        case .failed: failure(of: report)
        case .met: ["\("✓", .green) \(met(by: report), .bold)"]
        case .unjudged: [StyledText("The group declares no objectives; nothing was judged.", .bold)]
        case .missed: ["\("✗", .red) \("Objectives missed.", .bold)"] + missed(of: report)
        }
    }

    private static func failure(of report: DrillReport) -> [StyledText] {
        let lines = (report.failure ?? "").split(separator: "\n")
        let first: StyledText = "\("✗", .red) \("The drill failed:", .bold) \(String(lines.first ?? ""))"
        return [first] + lines.dropFirst().map { "  \(String($0))" }
    }

    private static func met(by report: DrillReport) -> String {
        let left = report.phases.filter { $0.skipped != nil }.count
        return left == 0 ? "Objectives met." : "Objectives met; \(Words.count(left, "part")) left out."
    }

    private static func missed(of report: DrillReport) -> [StyledText] {
        report.phases.flatMap { phase in
            phase.checks.filter { !$0.isMet }.map { check in
                "  \(phase.kind.title): \(check.objective.words) \(check.measuredInWords), objective \(check.limitInWords)"
            }
        }
    }
}

extension DrillReport.Phase.Kind {
    var title: String {
        switch self {
        case .setUp: "Set up"
        case .failover: "Failover"
        case .failForward: "Fail forward"
        case .switchOver: "Switch over"
        case .switchBack: "Switch back"
        }
    }
}

extension DrillReport.Phase {
    var title: String {
        switch kind {
        case .setUp: "\(kind.title): \(to) is primary"
        case .failover: "\(kind.title): \(from) is lost, \(to) takes over"
        case .failForward: "\(kind.title): the region returns, and follows \(to)"
        case .switchOver, .switchBack: "\(kind.title): \(from) → \(to), planned"
        }
    }
}

extension DrillReport.Check {
    var measuredInWords: String { words(for: measured) }
    var limitInWords: String { words(for: limit) }

    private func words(for value: Int64) -> String {
        switch objective {
        case .recordsLost: Words.count(value, "record")
        case .recoveryTime, .age: value < 100 ? "\(value) ms" : Words.span(milliseconds: value)
        }
    }
}

extension DrillReport.Check.Objective {
    fileprivate var words: String {
        switch self {
        case .recoveryTime: "RTO"
        case .recordsLost: "RPO"
        case .age: "RPO (age)"
        }
    }
}
