import ArgumentParser
import Execution
import Logging
import Rendering

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
        help: ArgumentHelp("A ledger snapshot to read instead of the state store; takes no lock.", valueName: "file"))
    var state: String?

    func validate() throws {
        guard file.count <= 1 else { throw ValidationError("--file can be given once") }
    }

    /// The workspace file or folder, absolute.
    var workspacePath: String {
        let context = CommandContext.current
        return context.path(file.first ?? context.environment["SPILLWAY_FILE"] ?? ".")
    }

    /// Style of what goes to stdout.
    var outputTerminal: Terminal {
        let context = CommandContext.current
        return color.terminal(for: context.output, environment: context.environment)
    }

    /// Style of what goes to stderr; lines that quote a source are as long as they are.
    var diagnosticsTerminal: Terminal {
        let context = CommandContext.current
        let terminal = color.terminal(for: context.diagnostics, environment: context.environment)
        return Terminal(usesColor: terminal.usesColor)
    }

    /// The logger of this command.
    var logger: Logger {
        var logger = Logger(label: "spillway", factory: logFormat.handler)
        logger.logLevel = verbose ? .debug : quiet ? .error : .warning
        return logger
    }
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
