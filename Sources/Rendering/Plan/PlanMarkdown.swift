import Domain
package import Planning

/// A plan as a comment on a pull request: at most 60,000 characters (GitHub takes 65,536), counts kept when lists are
/// cut, and everything that users and servers wrote made harmless.
package enum PlanMarkdown {
    private static let limit = 60_000

    /// The comment. Its first line is a marker by which an earlier one is found and replaced.
    ///
    /// - Parameter invocation: How whoever asked for it called.
    package static func render(_ plan: Plan, for invocation: Invocation = .bare) -> String {
        var text = BoundedText(limit: limit)
        text.add("<!-- spillway:plan:\(marker(plan.workspace)) -->")
        text.add("**Spillway** · \(Markdown.code(plan.workspace)) · \(plan.summaryLine)")
        addSites(of: plan, to: &text)
        addGroups(of: plan, to: &text)
        addRefusals(of: plan, invocation, to: &text)
        addMoves(of: plan, to: &text)
        addChanges(of: plan, to: &text)
        addDeferred(of: plan, invocation, to: &text)
        addDecisions(of: plan, invocation, to: &text)
        addNotes(of: plan, to: &text)
        addDetails(of: plan, to: &text)
        return text.text
    }

    /// The name in a comment of HTML, which nothing in it may end.
    private static func marker(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.filter { $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0) }
            ))
    }

    private static func addSites(of plan: Plan, to text: inout BoundedText) {
        let silent = plan.sites.filter { $0.answer == .silent }
        let answered = plan.sites.filter { $0.answer == .answered }.count
        text.add("")
        text.add(
            "Observed \(plan.observedAt.words): \(answered) of \(Words.count(plan.sites.count, "endpoint")) answered"
                + " in \(Words.span(milliseconds: plan.observedInMilliseconds)).")
        guard !silent.isEmpty else { return }
        text.add("")
        text.add(
            silent.map {
                "- ✗ \(Markdown.code($0.name)) (\($0.kind.words)): \(Markdown.prose($0.silence ?? ""))"
            }, share: 4_000, missing: { "- … and \(Words.count($0, "endpoint")) more that did not answer" })
    }

    private static func addGroups(of plan: Plan, to text: inout BoundedText) {
        guard !plan.groups.isEmpty else { return }
        text.add("")
        text.add("| group | primary | standby | topics | protected now |")
        text.add("|---|---|---|---|---|")
        let rows = plan.groups.map { group in
            let others = group.standbys.map(Markdown.code).joined(separator: ", ")
            var verdict = group.isProtected ? "✓ yes" : "✗ **NOT PROTECTED**"
            if let known = group.lastKnown { verdict += ": \(known.words)" }
            if let next = group.lastKnown?.succession {
                verdict +=
                    "<br>to go on without \(next.from): `primary: \(next.to)` and "
                    + "`failover: {from: \(next.from), incident: NUMBER}`"
            }
            for finding in group.findings.prefix(5) { verdict += "<br>\(Markdown.prose(finding))" }
            if group.findings.count > 5 { verdict += "<br>… and \(Words.number(group.findings.count - 5)) more" }
            return "| \(Markdown.code(group.name)) | \(primary(of: group)) | \(others) | "
                + "\(Words.number(group.topics)) | \(verdict) |"
        }
        text.add(rows, share: 8_000, missing: { "\n… and \(Words.count($0, "group")) more" })
    }

    private static func primary(of group: Plan.GroupState) -> String {
        guard let holder = group.standing?.holder, holder != group.primary else { return Markdown.code(group.primary) }
        return "\(Markdown.code(holder)) → \(Markdown.code(group.primary))"
    }

    private static func addRefusals(of plan: Plan, _ invocation: Invocation, to text: inout BoundedText) {
        guard !plan.refusals.isEmpty else { return }
        text.add("")
        text.add("**\(plan.refusalHeading):**")
        text.add("")
        let items = plan.refusals.inOrder.map { refusal in
            let origin = refusal.origin.map { " (\(Markdown.code($0.words)))" } ?? ""
            return "- ✗ \(Markdown.code(refusal.subject))\(origin): \(Markdown.prose(refusal.message))<br>"
                + "way out: \(Markdown.prose(invocation.completing(refusal.wayOut)))"
        }
        text.add(items, share: 10_000, missing: { "- … and \($0) more refused" })
    }

    private static func addChanges(of plan: Plan, to text: inout BoundedText) {
        guard !plan.changesBesideMoves.isEmpty else { return }
        text.add("")
        text.add("| | what | where | |")
        text.add("|---|---|---|---|")
        let sections = PlaceSection.sections(of: plan.changesBesideMoves, expand: false)
        let rows = sections.flatMap { section in section.folds.map { row(of: $0, at: section.location) } }
        text.add(rows, share: 12_000, missing: { "\n… and \(Words.count($0, "row")) more" })
    }

    private static func row(of fold: ChangeFold, at location: String) -> String {
        let subject: String
        if fold.changes.count == 1, let change = fold.changes.first {
            subject = "\(fold.noun) \(Markdown.code(change.address.shortName))"
        } else {
            subject = "\(Words.number(fold.changes.count)) \(fold.noun)" + names(in: fold)
        }
        let limit = fold.effect == .adoptAndChange ? fold.commonDifferences.count : 6
        var details = fold.commonDifferences.prefix(limit).map { words(of: $0, fold.effect) }
        if fold.commonDifferences.count > limit {
            details.append("… and \(Words.count(fold.commonDifferences.count - limit, "field")) more")
        }
        if !fold.varyingFields.isEmpty {
            let fields = fold.varyingFields.prefix(6).map { Markdown.code($0.field) }
            details.append("not the same for all: \(fields.joined(separator: ", "))")
        }
        if let reason = fold.commonReason { details.append(Markdown.prose(reason)) }
        return
            "| \(mark(fold.effect)) | \(subject) | \(Markdown.prose(location)) | \(details.joined(separator: "<br>")) |"
    }

    /// The first few of those that are adopted and changed.
    private static func names(in fold: ChangeFold) -> String {
        guard fold.effect == .adoptAndChange else { return "" }
        return "<br>\(Markdown.prose(Words.few(fold.changes.map(\.address.shortName), limit: ChangeFold.limit)))"
    }

    private static func words(of difference: Change.FieldDifference, _ effect: Change.Effect) -> String {
        "\(Markdown.prose(difference.label)): \(Markdown.code(difference.words(isNew: effect == .create)))"
    }

    private static func mark(_ effect: Change.Effect) -> String { "<code>\(effect.symbol)</code>" }

    private static func addDeferred(of plan: Plan, _ invocation: Invocation, to text: inout BoundedText) {
        guard !plan.deferred.isEmpty else { return }
        text.add("")
        text.add("**Deferred** (\(Words.number(plan.deferred.count))): \(plan.deferredEnding).")
        text.add("")
        let items = DeferredSection.sections(of: plan.deferred, expand: false).map { section in
            let shown = section.lines.prefix(5).map { "\(mark($0.effect)) \(Markdown.prose($0.words))" }
            let more = section.lines.count > 5 ? " · … and \(Words.number(section.lines.count - 5)) more" : ""
            return
                "- waits for \(Markdown.prose(invocation.completing(section.waitsFor))): \(shown.joined(separator: " · "))\(more)"
        }
        text.add(items, share: 6_000, missing: { "- … and work that waits for \(Words.number($0)) other things" })
    }

    private static func addNotes(of plan: Plan, to text: inout BoundedText) {
        guard !plan.notes.isEmpty else { return }
        text.add("")
        let items = plan.notes.inOrder.map { note in
            "- \(note.subject.map { "\(Markdown.code($0)): " } ?? "")\(Markdown.prose(note.sentence))"
        }
        text.add(items, share: 6_000, missing: { "- … and \(Words.count($0, "note")) more" })
    }

    private static func addDetails(of plan: Plan, to text: inout BoundedText) {
        let changes = plan.changesBesideMoves
        guard !changes.isEmpty else { return }
        text.add("")
        text.add("<details><summary>every change (\(Words.number(changes.count)))</summary>")
        text.add("")
        let lines = changes.map { change in
            let fields = change.differences.map { words(of: $0, change.effect) }.joined(separator: "; ")
            let item = "- \(mark(change.effect)) \(Markdown.code(change.address.description))"
            return fields.isEmpty ? item : "\(item) — \(fields)"
        }
        text.add(lines, share: limit, missing: { "- … and \(Words.count($0, "change")) more: see the plan file" })
        text.add("")
        text.add("</details>")
    }
}
