package import Domain
package import Execution
import Planning

/// Past runs, for people and as JSON.
package enum RunsText {
    /// Runs, a line each, in the order given.
    package static func list(_ runs: [RunRecord], terminal: Terminal = .plain) -> String {
        guard !runs.isEmpty else { return terminal.render(["There are no runs yet."]) }
        var columns = Columns(indent: 0)
        for run in runs {
            columns.add(
                StyledText(run.header.id), StyledText(run.header.startedAt.words), run.verdict,
                StyledText(run.header.approver ?? "–"), StyledText(run.summary ?? ""))
        }
        return terminal.render(columns.lines)
    }

    /// Whose run it is: `apply on runner-7 (process 4711), since 2026-11-30 21:00:00 UTC, approved by ana`.
    package static func owner(_ header: RunHeader) -> String {
        let approver = header.approver.map { ", approved by \($0)" } ?? ""
        return "\(header.command) on \(header.host) (process \(String(header.process))), "
            + "since \(header.startedAt.words)\(approver)"
    }

    /// One run with its steps.
    ///
    /// - Parameter moves: What the ledger remembers of moves, by family.
    package static func show(
        _ run: RunRecord, _ moves: [String: RecordedMoves] = [:], terminal: Terminal = .plain
    ) -> String {
        let header = run.header
        var columns = Columns(indent: 2)
        columns.add("result", run.verdict)
        columns.add("started", StyledText(header.startedAt.words))
        if let end = run.endedAt {
            let span = Words.span(milliseconds: end.milliseconds.minus(header.startedAt.milliseconds))
            columns.add("ended", "\(end.words), after \(span)")
        }
        columns.add("command", StyledText(header.command))
        columns.add("ran on", "\(header.host), process \(String(header.process))")
        if let approver = header.approver { columns.add("approved by", StyledText(approver)) }
        if let reference = header.reference { columns.add("reference", StyledText(reference)) }
        if let revision = header.revision { columns.add("revision", StyledText(revision)) }
        columns.add("plan", StyledText(header.planDigest))
        if let summary = run.summary { columns.add("summary", StyledText(summary)) }
        var lines = ["\("run", .dim) \(header.id, .bold)"] + columns.lines
        lines += words(ofMovesOf: run, moves)
        if !run.steps.isEmpty {
            var steps = Columns(indent: 4)
            for step in run.steps {
                steps.add(
                    step.mark, StyledText(step.id.description), "\(step.offset(from: header.startedAt), .dim)",
                    StyledText(step.duration), step.verdict)
            }
            lines += ["", "  \(Words.count(run.steps.count, "step")): when it began, how long it took"] + steps.lines
        }
        return terminal.render(lines)
    }

    /// What became of changes of primary in a run.
    private static func words(ofMovesOf run: RunRecord, _ moves: [String: RecordedMoves]) -> [StyledText] {
        let times = MoveTimes(run)
        let given = run.divergences(in: moves)
        guard !times.served.isEmpty || !given.isEmpty else { return [] }
        func after(_ moment: Timestamp) -> String {
            "\(Words.span(milliseconds: moment.milliseconds.minus(run.header.startedAt.milliseconds))) after the start"
        }
        var columns = Columns(indent: 2)
        for served in times.served {
            columns.add("primary changed", "\(served.family), \(after(served.at)), \(served.at.words)")
        }
        let made = times.made(of: moves)
        let stores = Words.count(times.stores.planned, "store")
        if let moved = times.clientsMovedAt {
            columns.add("clients moved", "\(after(moved)), \(moved.words), \(stores) published")
            for move in made {
                guard let contact = move.lastContact else { continue }
                let span = Words.span(milliseconds: moved.milliseconds.minus(contact.milliseconds))
                columns.add("", "\(span) after \(move.from) last answered, \(contact.words)")
            }
        } else if times.stores.planned > 0 {
            columns.add(
                "clients moved", "\("✗", .red) not all: \(Words.number(times.stores.published)) of \(stores) published")
        }
        for (token, divergence) in given {
            columns.add("given up", "by the consent \(token): \(divergence?.words ?? "an unknown number of records")")
        }
        return [""] + columns.lines
    }

    /// Runs as a JSON array.
    package static func listJSON(_ runs: [RunRecord]) -> String {
        JSONText.pretty(runs.map { RunForm($0, withSteps: false) })
    }

    /// One run with its steps as JSON.
    ///
    /// - Parameter moves: What the ledger remembers of moves, by family.
    package static func showJSON(_ run: RunRecord, _ moves: [String: RecordedMoves] = [:]) -> String {
        JSONText.pretty(RunForm(run, moves, withSteps: true))
    }

    private struct RunForm: Encodable {
        let id: String
        let startedAt: RFC3339
        let endedAt: RFC3339?
        let exitCode: Int?
        let command: String
        let host: String
        let process: Int32
        let planDigest: String
        let approver: String?
        let reference: String?
        let revision: String?
        let summary: String?
        let moves: [MoveTimesForm.Served]?
        let clientsMovedAt: RFC3339?
        let clientsMovedAfterMilliseconds: Int64?
        let clientsMovedAfterLastContactMilliseconds: Int64?
        let givenUp: [GivenUpForm]?
        let steps: [StepForm]?

        init(_ run: RunRecord, _ moves: [String: RecordedMoves] = [:], withSteps: Bool) {
            id = run.header.id
            startedAt = RFC3339(wrappedValue: run.header.startedAt)
            endedAt = run.endedAt.map(RFC3339.init)
            exitCode = run.exitCode
            command = run.header.command
            host = run.header.host
            process = run.header.process
            planDigest = run.header.planDigest
            approver = run.header.approver
            reference = run.header.reference
            revision = run.header.revision
            summary = run.summary
            let all = MoveTimes(run)
            let times = withSteps ? MoveTimesForm(all, since: run.header.startedAt) : nil
            let contact = withSteps ? all.made(of: moves).compactMap(\.lastContact).min() : nil
            clientsMovedAfterLastContactMilliseconds = contact.flatMap { contact in
                all.clientsMovedAt.map { $0.milliseconds.minus(contact.milliseconds) }
            }
            let given = withSteps ? run.divergences(in: moves) : []
            givenUp = given.isEmpty ? nil : given.map { GivenUpForm(token: $0.token, divergence: $0.divergence) }
            self.moves = times?.moves
            clientsMovedAt = times?.clientsMovedAt
            clientsMovedAfterMilliseconds = times?.clientsMovedAfterMilliseconds
            steps = withSteps ? run.steps.map(StepForm.init) : nil
        }
    }

    private struct GivenUpForm: Encodable {
        let token: String
        let records: Int64?
        let isLowerBound: Bool?

        init(token: String, divergence: RecordedMoves.Divergence?) {
            self.token = token
            records = divergence?.records
            isLowerBound = divergence?.isLowerBound
        }
    }

    private struct StepForm: Encodable {
        let id: Step.ID
        let intendedAt: RFC3339
        let endedAt: RFC3339?
        let result: String?
        let message: String?

        init(_ step: RunRecord.StepRecord) {
            id = step.id
            intendedAt = RFC3339(wrappedValue: step.intendedAt)
            endedAt = step.endedAt.map(RFC3339.init)
            result = step.result
            message = step.message
        }
    }
}

