import Planning

/// The command to type next, whole: as the reader called, with the flags and the confirmations that it needs.
struct NextCommand {
    let invocation: Invocation

    init(_ terminal: Terminal) {
        invocation = terminal.invocation
    }

    /// The apply that goes on after a plan.
    ///
    /// - Parameter more: Flags beside those of the plan.
    func apply(after plan: Plan, with more: [String] = []) -> String {
        let moves = plan.moves.filter { !$0.bringsTheRest }.map { (group: $0.family, member: $0.to) }
        return apply(flags: Self.flags(of: plan) + more, moves)
    }

    /// An apply that confirms changes of primary.
    func apply(flags: [String] = [], _ moves: [(group: String, member: String)]) -> String {
        let confirmed = moves.map { "\($0.group)=\($0.member)" }
        let confirmation = confirmed.isEmpty ? [] : ["--confirm-primary"] + confirmed
        return invocation.command("apply", flags + confirmation)
    }

    /// The plan that tells more.
    func plan(after plan: Plan) -> String {
        invocation.command("plan", Self.flags(of: plan))
    }

    /// The flags it was made with, as a shell takes them, without those that an unfinished move remembers, and without
    /// those of topics that were left: the next apply brings them.
    private static func flags(of plan: Plan) -> [String] {
        let isRemembered = plan.groups.contains { $0.standing?.open != nil }
        let remembered = ["--override", "--failover", "--leave", "--adopt-diverged", "--detach"]
        let left = Set(plan.groups.flatMap(\.left).map { "--leave \($0)" })
        return plan.flags.filter { flag in
            let name = String(flag.prefix { $0 != " " })
            return name != "--rerun-hooks" && !left.contains(flag) && !(isRemembered && remembered.contains(name))
        }.map(quoted)
    }

    /// An incident may be a sentence.
    private static func quoted(_ flag: String) -> String {
        guard let range = flag.firstRange(of: " --incident ") else { return flag }
        return flag[..<range.upperBound] + ShellWord.quoted(String(flag[range.upperBound...]))
    }
}
