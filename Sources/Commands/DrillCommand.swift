import Session
import ArgumentParser
import Drill
import Execution
import Rendering

/// Rehearses a failover and the way back, against a simulator.
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Rehearse losing the primary and coming back, on a simulator, and measure RTO and RPO.",
        discussion: """
            A copy of the workspace is applied to a simulator in this process while applications write and read. \
            Nothing of the workspace, its state or its live systems is touched, and no secret is read. Exit code 4 \
            when an objective of the group was missed.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Group to rehearse; needed when there are several.", valueName: "group"))
    var group: String?

    @Option(help: ArgumentHelp("Records a second that are written to each topic.", valueName: "number"))
    var recordsPerSecond = 20

    @Option(help: "What is rehearsed: failover (and the way back), switchover (there and back), all.")
    var scenario: DrillScenario = .failover

    @Option(help: "Chooses the moment between two syncs of offsets at which the primary is lost.")
    var seed: UInt64?

    /// Output of `drill`.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case junit
    }

    @Option(name: [.short, .long], help: "Output: text, json, junit.")
    var output: Format = .text

    func validate() throws {
        guard (1...10_000).contains(recordsPerSecond) else {
            throw ValidationError("--records-per-second takes a number from 1 to 10000")
        }
    }

    func run() async throws {
        let drill = try DrillRun(
            of: LoadedManifests.load(global.session), group: group, recordsPerSecond: recordsPerSecond,
            scenario: scenario, seed: seed, options: global.session)
        let report = try await drill.run()
        let text =
            switch output {
            case .text: DrillText.render(report, terminal: global.session.outputTerminal)
            case .json: DrillText.json(report)
            case .junit: DrillJUnit.render(report)
            }
        CommandContext.current.output.writeLine(text)
        switch report.verdict {
        case .met, .unjudged: return
        case .missed: throw CommandFailure(.refused)
        case .failed: throw CommandFailure(.error)
        }
    }
}

extension DrillScenario: ExpressibleByArgument {}
