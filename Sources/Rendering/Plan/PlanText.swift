package import Diagnostics
import Domain
package import Planning

/// A plan as a person reads it.
package struct PlanText: Sendable {
    /// Whether every change is shown by itself, however many are alike.
    package var expand: Bool
    /// Where in the manifests the origins of refusals stand, as far as that is known.
    package var places: [ManifestOrigin: SourceSpan]
    /// How the text is written.
    package var terminal: Terminal

    /// A way to write plans.
    ///
    /// - Parameters:
    ///   - terminal: With colour or without.
    ///   - expand: Whether every change is shown by itself.
    ///   - places: Where the origins of refusals stand; a saved plan is shown without.
    package init(terminal: Terminal = .plain, expand: Bool = false, places: [ManifestOrigin: SourceSpan] = [:]) {
        self.terminal = terminal
        self.expand = expand
        self.places = places
    }

    /// The whole plan, ended by a line break.
    package func render(_ plan: Plan) -> String {
        let blocks = [
            head(of: plan), sites(of: plan), groups(of: plan), moves(of: plan), changes(of: plan), deferred(of: plan),
            decisions(of: plan), legend(of: plan), notes(of: plan), refusals(of: plan),
            [StyledText(plan.summaryLine, .bold)],
        ]
        return terminal.render(Array(blocks.filter { !$0.isEmpty }.joined(separator: [""])))
    }

    /// The last line alone.
    package func summary(of plan: Plan) -> String {
        plan.summaryLine
    }
}

extension PlanText {
    private func head(of plan: Plan) -> [StyledText] {
        let endpoints = Words.count(plan.sites.count, "endpoint")
        let span = Words.span(milliseconds: plan.observedInMilliseconds)
        var line: StyledText = "\("Spillway plan", .bold) · workspace \(plan.workspace, .bold)"
        line = line + " · observed \(endpoints) in \(span), \(plan.observedAt.words)"
        if !plan.flags.isEmpty { line = line + " · \(plan.flags.joined(separator: " "))" }
        return [line]
    }

    private func sites(of plan: Plan) -> [StyledText] {
        var columns = Columns(indent: 2)
        for (kind, sites) in plan.sites.grouped(by: \.kind) {
            let answered = sites.filter { $0.answer == .answered }
            let folds = !expand && answered.count > ChangeFold.limit
            if folds {
                columns.add(
                    "\(Words.number(answered.count)) endpoints", StyledText(kind.words), "\("✓", .green) reachable")
            }
            for site in sites where !(folds && site.answer == .answered) {
                columns.add(StyledText(site.name), StyledText(kind.words), site.verdict)
            }
        }
        return columns.lines + remedies(of: plan)
    }

    /// What helps endpoints that do not come back by themselves.
    private func remedies(of plan: Plan) -> [StyledText] {
        plan.sites.compactMap { site in
            site.remedy.map { "    \("→", .yellow) \(site.name) (\(site.kind.words)): \($0)" }
        }
    }

    private func groups(of plan: Plan) -> [StyledText] {
        Array(plan.groups.map(lines).joined(separator: [""]))
    }

    private func lines(of group: Plan.GroupState) -> [StyledText] {
        let others = group.standbys
        var columns = Columns(indent: 2)
        columns.add("primary", group.primaryWords)
        if !others.isEmpty { columns.add("standby", StyledText(Words.list(others))) }
        columns.add("topics", StyledText(Words.number(group.topics)))
        columns.add("protected now", group.protection)
        let heading: StyledText = "\("FailoverGroup", .dim) \(group.name, .bold)"
        var lines = [heading] + columns.lines
        for finding in group.findings { lines.append("    \("!", .yellow) \(finding)") }
        lines += group.lastKnown?.succession?.lines(terminal) ?? []
        return lines
    }

    private func deferred(of plan: Plan) -> [StyledText] {
        guard !plan.deferred.isEmpty else { return [] }
        var lines = [StyledText(plan.deferredHeading, .bold)]
        for section in DeferredSection.sections(of: plan.deferred, expand: expand) {
            lines.append("  waits for \(terminal.invocation.completing(section.waitsFor))")
            for line in section.lines { lines.append("    \("⊘", .dim) \(line.effect.mark) \(line.words)") }
        }
        return lines
    }

    private func refusals(of plan: Plan) -> [StyledText] {
        guard !plan.refusals.isEmpty else { return [] }
        var lines = [StyledText(plan.refusalHeading, .bold)]
        for refusal in plan.refusals.inOrder {
            lines.append("  \("✗", .red) \(refusal.subject, .bold)  (\(refusal.gate.words))")
            lines += StyledText.wrapped(refusal.message, width: terminal.room(indent: 6, usual: 100)).map {
                $0.indented(6)
            }
            if let place = place(of: refusal) { lines.append("      at       \(place)") }
            lines.append("      way out  \(terminal.invocation.completing(refusal.wayOut))")
        }
        return lines
    }

    private func place(of refusal: Refusal) -> String? {
        guard let origin = refusal.origin else { return nil }
        guard let span = places[origin] else { return origin.words }
        return "\(span) (\(origin.words))"
    }

    private func notes(of plan: Plan) -> [StyledText] {
        guard !plan.notes.isEmpty else { return [] }
        var lines = [StyledText("Notes", .bold)]
        for note in plan.notes.inOrder {
            let subject = note.subject.map { "\($0): " } ?? ""
            lines.append("  · \(subject)\(note.sentence)")
        }
        return lines
    }

    private func legend(of plan: Plan) -> [StyledText] {
        let effects = Set(plan.changesBesideMoves.map(\.effect) + plan.deferred.map(\.effect))
        guard !effects.isEmpty else { return [] }
        var entries = Change.Effect.allCases.filter(effects.contains).map { effect -> StyledText in
            "\(effect.symbol, effect.style) \(effect.meaning)"
        }
        if !plan.deferred.isEmpty { entries.append("\("⊘", .dim) deferred") }
        var lines: [StyledText] = ["Symbols:"]
        for entry in entries {
            let last = lines.removeLast()
            lines +=
                last.width + 2 + entry.width > terminal.room(indent: 0, usual: 100)
                ? [last, entry.indented(10)] : [last + "  " + entry]
        }
        return lines
    }
}

extension Plan.GroupState {
    /// Members that do not hold what clients use.
    var standbys: [String] {
        let holder = standing?.holder ?? primary
        return members.filter { $0 != holder }
    }

    /// The primary; while it is to change, who holds the data now and who shall.
    var primaryWords: StyledText {
        guard let holder = standing?.holder, holder != primary else { return StyledText(primary, .bold) }
        return "\("\(holder) → \(primary)", .bold)"
    }

    /// Whether the group is protected, in words that stand without colour.
    var protection: StyledText {
        ProtectionWords.words(isProtected, lastKnown: lastKnown?.words)
    }
}

extension ManifestOrigin {
    /// The field in words: `Topic orders, spec.partitions`.
    var words: String { "\(kind) \(name), \(field)" }
}
