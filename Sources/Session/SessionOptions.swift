package import Logging
package import Rendering

/// What a session is opened with: which workspace, and how what it does is told.
package struct SessionOptions: Sendable {
    /// The workspace file or folder, absolute.
    package var workspacePath: String
    /// Where the state is, instead of where the manifests say.
    package var state: StateNotation?
    /// When colours are used.
    package var color: ColorChoice
    /// Whether progress and warnings are not told.
    package var isQuiet: Bool
    /// The log; every request is in it from `debug` on.
    package var logger: Logger

    package init(
        workspacePath: String, state: StateNotation? = nil, color: ColorChoice = .auto, isQuiet: Bool = false,
        logger: Logger
    ) {
        self.workspacePath = workspacePath
        self.state = state
        self.color = color
        self.isQuiet = isQuiet
        self.logger = logger
    }

    /// Style of what goes to stdout.
    package var outputTerminal: Terminal {
        let context = CommandContext.current
        return color.terminal(for: context.output, environment: context.environment, invocation: context.invocation)
    }

    /// Style of what goes to stderr; lines that quote a source are as long as they are.
    package var diagnosticsTerminal: Terminal {
        let context = CommandContext.current
        let terminal = color.terminal(
            for: context.diagnostics, environment: context.environment, invocation: context.invocation)
        return Terminal(usesColor: terminal.usesColor, invocation: context.invocation)
    }
}
