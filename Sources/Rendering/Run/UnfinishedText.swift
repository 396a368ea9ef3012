import Domain
package import Planning

/// What an apply leaves although nothing failed, and what comes next.
package enum UnfinishedText {
    /// What a plan that was made afterwards says, ended by a line break.
    package static func render(_ plan: Plan, terminal: Terminal = .plain) -> String {
        var lines: [StyledText] = [StyledText("Not finished", .bold)]
        if plan.hasSteps {
            lines.append("  \("·", .dim) \(Words.count(plan.steps.count, "step")) to do: the live systems differ still")
        }
        for group in plan.groups {
            if !group.isProtected { lines.append("  \("·", .dim) \(group.name) is \("NOT PROTECTED", .red)") }
            for finding in group.findings.prefix(5) { lines.append("      \("!", .yellow) \(finding)") }
            if let open = group.standing?.open {
                lines.append("  \("·", .dim) the move of \(group.name) from \(open.from) to \(open.to) has not ended")
            }
            if !group.left.isEmpty {
                lines.append("  \("·", .dim) left behind by a move of \(group.name): \(Words.few(group.left))")
            }
            for (topic, status) in group.stuck.sorted(by: { $0.key < $1.key }).prefix(5) {
                lines.append(
                    "      \("!", .yellow) its mirror of \(topic) on \(group.primary) is \(status.description): no apply brings it so"
                )
            }
        }
        for note in plan.notes.inOrder where note.isOfGates {
            lines.append("  \("·", .dim) \(note.subject.map { "\($0): " } ?? "")\(note.sentence)")
        }
        for site in plan.sites where site.answer == .silent && !site.isExcused {
            lines.append("  \("·", .dim) \(site.name) (\(site.kind.words)) was not seen: \(site.silence ?? "")")
            if let remedy = site.remedy { lines.append("      \(remedy)") }
        }
        lines.append("Next: \(next(plan, NextCommand(terminal)), .bold)")
        return terminal.render(lines)
    }

    /// What comes next after a plan that was carried out, as far as it could be; ended by a line break.
    package static func next(after plan: Plan, terminal: Terminal = .plain) -> String {
        var rest = plan
        rest.steps = []
        return terminal.render(["Next: \(next(rest, NextCommand(terminal)), .bold)"])
    }

    /// What comes next after a move that was taken back; ended by a line break.
    package static func next(afterTakingBack plan: Plan, terminal: Terminal = .plain) -> String {
        let sides = plan.moves.map { "`primary: \($0.from)`" }
        let back = sides.isEmpty ? "" : "; or put back \(Words.list(Set(sides).sorted()))"
        let command = NextCommand(terminal).apply(after: plan)
        return terminal.render(["Next, once what stopped it is solved: \(command, .bold)\(back)"])
    }

    /// The next command to type, or the edit before it.
    private static func next(_ plan: Plan, _ command: NextCommand) -> String {
        let apply = command.apply(after: plan)
        if plan.hasSteps { return apply }
        if !plan.refusals.isEmpty {
            return "\(command.plan(after: plan)), which says what is refused and the way out"
        }
        if !plan.decisions.isEmpty { return "commit the decision that the plan asks for, then: \(apply)" }
        if !plan.deferred.isEmpty { return "\(apply), once what it waits for is there" }
        if plan.groups.contains(where: { !$0.stuck.isEmpty && $0.standing?.open == nil }) {
            return "mend by hand the mirrors that are said above; then: \(apply)"
        }
        let isLeft = plan.groups.contains { !$0.left.isEmpty && $0.standing?.open == nil }
        if isLeft, plan.notes.contains(where: \.isOfGates) {
            return "solve what is said above to keep it; then: \(apply)"
        }
        if isLeft { return "\(apply), which brings what was left behind as soon as nothing keeps it" }
        let gaps = plan.groups.filter { !$0.isProtected }.flatMap(\.gaps)
        if !gaps.isEmpty, gaps.allSatisfy(\.needsHands) { return "do by hand what is said above; then: \(apply)" }
        return "\(command.invocation.command("status")), until nothing is missing; then: \(apply)"
    }
}

extension Plan.Site {
    /// What helps when waiting does not.
    var remedy: String? {
        let field = kind == .store ? "the credentials of its connection" : "its credentials"
        switch state {
        case .denied: return "repair \(field) in the manifests, or the rights they have; it does not pass by itself"
        case .wrong, .stranger:
            return "correct its id, endpoint or certificate in the manifests; it does not pass by itself"
        case .withoutCredentials: return "provide the secret that its manifest names; it does not pass by itself"
        case .reachable, .unreachable, .broken, .throttled, .beingMade, .absent, .unmanaged: return nil
        }
    }
}

extension Plan.Note {
    /// Whether gates of a move keep what it left behind.
    fileprivate var isOfGates: Bool {
        if case .leftBehind(_, _, .gates) = reason { true } else { false }
    }
}