extension RunRecord {
    /// Consents to destroy copies that this run used, with what was measured to be lost by each.
    fileprivate func divergences(
        in moves: [String: RecordedMoves]
    ) -> [(token: String, divergence: RecordedMoves.Divergence?)] {
        let used = Set(steps.filter { $0.result == "succeeded" }.map(\.id.description))
        return moves.sorted { $0.key < $1.key }.flatMap { family, moves in
            moves.discarded.sorted().filter { token in
                let member = token.prefix { $0 != "@" }
                return used.contains(
                    "\(Milestone.confirmed(member: String(member)).address(of: family))#consent-\(token)")
            }.map { ($0, moves.divergences?[$0]) }
        }
    }

    fileprivate var verdict: StyledText {
        switch exitCode {
        case nil: "\("…", .yellow) unfinished: running, or killed"
        case 0: "\("✓", .green) exit 0"
        case let code?: "\("✗", .red) exit \(String(code))"
        }
    }
}

extension RunRecord.StepRecord {
    /// When it began after the run: `+1.2 s`.
    fileprivate func offset(from start: Timestamp) -> String {
        "+\(Words.span(milliseconds: intendedAt.milliseconds.minus(start.milliseconds)))"
    }

    /// How long it took; nothing when it has not ended.
    fileprivate var duration: String {
        endedAt.map { Words.span(milliseconds: $0.milliseconds.minus(intendedAt.milliseconds)) } ?? "–"
    }

    fileprivate var mark: StyledText {
        switch result {
        case "succeeded": StyledText("✓", .green)
        case "failed": StyledText("✗", .red)
        case nil: StyledText("?", .yellow)
        default: StyledText("·", .dim)
        }
    }

    fileprivate var verdict: StyledText {
        guard let result else { return "outcome not known: the run was killed; the next plan looks" }
        return message.map { "\(result): \($0)" } ?? StyledText(result)
    }
}
