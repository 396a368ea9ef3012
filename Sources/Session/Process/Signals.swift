package import Execution

/// SIGINT and SIGTERM, and the command that minds them: one that has begun something ends it in order; all others just
/// end.
package actor Signals {
    /// Is told of each signal as the exit code it leads to.
    package typealias Minder = @Sendable (ExitCode) async -> Void

    private var minder: Minder?

    package init() {}

    /// Tells the command of a signal.
    ///
    /// - Returns: Whether it minds; else nothing keeps the process from ending.
    package func take(_ code: ExitCode) async -> Bool {
        guard let minder else { return false }
        await minder(code)
        return true
    }

    /// Minds signals while something goes on.
    package func minding<Result: Sendable>(
        _ minder: @escaping Minder, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        self.minder = minder
        defer { self.minder = nil }
        return try await body()
    }
}
