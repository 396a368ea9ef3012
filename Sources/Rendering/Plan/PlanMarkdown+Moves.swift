import Domain
import Planning

/// Changes of primary, and what waits for somebody's consent.
extension PlanMarkdown {
    static func addMoves(of plan: Plan, to text: inout BoundedText) {
        for (number, move) in plan.moves.enumerated() {
            var part = BoundedText(limit: 8_000)
            add(move, of: plan, to: &part)
            guard text.add("\n" + part.text.dropLast()) else {
                text.add("\n… and \(Words.count(plan.moves.count - number, "move")) more")
                return
            }
        }
    }

    private static func add(_ move: Plan.Move, of plan: Plan, to text: inout BoundedText) {
        text.add("**\(Markdown.prose(move.title))** (epoch \(move.epoch))")
        text.add("")
        text.add("| | |")
        text.add("|---|---|")
        for fact in move.facts(isSourceSilent: plan.isLeavingSilence(move)) {
            text.add("| \(fact.label) | \(fact.lines.map(Markdown.prose).joined(separator: "<br>")) |")
        }
        text.add("")
        text.add(
            move.warnings.map { "- ⚠ \(Markdown.prose($0))" }, share: 2_000,
            missing: { "- … and \(Words.count($0, "warning")) more" })
        if !move.warnings.isEmpty { text.add("") }
        let outline = MoveOutline(move, in: plan)
        var isBehind = !outline.passesPoint
        if isBehind, move.isContinued { text.add("- *the point of no return was passed by an earlier run*") }
        for (number, phase) in outline.phases.enumerated() {
            if !isBehind, !phase.part.isBeforePoint {
                text.add("- **point of no return**: behind this line there is only forward")
                isBehind = true
            }
            let steps = MoveOutline.lines(of: phase, expand: false).map(Markdown.prose).joined(separator: " · ")
            text.add("- **\(number + 1) \(Markdown.prose(phase.part.title(of: move)))**: \(steps)")
        }
        for sentence in move.followedBy { text.add("- later: \(Markdown.prose(sentence))") }
    }

    static func addDecisions(of plan: Plan, _ invocation: Invocation, to text: inout BoundedText) {
        guard !plan.decisions.isEmpty else { return }
        text.add("")
        text.add("**\(DecisionWords.heading):**")
        text.add("")
        let items = plan.decisions.map { decision in
            "- \(Markdown.code(decision.group)) on \(Markdown.code(decision.member)): "
                + "\(Markdown.prose(decision.message))<br>costs: \(Markdown.prose(decision.cost))<br>"
                + "way out: \(Markdown.prose(invocation.completing(decision.wayOut)))"
        }
        text.add(items, share: 6_000, missing: { "- … and \(Words.count($0, "decision")) more" })
    }
}
