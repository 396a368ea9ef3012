import Diagnostics
import Domain
import Foundation
import Rendering
import Synchronization

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
    /// When the command began: durations are counted from here.
    var startedAt = Workbench.now
    /// SIGINT and SIGTERM.
    var signals = Signals()

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
    private let isBroken = Flag()

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// Whether something that was written did not arrive: nobody reads it any more, or there is no room for it.
    var hasLost: Bool { isBroken.isSet }

    /// Columns of the terminal; `nil` when it is none.
    var width: Int? {
        var size = winsize()
        guard isTerminal, ioctl(handle.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Whether a person looks at it.
    var isTerminal: Bool {
        isatty(handle.fileDescriptor) == 1
    }

    /// Writes text, without anything a terminal would act on but colour and the redrawing of progress; that it did not
    /// arrive is remembered, and stops nothing.
    func write(_ text: String) {
        let bytes = Data(PlainText.onTerminal(text).utf8)
        do { try handle.write(contentsOf: bytes) } catch { isBroken.set() }
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
        func terminal(usesColor: Bool) -> Terminal { Terminal(usesColor: usesColor, width: console.width) }
        switch self {
        case .always: return terminal(usesColor: true)
        case .never: return terminal(usesColor: false)
        case .auto:
            if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return terminal(usesColor: false) }
            if isSet("CLICOLOR_FORCE") { return terminal(usesColor: true) }
            let isCapable = environment["TERM"] != "dumb" && !isSet("CI")
            return terminal(usesColor: isCapable && console.isTerminal)
        }
    }
}

/// Something that happened, or did not.
private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock(\.self) }
    func set() { state.withLock { $0 = true } }
}
