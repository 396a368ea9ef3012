import ArgumentParser
import Domain
import Execution
import Planning
import Rendering
import Session

/// Compares the live systems with what was last applied, whatever the manifests say now.
struct DriftCommand: AsyncParsableCommand, WorkspaceCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Compare the live systems with what was last applied. Exit 0: none, 2: drift, 3: a side was not seen."
    )

    @OptionGroup var global: GlobalOptions

    @Flag(help: "A side that was not seen is no failure.")
    var allowDeferred = false

    @Option(name: [.short, .long], help: "Output: text, json, markdown.")
    var output: PlanFormat = .text

    func run() async throws {
        let code = try await Workbench.with(global.session) { bench in
            let recorded = try await bench.recorded()
            let observation = try await bench.observe(recorded)
            let drift = Drift.compare(recorded, with: observation)
            let report = DriftReport(drift, of: bench.workspace, observation)
            let console = CommandContext.current.output
            switch output {
            case .text: console.writeLine(DriftText.render(report, terminal: global.session.outputTerminal))
            case .json: console.writeLine(DriftText.json(report))
            case .markdown: console.writeLine(DriftText.markdown(report))
            }
            var codes: [ExitCode] = []
            if !drift.findings.isEmpty { codes.append(.changes) }
            if !drift.unseen.isEmpty && !allowDeferred { codes.append(.incomplete) }
            return ExitCode.strongest(of: codes)
        }
        if code != .success { throw CommandFailure(code) }
    }
}
