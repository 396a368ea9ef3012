import ArgumentParser
import Domain
import Execution
import Planning
import Rendering

/// How the groups are, by live evidence.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show every group: who is primary, is it protected, how far mirrors are behind.")

    @OptionGroup var global: GlobalOptions

    /// Output of `status`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case prometheus
    }

    @Option(name: [.short, .long], help: "Output: text, json, prometheus.")
    var output: Format = .text

    func run() async throws {
        try await Workbench.with(global) { bench in
            let (plan, observation) = try await bench.plan(PlanOptions())
            let runs = try await bench.state { store throws(StateStoreError) in try await store.runs() }
            let report = StatusReport(
                plan: plan, observation: observation, workspace: bench.workspace,
                recorded: try await bench.recorded(), ledger: bench.store.location,
                lastRun: runs.first.map {
                    .init(id: $0.header.id, startedAt: $0.header.startedAt, exitCode: $0.exitCode)
                })
            let text =
                switch output {
                case .text: StatusText.render(report, terminal: global.outputTerminal)
                case .json: StatusText.json(report)
                case .prometheus: StatusMetrics.render(report)
                }
            CommandContext.current.output.writeLine(text)
        }
    }
}
