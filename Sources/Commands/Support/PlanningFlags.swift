import ArgumentParser
package import Domain
import Planning
import Session

/// The flags that shape a plan.
struct PlanningFlags: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only these objects and what they depend on, e.g. topic/west/orders; for exceptions.", valueName: "address")
    )
    var target: [ResourceAddress] = []

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp(
            "Only objects whose manifest carries these labels, e.g. team=payments,tier=1.", valueName: "labels"))
    var selector: [LabelSelector] = []

    @Flag(help: "Take ownership of what exists and change nothing.")
    var adoptOnly = false

    @Option(
        name: .customLong("override"), parsing: .upToNextOption,
        help: ArgumentHelp("Gates that may be passed, e.g. ImportMode.", valueName: "gate"))
    var overrides: [GateOverride] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Consent to lose what the old primary did not replicate, e.g. payments=east; needs --incident.",
            valueName: "group=member"))
    var failover: [GroupMember] = []

    @Option(help: ArgumentHelp("Incident or change number of --failover.", valueName: "text"))
    var incident: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Topics that a move leaves behind.", valueName: "topic"))
    var leave: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Copies that become primary although they stopped following, as a plan names them.",
            valueName: "member@epoch"))
    var adoptDiverged: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Members whose copies count as former ones although nothing shows it.", valueName: "member"))
    var withoutLineage: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Links that a failover deletes by force, ending every mirror on them where it is; the last resort.",
            valueName: "member/link"))
    var detach: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Former members that are given up although something of theirs is unfinished.", valueName: "member"))
    var abandon: [String] = []

    @Flag(help: "Run every restart hook again for what is published now.")
    var rerunHooks = false

    /// The flags as the planner takes them.
    var options: PlanOptions {
        var options = PlanOptions(
            targets: target, selector: selector.labels ?? [:], adoptOnly: adoptOnly, overrides: Set(overrides))
        for pair in failover {
            options.failovers[pair.group] = .init(member: pair.member, incident: incident.first ?? "")
        }
        options.left = Set(leave)
        options.adoptDiverged = Set(adoptDiverged)
        options.withoutLineage = Set(withoutLineage)
        options.detached = Set(detach)
        options.abandoned = Set(abandon)
        options.rerunsHooks = rerunHooks
        return options
    }

    func validate() throws {
        guard incident.count <= 1 else { throw ValidationError("--incident can be given once") }
        guard failover.isEmpty == incident.isEmpty else {
            throw ValidationError("--failover and --incident belong together: a consent names its incident")
        }
        if let incident = incident.first, incident.allSatisfy(\.isWhitespace) {
            throw ValidationError("--incident is empty: a consent names its incident")
        }
        try failover.requireGroupsOnce(in: "--failover")
        try selector.requireOneValue()
        for copies in adoptDiverged {
            let parts = copies.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
                parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { throw ValidationError("'\(copies)' of --adopt-diverged is no member@epoch, like east@3") }
        }
    }

    /// Whether any flag was given.
    var isEmpty: Bool { options == PlanOptions() }
}

extension GroupMember: ExpressibleByArgument {}

extension [GroupMember] {
    /// - Throws: `ValidationError` where a group is named more than once: only one of its members can be meant.
    func requireGroupsOnce(in flag: String) throws {
        for (group, pairs) in Dictionary(grouping: self, by: \.group) where pairs.count > 1 {
            let words = pairs.map { "\(group)=\($0.member)" }.joined(separator: " ")
            throw ValidationError("\(flag) names \(group) more than once: \(words)")
        }
    }
}

extension [LabelSelector] {
    /// - Throws: `ValidationError` where a label is given two values.
    func requireOneValue() throws {
        guard labels != nil else { throw ValidationError("-l gives a label two values, which no manifest carries") }
    }
}

extension LabelSelector: ExpressibleByArgument {}

extension ResourceAddress: ExpressibleByArgument {
    /// Reads an address of the command line.
    package init?(argument: String) {
        self.init(argument)
    }
}

extension GateOverride: ExpressibleByArgument {}
