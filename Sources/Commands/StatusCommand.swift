import ArgumentParser
import Domain
import Execution
import Planning
import Rendering
import Session

/// How the groups are, by live evidence.
struct StatusCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show every group: who is primary, is it protected, could a standby take over now.",
        discussion: """
            Whether a standby could take over is asked, not guessed: a failover to it is planned as if the holder were \
            lost, the server checks the calls without doing them, and the applications' credentials sign in there. \
            With --check: 0 ready and protected, 3 unprotected or partly unseen, 4 a failover now would be refused.
            """)

    @OptionGroup var global: GlobalOptions

    /// Output of `status`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case prometheus
    }

    @Option(name: [.short, .long], help: "Output: text, json, prometheus.")
    var output: Format = .text

    @Flag(help: "Tell by the exit status whether every group is protected and could fail over now.")
    var check = false

    @Flag(help: "Keep this reading of lag in the state, so that the age of what a failover loses is known.")
    var record = false

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp(
            "Only groups and bindings whose manifest carries these labels, e.g. team=payments,tier=1.",
            valueName: "labels"))
    var selector: [LabelSelector] = []

    func validate() throws { try selector.requireOneValue() }

    func run() async throws {
        let code = try await Workbench.with(global.session) { bench -> ExitCode in
            try FlagNames(workspace: bench.workspace, recorded: Recorded()).check(selector: selector.labels ?? [:])
            let (bench, silence) = record ? (bench, nil) : await bench.withoutLostState()
            let draft = try await bench.draft(PlanOptions())
            let (plan, observation) = (draft.plan, draft.input.observation)
            if record {
                let lag = GroupLag.measured(plan)
                try await bench.state { store throws(StateStoreError) in try await store.record(lag: lag) }
            }
            let outlooks = try await bench.outlooks(draft)
            let runs = try await bench.state { store throws(StateStoreError) in try await store.runs() }
            var report = StatusReport(
                plan: plan, observation: observation, workspace: bench.workspace,
                recorded: try await bench.recorded(), ledger: bench.store.location,
                lastRun: runs.first.map {
                    .init(id: $0.header.id, startedAt: $0.header.startedAt, exitCode: $0.exitCode)
                }, outlooks: outlooks)
            report.ledgerSilence = silence
            if let labels = selector.labels, !labels.isEmpty { report.select(labels, in: bench.workspace) }
            let text =
                switch output {
                case .text: StatusText.render(report, terminal: global.session.outputTerminal)
                case .json: StatusText.json(report)
                case .prometheus: StatusMetrics.render(report)
                }
            CommandContext.current.output.writeLine(text)
            guard check else { return .success }
            let shown = Set(report.groups.map(\.name))
            var standing = plan
            standing.groups.removeAll { !shown.contains($0.name) }
            return ExitCode.ofStatus(
                standing: standing.standingFacts,
                isRefused: !report.withoutSuccessor.isEmpty || report.groups.contains { $0.standing == nil },
                isUnready: report.groups.contains { !$0.isProtected } || !report.withoutClients.isEmpty,
                isPartlyUnseen: report.isPartlyUnseen || silence != nil)
        }
        if code != .success { throw CommandFailure(code) }
    }
}
