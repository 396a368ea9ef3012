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

    /// The flags as the planner takes them.
    var options: PlanOptions {
        PlanOptions(
            targets: target, selector: selector?.labels ?? [:], adoptOnly: adoptOnly, overrides: Set(overrides))
    }

    /// Whether any flag was given.
    var isEmpty: Bool { options == PlanOptions() }
}

/// Labels as `-l` takes them: `key=value,key=value`.
struct LabelSelector: ExpressibleByArgument {
    let labels: [String: String]

    init?(argument: String) {
        var labels: [String: String] = [:]
        for pair in argument.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            labels[parts[0]] = parts[1]
        }
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
            default: return nil
            }
        }
    }
}
