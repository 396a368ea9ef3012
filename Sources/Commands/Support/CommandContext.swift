import Diagnostics
import Foundation
import Rendering

/// What a command may use of the process it runs in: nothing is read from globals anywhere else.
struct CommandContext: Sendable {
    /// Environment variables.
    var environment: [String: String]
    /// Folder that relative paths on the command line start from.
    var currentFolder: String
    /// Where results go.
    var output: Console
    /// Where progress and diagnostics go.
    var diagnostics: Console

    /// The context of the command that runs now.
    @TaskLocal static var current = CommandContext.process

    /// The context of this process.
    static var process: CommandContext {
        CommandContext(
            environment: ProcessInfo.processInfo.environment, currentFolder: FileManager.default.currentDirectoryPath,
            output: Console(.standardOutput), diagnostics: Console(.standardError))
    }

    /// Whether this is a pipeline: no person is there to answer.
    var isPipeline: Bool {
        environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false
    }

    /// A path as given on the command line, made absolute.
    func path(_ text: String) -> String {
        text.hasPrefix("/") ? text : "\(currentFolder)/\(text)"
    }
}

/// One of the process's streams.
struct Console: Sendable {
    private let handle: FileHandle

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// Whether a person looks at it.
    var isTerminal: Bool {
        isatty(handle.fileDescriptor) == 1
    }

    /// Writes text, without anything a terminal would act on but colour and the redrawing of progress. A reader that
    /// has gone away is no error of ours.
    func write(_ text: String) {
        try? handle.write(contentsOf: Data(PlainText.onTerminal(text).utf8))
    }

    /// Writes text and, unless it ends with one, a line break.
    func writeLine(_ text: String) {
        write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
    }
}

/// When colours are used.
enum ColorChoice: String, CaseIterable, Sendable {
    case auto
    case always
    case never

    /// The terminal style for a stream: flags over environment, `NO_COLOR` over `CLICOLOR_FORCE` over the terminal.
    func terminal(for console: Console, environment: [String: String]) -> Terminal {
        func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty && $0 != "0" } ?? false }
        switch self {
        case .always: return Terminal(usesColor: true)
        case .never: return Terminal(usesColor: false)
        case .auto:
            if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return Terminal(usesColor: false) }
            if isSet("CLICOLOR_FORCE") { return Terminal(usesColor: true) }
            let isCapable = environment["TERM"] != "dumb" && !isSet("CI")
            return Terminal(usesColor: isCapable && console.isTerminal)
        }
    }
}
