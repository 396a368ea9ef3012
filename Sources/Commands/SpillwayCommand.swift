public import ArgumentParser
import Diagnostics
import Execution

/// The command line of Spillway.
public struct SpillwayCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "spillway",
        abstract: "Disaster recovery for Kafka as code.",
        discussion: """
            Manifests say which region is primary; `plan` shows what differs from the live systems, `apply` makes them \
            agree. Start with: spillway init my-workspace
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, ShowCommand.self, ApplyCommand.self,
            StatusCommand.self, DriftCommand.self, DrillCommand.self, RunsCommand.self, StateCommand.self,
            ExplainCommand.self, SchemaCommand.self, SimulateCommand.self,
        ])

    /// The command as it was given.
    public init() {}
}

/// Runs a command line to its exit code; the only place that turns errors into text and a code.
public enum SpillwayMain {
    /// Parses and runs.
    ///
    /// - Parameter arguments: The arguments without the program's name; `nil` = those of the process.
    /// - Returns: The exit code of the process.
    public static func run(_ arguments: [String]? = nil) async -> Int32 {
        do {
            var command = try SpillwayCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let failure as CommandFailure {
            if let message = failure.message {
                CommandContext.current.diagnostics.writeLine(PlainText.lines("spillway: \(message)"))
            }
            return failure.code.rawValue
        } catch {
            let code = SpillwayCommand.exitCode(for: error).rawValue
            let message = SpillwayCommand.fullMessage(for: error)
            let console = code == 0 ? CommandContext.current.output : CommandContext.current.diagnostics
            console.writeLine(PlainText.lines(message))
            return code
        }
    }
}
