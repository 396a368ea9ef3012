import Domain
import Planning

/// Where a group's data is, and what its moves left behind, for people.
enum StandingWords {
    /// Rows for a table: label, words.
    static func rows(of group: StatusReport.Group) -> [(String, StyledText)] {
        guard let standing = group.standing else { return [] }
        var rows: [(String, StyledText)] = [("holder", holder(standing, primary: group.primary))]
        let since = standing.servesSince.map { ", serves since \($0.wrappedValue.words)" } ?? ""
        rows.append(("epoch", standing.epoch == 0 ? "0: never moved" : "\(Words.number(standing.epoch))\(since)"))
        if let open = standing.open { rows.append(("open move", words(of: open, holder: standing.holder))) }
        for member in standing.demoted {
            let token: StyledText = member.token.map { ", its token is \($0, .bold)" } ?? ""
            rows.append(("left", "\(member.member): \(member.proof.words)\(token)"))
        }
        for fence in standing.fences { rows.append(("fence", words(of: fence))) }
        return rows
    }

    private static func holder(_ standing: StandingForm, primary: String) -> StyledText {
        guard let holder = standing.holder else { return "nobody yet: \(standing.evidence)" }
        guard holder != primary else { return "\("✓", .green) \(holder): \(standing.evidence)" }
        return "\("!", .yellow) \(holder, .bold), not \(primary): \(standing.evidence)"
    }

    private static func words(of move: StandingForm.OpenMove, holder: String?) -> StyledText {
        let since = move.openedAt.map { ", since \($0.wrappedValue.words)" } ?? ""
        let incident = move.incident.map { ", \($0)" } ?? ""
        let point =
            holder == move.to
            ? "clients are moved, standbys are not all back"
            : move.isPast ? "past the point of no return" : "before the point of no return"
        return
            "\(move.kind.words) \(move.from) → \(move.to) (epoch \(Words.number(move.epoch))\(incident))\(since), \(point)"
    }

    private static func words(of fence: Plan.Standing.Fence) -> StyledText {
        let entries = Words.count(fence.entries, "entry", plural: "entries")
        let existed = fence.existed == 0 ? "" : ", \(Words.number(fence.existed)) more were there before"
        return "\(fence.member): \(entries) of Spillway deny writes\(existed)"
    }
}

extension StandingForm {
    /// Whether the clients of a group are on their way to another member.
    func isMoving(to holder: String?) -> Bool {
        open.map { $0.to != holder } ?? false
    }
}
