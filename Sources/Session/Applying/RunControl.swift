import Execution
import Rendering

/// What signals do to an apply. The first ends waits, and what was begun is taken back where it can be; the second ends
/// that, and calls in flight too.
actor RunControl {
    private var signals: [ExitCode] = []
    private var engine: Engine?
    private var cancel: (@Sendable () -> Void)?
    private var isTakingBack = false
    private var hasRun = false

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
        let invocation = CommandContext.current.invocation
        return CommandFailure(
            signal ?? .interrupted,
            hasRun
                ? "interrupted; what was begun is in the journal (\(invocation.command("runs"))), and "
                    + "\(invocation.command("apply")) goes on from there"
                : "interrupted; nothing was done")
    }
}
