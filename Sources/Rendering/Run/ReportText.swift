import Domain
package import Execution
package import Planning

/// How an apply ended, for people: what failed and why, what was left out because of it, what to do next, and counts.
package struct ReportText: Sendable {
    private static let shownFailures = 20

    /// What the steps were run for.
    package enum Occasion: Hashable, Sendable {
        /// What the manifests say.
        case applying
        /// A move that did not come to its point of no return, and is taken back next.
        case toBeTakenBack
        /// Taking such a move back.
        case takingBack
    }

    let terminal: Terminal
    private let occasion: Occasion

    package init(terminal: Terminal = .plain, occasion: Occasion = .applying) {
        self.terminal = terminal
        self.occasion = occasion
    }

    /// The whole report, ended by a line break.
    package func render(_ report: RunReport, of plan: Plan) -> String {
        let blocks = [
            failures(of: report), interruption(of: report), remaining(of: plan, report),
            DecisionWords.lines(of: plan.decisions, expand: false, terminal), advice(on: report, plan),
            moves(of: plan, report), [StyledText(summary(of: report, plan), .bold)],
        ]
        return terminal.render(Array(blocks.filter { !$0.isEmpty }.joined(separator: [""])))
    }

    /// The last line: `Apply complete: 12 added, 1 changed, 0 destroyed.`
    package func summary(of report: RunReport, _ plan: Plan) -> String {
        let done = AppliedCounts(plan, report)
        var more: [String] = []
        if done.adopted > 0 { more.append("\(Words.number(done.adopted)) adopted") }
        if done.released > 0 { more.append("\(Words.number(done.released)) released") }
        if !report.failures.isEmpty { more.append("\(Words.count(report.failures.count, "step")) failed") }
        if !report.skipped.isEmpty { more.append("\(Words.number(report.skipped.count)) skipped") }
        if !report.open.isEmpty { more.append("\(Words.number(report.open.count)) open") }
        if !report.notRun.isEmpty { more.append("\(Words.number(report.notRun.count)) not run") }
        if !plan.deferred.isEmpty { more.append("\(Words.number(plan.deferred.count)) deferred") }
        if !plan.decisions.isEmpty { more.append(Words.count(plan.decisions.count, "decision")) }
        let counts =
            "\(Words.number(done.added)) added, \(Words.number(done.changed)) changed, "
            + "\(Words.number(done.destroyed)) destroyed"
        let span = Words.span(milliseconds: report.endedAt.milliseconds.minus(report.startedAt.milliseconds))
        return "\(heading(of: report)): \(counts)\(more.isEmpty ? "" : "; \(more.joined(separator: ", "))") (\(span))."
    }

    private func heading(of report: RunReport) -> String {
        let what = occasion == .takingBack ? "Taking back" : "Apply"
        if report.journalFailure != nil { return "\(what) stopped" }
        if report.isCut { return "\(what) interrupted" }
        guard report.failures.isEmpty else { return "\(what) incomplete" }
        return occasion == .takingBack ? "Taken back" : "Apply complete"
    }

    private func failures(of report: RunReport) -> [StyledText] {
        guard !report.failures.isEmpty else { return [] }
        let skips = report.skipped.grouped { outcome -> Step.ID? in
            if case .skipped(let root) = outcome.result { root } else { nil }
        }
        let skipsByRoot = Dictionary(uniqueKeysWithValues: skips.map { ($0.key, $0.elements) })
        var lines = [StyledText("Failed", .bold)]
        for outcome in report.failures.prefix(Self.shownFailures) {
            guard case .failed(let failure) = outcome.result else { continue }
            lines.append("  \("✗", .red) \(outcome.step.words)")
            lines += StyledText.wrapped(failure.message, width: terminal.room(indent: 6, usual: 100)).map {
                $0.indented(6)
            }
            lines.append("      \(failure.kind.words, .dim)\(failure.endpoint.map { ", \($0)" } ?? "", .dim)")
            if let left = skipsByRoot[outcome.step.id] {
                let names = Words.few(left.map(\.step.words))
                lines.append("      skipped because of it: \(Words.count(left.count, "step")): \(names)")
            }
        }
        let hidden = report.failures.count - Self.shownFailures
        let command = terminal.invocation.command("runs show", [report.runID])
        if hidden > 0 { lines.append("  … and \(Words.number(hidden)) more: \(command)") }
        return lines
    }

    private func interruption(of report: RunReport) -> [StyledText] {
        var lines: [StyledText] = []
        if let reason = report.journalFailure {
            lines.append("\("✗", .red) the journal could not be written: \(reason)")
            lines.append("  No further call was sent after that.")
        }
        if !report.open.isEmpty {
            lines.append("Outcome open: \(Words.count(report.open.count, "step")), given up while they were waited for")
            for outcome in report.open.prefix(Self.shownFailures) {
                guard case .open(let failure) = outcome.result else { continue }
                lines.append("  \("?", .yellow) \(outcome.step.words): \(failure.message)")
            }
        }
        let rest = report.notRun
        if !rest.isEmpty {
            lines.append("Not run: \(Words.count(rest.count, "step")): \(Words.few(rest.map(\.step.words)))")
        }
        return lines
    }

    private func remaining(of plan: Plan, _ report: RunReport) -> [StyledText] {
        guard !plan.deferred.isEmpty else { return [] }
        var lines: [StyledText] = ["\("Deferred", .bold): \(plan.deferredEnding)"]
        for section in DeferredSection.sections(of: plan.deferred, expand: false) {
            let what = section.lines.count == 1 ? section.lines[0].words : Words.count(section.count, "object")
            lines.append("  \("⊘", .dim) \(what): waits for \(terminal.invocation.completing(section.waitsFor))")
        }
        return lines
    }

    private func advice(on report: RunReport, _ plan: Plan) -> [StyledText] {
        if occasion == .toBeTakenBack { return [] }
        let next = NextCommand(terminal).apply(after: plan)
        if report.journalFailure != nil {
            return ["Next: make the state store writable, then run \(next) again; it looks at everything anew."]
        }
        guard !report.failures.isEmpty else {
            return report.isCut ? ["Next: run \(next) again; it goes on from what is there."] : []
        }
        let kinds = Set(
            report.failures.compactMap { outcome -> StepFailure.Kind? in
                if case .failed(let failure) = outcome.result { failure.kind } else { nil }
            })
        var advice = "Next: solve what is named above"
        if kinds.isSubset(of: [.unreachable, .timeout]) { advice = "Next: wait until the endpoint answers again" }
        if kinds == [.throttled] { advice = "Next: wait as long as the service asks for" }
        if kinds.isSubset(of: [.denied, .withoutCredentials]) {
            advice = "Next: correct the credentials or their permissions"
        }
        if kinds == [.untrusted] { advice = "Next: correct the address or the authority it is trusted by" }
        return ["\(advice), then run \(next) again; what is done stays done."] + leaving(report, plan)
    }

    /// Topics that hold a move up behind its point of no return: it ends without them, when nothing else helps.
    private func leaving(_ report: RunReport, _ plan: Plan) -> [StyledText] {
        plan.moves.flatMap { move -> [StyledText] in
            var (stuck, all): (Set<String>, Set<String>) = ([], [])
            for outcome in report.outcomes where outcome.step.address == ResourceAddress(.group, move.family) {
                guard case .move(.endMirrors(_, let mirrors)) = outcome.step.action else { continue }
                all.formUnion(mirrors.topics)
                if case .failed(let failure) = outcome.result { stuck.formUnion(failure.topics ?? []) }
            }
            guard !stuck.isEmpty, stuck != all || move.topics["done"] ?? 0 > 0 else { return [] }
            let command = NextCommand(terminal).apply(after: plan, with: stuck.sorted().map { "--leave \($0)" })
            let words =
                "or, when \(Words.list(stuck.sorted())) cannot be repaired: \(command), which ends "
                + "the move without " + (stuck.count == 1 ? "it" : "them")
            return StyledText.wrapped(words, width: 100).map { $0.indented(6) }
        }
    }
}

/// Objects by what was done to them, as far as it was done completely.
struct AppliedCounts: Hashable {
    var added = 0
    var changed = 0
    var destroyed = 0
    var adopted = 0
    var released = 0

    /// Counts the changes of a plan whose steps have all succeeded. A change that no step names is done when
    /// everything is.
    init(_ plan: Plan, _ report: RunReport) {
        let byAddress = Dictionary(grouping: report.outcomes, by: \.step.address)
        let isAllDone = report.outcomes.allSatisfy { $0.result == .succeeded }
        for change in plan.changes {
            let isDone = byAddress[change.address].map { $0.allSatisfy { $0.result == .succeeded } } ?? isAllDone
            if isDone { count(change) }
        }
    }

    private mutating func count(_ change: Change) {
        switch change.effect {
        case .create: added += 1
        case .update: changed += 1
        case .delete: destroyed += 1
        case .replace:
            added += 1
            destroyed += 1
        case .adopt: adopted += 1
        case .adoptAndChange:
            adopted += 1
            changed += 1
        case .release: released += 1
        }
    }
}
