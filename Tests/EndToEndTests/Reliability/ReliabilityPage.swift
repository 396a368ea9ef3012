import Foundation
import TestSupport

/// `docs/reliability.md`: what was tried, and what came of it.
struct ReliabilityPage {
    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/reliability.md")

    let calls: [FaultCall]
    /// What came of each call and kind of fault.
    private(set) var cells: [FaultCall: [String: String]]

    init(_ cells: [FaultCall: [String: String]]) {
        self.cells = cells
        calls = cells.keys.sorted()
    }

    /// Reads the page.
    init(parsing text: String) {
        var numbered: [String: FaultCall] = [:]
        var cells: [FaultCall: [String: String]] = [:]
        var header: [String] = []
        for line in text.split(separator: "\n") where line.hasPrefix("|") {
            let row = line.dropFirst().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if row.first == "#" {
                header = row
            } else if row.count == 4, let part = StoryPart(rawValue: row[1]),
                let service = FaultCall.Service(rawValue: row[2])
            {
                let template = row[3].replacingOccurrences(of: "`", with: "")
                numbered[row[0]] = FaultCall(part: part, service: service, template: template)
            } else if row.count == header.count, let call = row.first.flatMap({ numbered[$0] }) {
                for (name, cell) in zip(header, row).dropFirst() { cells[call, default: [:]][name] = cell }
            }
        }
        self.init(cells)
    }

    /// The page as text.
    var text: String {
        [
            Self.introduction, "## The calls", callTable, "## What becomes of the request",
            Self.legend(FaultKind.requests),
            grid(FaultKind.requests), "## What becomes of the answer", Self.legend(FaultKind.answers),
            grid(FaultKind.answers), "## Counted", counted,
        ].joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Reliability

        <!-- Made by `make reliability`; do not edit. -->

        What happens when a service misbehaves? Every call that Spillway makes in a story was disturbed once in every way
        that is listed here, and this page is what came of it. It is recorded from runs of the built binary against
        [the simulator](simulator.md), not written by hand.

        The story is that of a small estate:

        \(StoryPart.allCases.map { "- **\($0)**: \($0.words)" }.joined(separator: "\n"))

        A call that several parts make is tried in one of them, a move rather than another. *Primary* and *standby* are what
        the sites are when the part begins. Each cell is a run of its own: simulator and workspace are what they were at
        the beginning of the part, the first request of the call meets the fault, and `spillway apply` runs to its end.
        Then the fault is gone, and apply is repeated until the part has ended.

        A cell is the [exit code](exit-codes.md) of the run that was disturbed; `3+1` is exit 3 and one further apply. `0`
        alone: the run coped with it. `3` alone, in *failover* and *fencing*: so they end when nothing is disturbed, since
        a side is dead, or a consent is needed. `\(FaultCell.nothing)`: there was nothing in the answer that this fault spoils.

        A run that breaks one of these rules is no cell but a failing test:

        - Exit 0 only when the live systems are what was asked for; exit 1 only when nothing was changed, or a move was
          taken back.
        - It ends within 90 s, and says which endpoint it was. No redirect is followed.
        - The further applies end where the undisturbed story does: topics and their settings, links, mirrors, ACLs, modes,
          exporters, and what is published.
        - By the simulator's event log no acknowledged record is lost, no two sides take records after a switchover, and
          whatever else [the judge of the histories](architecture.md#how-moves-are-proved) looks for.

        `make reliability` records the page again. `make test` tries some of the cells and compares; `make test-long` tries
        all. With its number and its column one cell is tried, and what its runs said is shown:
        `SPILLWAY_FAULT='12 503' swift test --filter FaultMatrixTests`.
        """

    private static func legend(_ kinds: [FaultKind]) -> String {
        let words = kinds.map(\.words).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return words.map { words in
            let names = kinds.filter { $0.words == words }.map { "*\($0.name)*" }
            return "- \(names.joined(separator: ", ")): \(words)"
        }
        .joined(separator: "\n")
    }

    private var callTable: String {
        let rows = zip(1..., calls).map { ["\($0)", $1.part.rawValue, $1.service.rawValue, "`\($1.template)`"] }
        return Self.table([["#", "part", "service", "call"]] + rows)
    }

    private func grid(_ kinds: [FaultKind]) -> String {
        let rows = zip(1..., calls).map { number, call in
            ["\(number)"] + kinds.map { cells[call]?[$0.name] ?? "" }
        }
        return Self.table([["#"] + kinds.map(\.name)] + rows)
    }

    private var counted: String {
        let all = cells.values.flatMap(\.values)
        let tried = all.filter { $0 != FaultCell.nothing }
        let codes = Dictionary(grouping: tried) { $0.split(separator: "+").first.map(String.init) ?? "" }
        let further = Dictionary(grouping: tried) { $0.split(separator: "+").dropFirst().first.map(String.init) ?? "0" }
        let rows =
            [
                ["calls", "\(calls.count)"], ["kinds of faults", "\(FaultKind.all.count)"],
                ["cells", "\(all.count)"], ["with nothing to spoil", "\(all.count - tried.count)"],
            ] + codes.sorted { $0.key < $1.key }.map { ["exit \($0.key)", "\($0.value.count)"] }
            + further.sorted { $0.key < $1.key }.map { ["further applies: \($0.key)", "\($0.value.count)"] }
        return Self.table([["what", "how many"]] + rows)
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            "|" + zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "|")
                + "|"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: max(1, $0)) }.joined(separator: "|") + "|"
        return ([line(rows.first ?? []), rule] + rows.dropFirst().map(line)).joined(separator: "\n")
    }
}
