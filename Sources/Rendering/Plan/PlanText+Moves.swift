import Domain
import Planning

/// Changes of primary, and what waits for somebody's consent.
extension PlanText {
    private static let width = 100

    func moves(of plan: Plan) -> [StyledText] {
        Array(plan.moves.map { lines(of: $0, in: plan) }.joined(separator: [""]))
    }

    private func lines(of move: Plan.Move, in plan: Plan) -> [StyledText] {
        var lines: [StyledText] = ["\("\(move.title) (epoch \(move.epoch))", .bold)"]
        var columns = Columns(indent: 2)
        for fact in move.facts(isSourceSilent: plan.isLeavingSilence(move)) {
            for (number, line) in fact.lines.enumerated() {
                columns.add(number == 0 ? StyledText(fact.label) : "", StyledText(line))
            }
        }
        lines += columns.lines
        for warning in move.warnings {
            let parts = StyledText.wrapped(warning, width: terminal.room(indent: 6, usual: Self.width))
            lines += parts.enumerated().map { $0 == 0 ? "    \("!", .yellow) \($1)" : $1.indented(6) }
        }
        return lines + [""] + steps(of: move, in: plan) + later(move)
    }

    private func steps(of move: Plan.Move, in plan: Plan) -> [StyledText] {
        let outline = MoveOutline(move, in: plan)
        var lines: [StyledText] = []
        var isBehind = !outline.passesPoint
        if isBehind, move.isContinued {
            lines.append("  \("── the point of no return was passed by an earlier run", .dim)")
        }
        for (number, phase) in outline.phases.enumerated() {
            if !isBehind, !phase.part.isBeforePoint {
                lines.append("  \("── point of no return: behind this line there is only forward", .red)")
                isBehind = true
            }
            lines.append("  \(Words.number(number + 1))  \(phase.part.title(of: move), .bold)")
            lines += MoveOutline.lines(of: phase, expand: expand).map { StyledText($0).indented(5) }
        }
        return lines
    }

    private func later(_ move: Plan.Move) -> [StyledText] {
        guard !move.followedBy.isEmpty else { return [] }
        var columns = Columns(indent: 2)
        for (number, sentence) in move.followedBy.enumerated() {
            for (row, line) in StyledText.wrapped(sentence, width: terminal.room(indent: 9, usual: Self.width))
                .enumerated()
            {
                columns.add(number == 0 && row == 0 ? "later" : "", line)
            }
        }
        return columns.lines
    }

    func decisions(of plan: Plan) -> [StyledText] {
        DecisionWords.lines(of: plan.decisions, expand: expand, terminal)
    }
}

/// Decisions as people read them.
enum DecisionWords {
    private static let width = 100
    static let heading = "Needs a decision: never runs by itself, somebody has to commit the edit"

    static func lines(of decisions: [NeededDecision], expand: Bool, _ terminal: Terminal) -> [StyledText] {
        guard !decisions.isEmpty else { return [] }
        var lines = [StyledText(heading, .bold)]
        for decision in decisions {
            lines.append("  \("?", .yellow) \(decision.group, .bold) on \(decision.member, .bold)")
            lines += StyledText.wrapped(decision.message, width: terminal.room(indent: 6, usual: width)).map {
                $0.indented(6)
            }
            var columns = Columns(indent: 6)
            let topics = expand ? Words.list(decision.topics) : Words.few(decision.topics, limit: ChangeFold.limit)
            columns.add("topics", StyledText(topics))
            columns.add("costs", StyledText(decision.cost))
            columns.add("way out", StyledText(terminal.invocation.completing(decision.wayOut)))
            lines += columns.lines
        }
        return lines
    }
}
