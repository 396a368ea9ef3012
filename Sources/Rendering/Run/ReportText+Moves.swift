import Domain
import Execution
import Planning

/// What became of the changes of primary.
extension ReportText {
    func moves(of plan: Plan, _ report: RunReport) -> [StyledText] {
        Array(plan.moves.map { lines(of: $0, in: plan, report) }.joined(separator: [""]))
    }

    private func lines(of move: Plan.Move, in plan: Plan, _ report: RunReport) -> [StyledText] {
        var columns = Columns(indent: 2)
        let times = MoveTimes(report, of: [move.family], groups: Set(move.groups))
        if let served = times.served.first {
            columns.add("serves", "\("✓", .green) \(move.to, .bold), \(span(from: report, to: served.at))")
            for (number, line) in clients(of: move, in: plan, report, times).enumerated() {
                columns.add(number == 0 ? "clients" : "", line)
            }
            if let restarts = restarts(of: move, report) { columns.add("restarts", restarts) }
        } else {
            columns.add("serves", standstill(of: move, in: plan, report))
        }
        for (number, sentence) in move.followedBy.enumerated() {
            for (row, line) in StyledText.wrapped(sentence, width: terminal.room(indent: 11, usual: 100)).enumerated() {
                columns.add(number == 0 && row == 0 ? "to do" : "", line)
            }
        }
        return ["\("\(move.title) (epoch \(move.epoch))", .bold)"] + columns.lines
    }

    private func span(from report: RunReport, to moment: Timestamp) -> String {
        "\(Words.span(milliseconds: moment.milliseconds.minus(report.startedAt.milliseconds))) after the start"
    }

    private func clients(
        of move: Plan.Move, in plan: Plan, _ report: RunReport, _ times: MoveTimes
    ) -> [StyledText] {
        let late = plan.deferred.filter { $0.address.kind == .binding }.map(\.address.shortName)
        guard late.isEmpty else {
            return [
                "\("!", .yellow) \(Words.count(times.stores.published, "store")) published, not all clients are moved",
                "deferred: \(Words.few(late, limit: ChangeFold.limit))",
            ]
        }
        guard times.stores.planned > 0 else { return ["no binding had to be published"] }
        let stores = Words.count(times.stores.planned, "store")
        guard let moved = times.clientsMovedAt else {
            return [
                "\("✗", .red) not all moved: \(Words.number(times.stores.published)) of \(stores) published"
            ]
        }
        let when = "moved \(span(from: report, to: moved)), \(stores) published"
        var lines: [StyledText] =
            move.left.isEmpty
            ? ["\("✓", .green) \(when)"]
            : [
                "\("!", .yellow) \(when); not those of what stays behind on \(move.from):",
                StyledText(Words.few(move.left, limit: ChangeFold.limit)),
            ]
        if let objective = move.objectives.recoveryTime {
            let isMet = moved.milliseconds.minus(report.startedAt.milliseconds) <= objective.wholeMilliseconds
            let limit = Words.span(milliseconds: objective.wholeMilliseconds)
            lines.append(
                isMet
                    ? "\("✓", .green) within the objective of \(limit)"
                    : "\("✗", .red) beyond the objective of \(limit)")
        }
        if plan.isLeavingSilence(move), let contact = move.lag?.asOf {
            let span = Words.span(milliseconds: moved.milliseconds.minus(contact.milliseconds))
            lines.append("\(span) after the last known contact with \(move.from) (\(contact.words))")
        }
        return lines
    }

    private func restarts(of move: Plan.Move, _ report: RunReport) -> StyledText? {
        let hooks = report.outcomes.filter { outcome in
            guard case .hook(.runHook(let call)) = outcome.step.action else { return false }
            return call.group.map(move.groups.contains) ?? false
        }
        guard !hooks.isEmpty else { return nil }
        let done = hooks.filter { $0.result == .succeeded }.count
        guard done < hooks.count else { return "\("✓", .green) \(Words.count(done, "hook")) run" }
        return "\("✗", .red) \(Words.number(done)) of \(Words.count(hooks.count, "hook")) run"
    }

    /// Where a move stands that did not come to its end.
    private func standstill(of move: Plan.Move, in plan: Plan, _ report: RunReport) -> StyledText {
        let isPast = report.outcomes.contains { outcome in
            guard outcome.result == .succeeded, case .move(move.family, .past) = outcome.step.ledger else {
                return false
            }
            return true
        }
        guard isPast || !MoveOutline(move, in: plan).passesPoint else {
            return "\("!", .yellow) \(move.from) still: the point of no return was not passed"
        }
        return """
            \("✗", .red) undecided between \(move.from) and \(move.to): the point of no return is passed, clients \
            are not moved yet
            """
    }
}
