import Execution
import Foundation
import Synchronization
import UnixSignals

/// SIGINT and SIGTERM, and the command that minds them: one that has begun something ends it in order; all others just
/// end.
actor Signals {
    /// Is told of each signal as the exit code it leads to.
    typealias Minder = @Sendable (ExitCode) async -> Void

    private var minder: Minder?

    /// Tells the command of a signal.
    ///
    /// - Returns: Whether it minds; else nothing keeps the process from ending.
    func take(_ code: ExitCode) async -> Bool {
        guard let minder else { return false }
        await minder(code)
        return true
    }

    /// Minds signals while something goes on.
    func minding<Result: Sendable>(
        _ minder: @escaping Minder, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        self.minder = minder
        defer { self.minder = nil }
        return try await body()
    }

    /// The code of a signal.
    static func code(of signal: UnixSignal) -> ExitCode {
        signal == .sigterm ? .terminated : .interrupted
    }
}

/// What signals do to an apply. The first ends waits, and what was begun is taken back where it can be; the second ends
/// that, and calls in flight too.
actor RunControl {
    private var signals: [ExitCode] = []
    private var engine: Engine?
    private var cancel: (@Sendable () -> Void)?
    private var isTakingBack = false
    private var hasRun = false

    /// The first signal.
    var signal: ExitCode? { signals.first }

    /// What ends whatever goes on while no step is performed.
    func whenStopped(_ cancel: @escaping @Sendable () -> Void) {
        self.cancel = cancel
    }

    func signalled(_ code: ExitCode) async {
        signals.append(code)
        let isFirst = signals.count == 1
        if isFirst, isTakingBack { return }
        guard let engine else {
            cancel?()
            return
        }
        if isFirst {
            await engine.interrupt()
        } else {
            await engine.abandon()
        }
    }

    /// From here on one signal alone stops nothing: what is being done is what it asks for.
    func beginTakingBack() {
        isTakingBack = true
    }

    /// Lets signals reach the engine that performs steps.
    func performing(with engine: Engine, _ body: @Sendable () async throws -> RunReport) async throws -> RunReport {
        self.engine = engine
        hasRun = true
        defer { self.engine = nil }
        return try await body()
    }

    /// Why the command ends: when it was stopped, that, whatever it led to.
    func cause(of failure: CommandFailure) -> CommandFailure {
        guard Task.isCancelled else { return failure }
        return CommandFailure(
            signal ?? .interrupted,
            hasRun
                ? "interrupted; what was begun is in the journal (spillway runs), and spillway apply goes on from there"
                : "interrupted; nothing was done")
    }
}

/// Somebody's answer at the terminal.
enum Prompt {
    /// Reads a line.
    ///
    /// - Returns: `nil` at the end of input, or when the current task is cancelled meanwhile.
    static func line() async -> String? {
        let answer = Answer()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                answer.expect(continuation)
                Thread.detachNewThread { answer.give(readLine()?.trimmingCharacters(in: .whitespaces)) }
            }
        } onCancel: {
            answer.give(nil)
        }
    }

    /// What comes first: a line, or the end of waiting for it.
    private final class Answer: Sendable {
        private enum State {
            case open
            case expected(CheckedContinuation<String?, Never>)
            case given
        }

        private let state = Mutex(State.open)

        func expect(_ continuation: CheckedContinuation<String?, Never>) {
            let isLate = state.withLock { state in
                guard case .open = state else { return true }
                state = .expected(continuation)
                return false
            }
            if isLate { continuation.resume(returning: nil) }
        }

        func give(_ line: String?) {
            let continuation = state.withLock { state -> CheckedContinuation<String?, Never>? in
                defer { state = .given }
                if case .expected(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(returning: line)
        }
    }
}
