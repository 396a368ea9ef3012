public import ArgumentParser
public import Domain
import Planning

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
    var selector: LabelSelector?

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
    var incident: String?

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
            targets: target, selector: selector?.labels ?? [:], adoptOnly: adoptOnly, overrides: Set(overrides))
        for pair in failover {
            options.failovers[pair.group] = .init(member: pair.member, incident: incident ?? "")
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
        guard failover.isEmpty == (incident == nil) else {
            throw ValidationError("--failover and --incident belong together: a consent names its incident")
        }
    }

    /// Whether any flag was given.
    var isEmpty: Bool { options == PlanOptions() }
}

/// A group and one of its members, as flags name them: `payments=east`.
struct GroupMember: ExpressibleByArgument, Hashable {
    let group: String
    let member: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        (group, member) = (parts[0], parts[1])
    }
}

/// Labels as `-l` takes them: `key=value,key=value`.
struct LabelSelector: ExpressibleByArgument {
    let labels: [String: String]

    init?(argument: String) {
        var labels: [String: String] = [:]
        for pair in argument.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, labels.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        guard !labels.isEmpty else { return nil }
        self.labels = labels
    }
}

extension ResourceAddress: ExpressibleByArgument {
    /// Reads an address of the command line.
    public init?(argument: String) {
        self.init(argument)
    }
}

extension GateOverride: ExpressibleByArgument {}

extension PlanOptions {
    /// Reads back the flags a plan was made with.
    ///
    /// - Returns: `nil` for a flag this version does not know.
    init?(words: [String]) {
        self.init()
        for word in words {
            let parts = word.split(separator: " ", maxSplits: 1).map(String.init)
            switch (parts.first, parts.dropFirst().first) {
            case ("--target", let text?):
                guard let address = ResourceAddress(text) else { return nil }
                targets.append(address)
            case ("-l", let text?):
                guard let pair = LabelSelector(argument: text) else { return nil }
                selector.merge(pair.labels) { $1 }
            case ("--override", let text?):
                guard let gate = GateOverride(rawValue: text) else { return nil }
                overrides.insert(gate)
            case ("--adopt-only", nil): adoptOnly = true
            case ("--leave", let topic?): left.insert(topic)
            case ("--adopt-diverged", let copies?): adoptDiverged.insert(copies)
            case ("--without-lineage", let member?): withoutLineage.insert(member)
            case ("--detach", let link?): detached.insert(link)
            case ("--abandon", let member?): abandoned.insert(member)
            case ("--rerun-hooks", nil): rerunsHooks = true
            case ("--failover", let text?):
                let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
                guard parts.count == 3, parts[1] == "--incident", let pair = GroupMember(argument: parts[0]) else {
                    return nil
                }
                failovers[pair.group] = FailoverFlag(member: pair.member, incident: parts[2])
            default: return nil
            }
        }
    }
}
