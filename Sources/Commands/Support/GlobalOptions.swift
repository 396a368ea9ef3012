import ArgumentParser
import Execution
import Logging
import Rendering
import Session

/// Options every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A spillway.yaml or its folder (default: $SPILLWAY_FILE, then the current folder).", valueName: "path"))
    var file: [String] = []

    @Option(help: "When to use colours: auto, always, never.")
    var color: ColorChoice = .auto

    @Flag(name: [.short, .long], help: "No progress on stderr.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Log every request on stderr.")
    var verbose = false

    @Option(help: "Format of log lines: text or json.")
    var logFormat: LogFormat = .text

    @Option(
        help: ArgumentHelp(
            "State in place of the manifests': a snapshot's or export's file to read from, or \(StateNotation.forms).",
            valueName: "place"))
    var state: String?

    func validate() throws {
        guard file.count <= 1 else { throw ValidationError("--file can be given once") }
    }

    /// How the command is called for the same workspace and state.
    var invocation: Invocation {
        Invocation(
            file: file.first,
            state: state.map { place in
                if case .snapshot = StateNotation(place) { .copy(place) } else { .store(place) }
            })
    }

    /// The options as a session takes them.
    var session: SessionOptions {
        let context = CommandContext.current
        var options = Self.session(
            at: context.path(file.first ?? context.environment["SPILLWAY_FILE"] ?? "."), color: color,
            verbose: verbose, quiet: quiet, logFormat: logFormat)
        options.state = state.map(StateNotation.init)
        return options
    }

    /// The options of a session without a state.
    static func session(
        at path: String, color: ColorChoice, verbose: Bool, quiet: Bool = false, logFormat: LogFormat = .text
    ) -> SessionOptions {
        var logger = Logger(label: "spillway", factory: logFormat.handler)
        logger.logLevel = verbose ? .debug : quiet ? .error : .warning
        return SessionOptions(workspacePath: path, color: color, isQuiet: quiet, logger: logger)
    }
}

/// A command that works on a workspace.
protocol WorkspaceCommand: ParsableCommand {
    var global: GlobalOptions { get }
}

extension ColorChoice: ExpressibleByArgument {}

/// Format of log lines.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json

    var handler: @Sendable (String) -> any LogHandler {
        { LineLogHandler(label: $0, format: self) }
    }
}
