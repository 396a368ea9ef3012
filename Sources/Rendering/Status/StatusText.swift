import Domain
import Planning

/// Readiness, for people and as JSON.
package enum StatusText {
    /// The report for people, ended by a line break.
    package static func render(_ report: StatusReport, terminal: Terminal = .plain) -> String {
        let head: StyledText = "\("Spillway status", .bold) · workspace \(report.workspace, .bold)"
        var blocks = [[head + " · observed \(report.observedAt.words)"], siteLines(report.sites)]
        blocks += report.groups.map { lines(of: $0, terminal) }
        blocks.append(DecisionWords.lines(of: report.decisions ?? [], expand: false, terminal))
        blocks += [
            bindingLines(report.bindings), ledgerLines(report),
            [StyledText(verdict(on: report), .bold)] + nextLines(report, terminal),
        ]
        return terminal.render(Array(blocks.filter { !$0.isEmpty }.joined(separator: [""])))
    }

    package static func json(_ report: StatusReport) -> String {
        JSONText.pretty(report)
    }

    private static func siteLines(_ sites: [Plan.Site]) -> [StyledText] {
        var columns = Columns(indent: 2)
        for site in sites where site.answer != .answered {
            columns.add(StyledText(site.name), StyledText(site.kind.words), site.verdict)
        }
        let answered = sites.filter { $0.answer == .answered }.count
        let counts: StyledText = "  \(Words.number(answered)) of \(Words.count(sites.count, "endpoint")) answered"
        return [counts] + columns.lines
    }

    private static func lines(of group: StatusReport.Group, _ terminal: Terminal) -> [StyledText] {
        var columns = Columns(indent: 2)
        columns.add("primary", StyledText(group.primary, .bold))
        for (label, line) in StandingWords.rows(of: group) { columns.add(StyledText(label), line) }
        columns.add("topics", StyledText(Words.number(group.topics)))
        columns.add(
            "protected",
            ProtectionWords.words(group.isProtected, lastKnown: group.lastKnown?.words))
        columns.add("lag", lag(of: group))
        for (label, line) in group.takeoverRows { columns.add(StyledText(label), line) }
        for member in group.members where member.cluster != group.standing?.holder ?? group.primary {
            columns.add("standby", standby(member))
            for link in member.links { columns.add("", "link \(link.name): \(link.state)") }
        }
        for exporter in group.exporters {
            columns.add(
                "schemas", "exporter \(exporter.name) on \(exporter.environment): \(exporter.state ?? "not seen")")
        }
        let heading: StyledText = "\("FailoverGroup", .dim) \(group.name, .bold)"
        return [heading] + columns.lines + findings(of: group, terminal)
            + (group.lastKnown?.succession?.lines(terminal) ?? [])
    }

    private static func standby(_ member: StatusReport.Member) -> StyledText {
        if let silence = member.silence { return "\(member.cluster)  \("✗", .red) \(silence)" }
        let mirrors = member.mirrors.sorted { $0.key < $1.key }.map { "\(Words.number($0.value)) \($0.key)" }
        guard !mirrors.isEmpty else { return "\(member.cluster)  no mirror topics" }
        return "\(member.cluster)  mirror topics: \(mirrors.joined(separator: ", "))"
    }

    private static func lag(of group: StatusReport.Group) -> StyledText {
        if let doubts = group.lagDoubts {
            let last =
                group.lag.map { "; last known \(Words.count($0.records, "record")) as of \($0.asOf.words)" } ?? ""
            return "not known: \(doubts.first ?? "")\(doubts.count > 1 ? " and more" : "")\(last)"
        }
        guard let lag = group.lag else { return "not known yet" }
        let source = lag.isRemembered ? "last known, " : ""
        guard lag.records > 0 else { return "0 records  (\(source)as of \(lag.asOf.words))" }
        let worst = lag.worstPartition.map { ", worst \($0) with \(Words.number(lag.worst))" } ?? ""
        return "\(Words.count(lag.records, "record"))\(worst)  (\(source)as of \(lag.asOf.words))"
    }

    private static func findings(of group: StatusReport.Group, _ terminal: Terminal) -> [StyledText] {
        let unclear = StatusReport.Group.unclear(.bare)
        var findings = group.findings.map { $0 == unclear ? StatusReport.Group.unclear(terminal.invocation) : $0 }
        for member in group.members {
            for link in member.links { findings += link.errors.map { "link \(link.name) on \(member.cluster): \($0)" } }
        }
        return findings.map { "    \("!", .yellow) \($0)" }
    }

    private static func bindingLines(_ bindings: [StatusReport.Binding]) -> [StyledText] {
        guard !bindings.isEmpty else { return [] }
        var columns = Columns(indent: 2)
        for binding in bindings {
            columns.add(StyledText(binding.name), StyledText(binding.place), verdict(on: binding))
        }
        return [StyledText("Client bindings", .bold)] + columns.lines
    }

    private static func verdict(on binding: StatusReport.Binding) -> StyledText {
        if let silence = binding.silence { return "\("✗", .red) \(silence)" }
        guard let pointsAt = binding.pointsAt else {
            return "\("!", .yellow) nothing published yet, should point at \(binding.shouldPointAt)"
        }
        let generation = binding.generation.map { ", generation \(Words.number($0))" } ?? ""
        guard pointsAt == binding.shouldPointAt else {
            return "\("!", .yellow) points at \(pointsAt), should point at \(binding.shouldPointAt)\(generation)"
        }
        return "\("✓", .green) points at \(pointsAt)\(generation)"
    }

    private static func ledgerLines(_ report: StatusReport) -> [StyledText] {
        var columns = Columns(indent: 2)
        if let silence = report.ledgerSilence {
            let lines = silence.split(separator: "\n").map { $0.trimmingPrefix("  ") }
            columns.add("ledger", "\("✗", .red) \(report.ledger) was not read; what follows from it is not known")
            for line in lines { columns.add("", StyledText(String(line))) }
            return columns.lines
        }
        let id = report.ledgerID.map { ", id \($0)" } ?? ", not created yet"
        columns.add("ledger", "\(report.ledger)\(id)")
        if let run = report.lastRun {
            let ending = run.exitCode.map { "exit \($0)" } ?? "unfinished: running, or killed"
            columns.add("last run", "\(run.id), \(run.startedAt.words), \(ending)")
        } else {
            columns.add("last run", "none")
        }
        return columns.lines
    }

    /// What somebody has to type, where something was begun and has not ended.
    private static func nextLines(_ report: StatusReport, _ terminal: Terminal) -> [StyledText] {
        let open = report.groups.compactMap { group in group.standing?.open.map { (group.name, $0.to) } }
        let isUnfinished = report.lastRun.map { $0.exitCode == nil } ?? false
        guard isUnfinished || !open.isEmpty || report.decisions != nil else { return [] }
        let before = report.decisions == nil ? "" : "commit what is to be decided, then: "
        let command = NextCommand(terminal).apply(open.map { (group: $0.0, member: $0.1) })
        return ["Next: \(before)\(command, .bold)"]
    }

    private static func verdict(on report: StatusReport) -> String {
        let unprotected = report.groups.filter { !$0.isProtected }.map(\.name)
        let silent = report.sites.filter { $0.answer == .silent }.count
        var sentences: [String] = []
        if !report.groups.isEmpty {
            let all = report.groups.count == 1 ? "The group is" : "All \(Words.number(report.groups.count)) groups are"
            let exceptions = Words.few(unprotected, limit: 8)
            sentences.append(unprotected.isEmpty ? "\(all) protected." : "NOT PROTECTED: \(exceptions).")
        }
        if !report.withoutSuccessor.isEmpty {
            sentences.append("A failover now would be refused: \(Words.few(report.withoutSuccessor, limit: 8)).")
        }
        if !report.withoutClients.isEmpty {
            sentences.append("Clients could not work on a standby: \(Words.few(report.withoutClients, limit: 8)).")
        }
        let moving = report.groups.filter { $0.standing.map { $0.isMoving(to: $0.holder) } ?? false }.map(\.name)
        if !moving.isEmpty { sentences.append("Moving: \(Words.few(moving, limit: 8)).") }
        if let decisions = report.decisions {
            sentences.append("\(Words.count(decisions.count, "decision")) needed.")
        }
        if silent > 0 { sentences.append("\(Words.count(silent, "endpoint")) did not answer.") }
        return sentences.isEmpty ? "Everything that was asked answered." : sentences.joined(separator: " ")
    }
}
