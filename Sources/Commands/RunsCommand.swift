import ArgumentParser
import Domain
import Execution
import Rendering
import Session

/// What past runs did.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List past runs, or show one.", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(abstract: "List past runs, the newest first.")

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("Only runs of this long ago or less, e.g. 7d.", valueName: "duration"))
        var since: LockTimeout?

        @Option(name: [.short, .long], help: "Output: text, json.")
        var output: StateCommand.Format = .text

        func run() async throws {
            try await Workbench.with(global.session) { bench in
                var runs = try await bench.state { store throws(StateStoreError) in try await store.runs() }
                if let since {
                    let now = Workbench.now
                    runs = runs.filter { now.since($0.header.startedAt) <= since.duration }
                }
                let text =
                    output == .json
                    ? RunsText.listJSON(runs) : RunsText.list(runs, terminal: global.session.outputTerminal)
                CommandContext.current.output.writeLine(text)
            }
        }
    }

    struct Show: AsyncParsableCommand, WorkspaceCommand {
        static let configuration = CommandConfiguration(abstract: "Show one run with its steps.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "Id of the run.")
        var id: String

        @Option(name: [.short, .long], help: "Output: text, json.")
        var output: StateCommand.Format = .text

        func run() async throws {
            try await RunsCommand.show(id, global, output)
        }
    }

    /// Writes one run to stdout.
    static func show(_ id: String, _ options: GlobalOptions, _ format: StateCommand.Format) async throws {
        try await Workbench.with(options.session) { bench in
            guard let run = try await bench.state({ store throws(StateStoreError) in try await store.run(id) }) else {
                throw CommandFailure(
                    .error, "there is no run \(id); see: \(CommandContext.current.invocation.command("runs"))")
            }
            let moves = try await bench.recorded().moves
            let text =
                format == .json
                ? RunsText.showJSON(run, moves) : RunsText.show(run, moves, terminal: options.session.outputTerminal)
            CommandContext.current.output.writeLine(text)
        }
    }
}
