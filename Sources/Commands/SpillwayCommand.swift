package import ArgumentParser
import Diagnostics
import Execution
import Session
import UnixSignals

/// The command line of Spillway.
package struct SpillwayCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    package static let configuration = CommandConfiguration(
        commandName: "spillway",
        abstract: "Disaster recovery for Kafka as code.",
        discussion: """
            Manifests say which region is primary; `plan` shows what differs from the live systems, `apply` makes them \
            agree. Start with: spillway init my-workspace
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, ImportCommand.self, ValidateCommand.self, PlanCommand.self, ShowCommand.self,
            ApplyCommand.self,
            StatusCommand.self, DriftCommand.self, GraphCommand.self,
        ] + drills + [
            RunsCommand.self, StateCommand.self, ExplainCommand.self, SchemaCommand.self,
        ] + simulators)

    package init() {}
}

/// Runs a command line to its exit code; the only place that turns errors into text and a code.
package enum SpillwayMain {
    /// Parses the process's arguments and runs, until the end or until a signal that the command does not mind.
    ///
    /// - Returns: The exit code of the process.
    package static func run() async -> Int32 {
        let context = CommandContext.process
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let minding = Task {
            for await signal in signals {
                let code = signal == .sigterm ? ExitCode.terminated : .interrupted
                if await !context.signals.take(code) { end.yield(code.rawValue) }
            }
        }
        let running = Task {
            end.yield(await CommandContext.$current.withValue(context) { await run(CommandLine.arguments.dropFirst()) })
        }
        defer {
            minding.cancel()
            running.cancel()
        }
        for await code in ends { return code }
        return ExitCode.error.rawValue
    }

    /// Parses and runs.
    ///
    /// - Parameter arguments: The arguments without the program's name.
    /// - Returns: The exit code of the process.
    package static func run(_ arguments: some Sequence<String>) async -> Int32 {
        let context = CommandContext.current
        let (code, carriesThrough) = await perform(Array(arguments))
        guard context.output.hasLost, !carriesThrough else { return code }
        context.diagnostics.writeLine("spillway: the output could not be written: nobody reads it, or there is no room")
        return ExitCode.error.rawValue
    }

    /// - Returns: The exit code, and whether the command is one that does its work whoever reads of it.
    private static func perform(_ arguments: [String]) async -> (code: Int32, carriesThrough: Bool) {
        var carriesThrough = false
        do {
            try UnknownCommand.check(arguments, of: SpillwayCommand.self)
            var command = try SpillwayCommand.parseAsRoot(arguments)
            carriesThrough = command is ApplyCommand
            var context = CommandContext.current
            if let command = command as? any WorkspaceCommand { context.invocation = command.global.invocation }
            try await CommandContext.$current.withValue(context) {
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            return (0, carriesThrough)
        } catch let failure as CommandFailure {
            if let message = failure.message {
                CommandContext.current.diagnostics.writeLine(PlainText.lines("spillway: \(message)"))
            }
            return (failure.code.rawValue, carriesThrough)
        } catch {
            let code = SpillwayCommand.exitCode(for: error).rawValue
            let message = SpillwayCommand.fullMessage(for: error)
            let console = code == 0 ? CommandContext.current.output : CommandContext.current.diagnostics
            console.writeLine(PlainText.lines(message))
            return (code, carriesThrough)
        }
    }
}

/// A word where a command should stand.
enum UnknownCommand {
    /// Refuses words that name no command, also where only help is asked for.
    static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws(CommandFailure) {
        let isHelp = arguments.first == "help"
        var command = root
        for word in arguments.dropFirst(isHelp ? 1 : 0).prefix(while: { !$0.hasPrefix("-") }) {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, word != "help" || isHelp else { return }
            guard let next = subcommands.first(where: { $0.names.contains(word) }) else {
                throw unknown(word, below: command, root)
            }
            command = next
        }
    }

    private static func unknown(
        _ word: String, below command: any ParsableCommand.Type, _ root: any ParsableCommand.Type
    ) -> CommandFailure {
        if command == root, SpillwayCommand.missing.contains(word) {
            return CommandFailure(.usage, "this build has no '\(word)': it was made without the simulator")
        }
        let known = command.configuration.subcommands.flatMap { $0.names }.sorted()
        let path = command == root ? "spillway" : "spillway \(command.names.first ?? "")"
        let near = Suggestion.nearest(to: word, among: known)
        let wayOut = near.map { "did you mean \(path) \($0)?" } ?? "commands: \(known.joined(separator: ", "))"
        return CommandFailure(.usage, "there is no command '\(word)' of \(path); \(wayOut)")
    }
}

extension ParsableCommand {
    /// What the command is called by.
    fileprivate static var names: [String] {
        [configuration.commandName ?? String(describing: self).lowercased()] + configuration.aliases
    }
}
