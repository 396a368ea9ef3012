package import Domain
import Foundation
package import Rendering

/// What a command may use of the process it runs in: nothing is read from globals anywhere else.
package struct CommandContext: Sendable {
    /// Environment variables.
    package var environment: [String: String]
    /// Folder that relative paths on the command line start from.
    package var currentFolder: String
    /// Where results go.
    package var output: Console
    /// Where progress and diagnostics go.
    package var diagnostics: Console
    /// How the command was told which workspace it works on.
    package var invocation = Invocation.bare
    /// When the command began: durations are counted from here.
    package var startedAt = Workbench.now
    /// SIGINT and SIGTERM.
    package var signals = Signals()

    /// What a command may use, given in place of the process's own.
    package init(environment: [String: String], currentFolder: String, output: Console, diagnostics: Console) {
        self.environment = environment
        self.currentFolder = currentFolder
        self.output = output
        self.diagnostics = diagnostics
    }

    /// The context of the command that runs now.
    @TaskLocal package static var current = CommandContext.process

    package static var process: CommandContext {
        CommandContext(
            environment: ProcessInfo.processInfo.environment, currentFolder: FileManager.default.currentDirectoryPath,
            output: Console(.standardOutput), diagnostics: Console(.standardError))
    }

    /// Whether this is a pipeline: no person is there to answer.
    package var isPipeline: Bool {
        environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false
    }

    /// Whether somebody can be asked.
    package var canAsk: Bool { output.isTerminal && Console(.standardInput).isTerminal && !isPipeline }

    /// A path as given on the command line, made absolute.
    package func path(_ text: String) -> String {
        text.hasPrefix("/") ? text : "\(currentFolder)/\(text)"
    }
}
