import Domain
import Planning

/// Drift for people, as JSON and as Markdown.
package enum DriftText {
    /// The report for people, ended by a line break.
    package static func render(_ report: DriftReport, terminal: Terminal = .plain) -> String {
        var blocks: [[StyledText]] = [
            ["\("Spillway drift", .bold) · workspace \(report.workspace, .bold) · observed \(report.observedAt.words)"]
        ]
        blocks.append(unseenLines(report.unseen))
        blocks += report.items.grouped(by: \.address.location).map { location, items in
            [StyledText(location, .bold).indented(2)] + items.flatMap(lines)
        }
        blocks.append([StyledText(summary(of: report), .bold)])
        return terminal.render(Array(blocks.filter { !$0.isEmpty }.joined(separator: [""])))
    }

    package static func json(_ report: DriftReport) -> String {
        JSONText.pretty(report)
    }

    /// The report as a comment on a pull request or issue, at most 60,000 characters.
    package static func markdown(_ report: DriftReport) -> String {
        var text = BoundedText(limit: 60_000)
        text.add("**Spillway drift** · \(Markdown.code(report.workspace)) · \(summary(of: report))")
        if !report.unseen.isEmpty {
            text.add("")
            text.add(
                report.unseen.map {
                    "- ✗ \(Markdown.code($0.name)) (\($0.kind.words)): \(Markdown.prose($0.silence ?? ""))"
                },
                share: 6_000, missing: { "- … and \(Words.count($0, "endpoint")) more that did not answer" })
        }
        guard !report.items.isEmpty else { return text.text }
        text.add("")
        text.add("| object | last applied → live |")
        text.add("|---|---|")
        text.add(
            report.items.map { item in
                let fields = item.differences.map {
                    "\(Markdown.prose($0.label)): \(Markdown.code($0.words(isNew: false)))"
                }
                let what = item.kind == .missing ? "no longer there" : fields.joined(separator: "<br>")
                return "| \(Markdown.code(item.address.description)) | \(what) |"
            }, share: 60_000, missing: { "\n… and \(Words.count($0, "object")) more" })
        return text.text
    }

    /// The last line.
    package static func summary(of report: DriftReport) -> String {
        let compared = Words.count(report.compared, "object")
        let unseen =
            report.unseen.isEmpty
            ? "" : " \(Words.count(report.unseen.count, "endpoint")) did not answer; what lives there was not compared."
        guard !report.items.isEmpty else {
            return "No drift: \(compared) compared, all as last applied.\(unseen)"
        }
        let missing = report.items.filter { $0.kind == .missing }.count
        let changed = report.items.count - missing
        var parts: [String] = []
        if changed > 0 { parts.append("\(Words.number(changed)) changed") }
        if missing > 0 { parts.append("\(Words.number(missing)) missing") }
        return "Drift: \(Words.list(parts)), of \(compared) compared.\(unseen)"
    }

    private static func unseenLines(_ sites: [Plan.Site]) -> [StyledText] {
        var columns = Columns(indent: 2)
        for site in sites { columns.add(StyledText(site.name), StyledText(site.kind.words), site.verdict) }
        return columns.lines
    }

    private static func lines(of item: DriftReport.Item) -> [StyledText] {
        let noun = item.address.kind.noun(1)
        guard item.kind == .changed else {
            return ["    \("-", .red) \(noun) \(item.address.shortName)  no longer there"]
        }
        var columns = Columns(indent: 8)
        for difference in item.differences {
            columns.add(StyledText(difference.label), StyledText(difference.words(isNew: false)))
        }
        return ["    \("~", .yellow) \(noun) \(item.address.shortName)  (last applied → live)"] + columns.lines
    }
}
