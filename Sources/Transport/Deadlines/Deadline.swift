import Synchronization

/// Runs an operation until the endpoint it talks to has been silent for `limit`.
///
/// - Returns: What the operation returns; after too long a silence the endpoint's last complaint when it had one, else
///   a timeout. The operation is cancelled then, and is not waited for.
package func withSilenceLimit<Success: Sendable>(
    _ limit: Duration, endpoint: String, watch: ProgressWatch,
    _ operation: @escaping @Sendable () async -> Result<Success, TransportFailure>
) async -> Result<Success, TransportFailure> {
    let result = await firstOf(operation) {
        while true {
            let remaining = limit - watch.silence
            guard remaining > .zero else { return }
            do { try await Task.sleep(for: remaining) } catch { return }
        }
    }
    if let result { return result }
    if Task.isCancelled { return .failure(TransportFailure(.cancelled, endpoint: endpoint, call: "observing")) }
    if let complaint = watch.complaint { return .failure(complaint) }
    let reason = "no answer within \(limit.inWords)"
    return .failure(TransportFailure(.timeout(reason), endpoint: endpoint, call: "observing"))
}

/// Runs an operation for at most `limit` of real time; `nil` = it was cancelled because the time was over. It is not
/// waited for then, whatever it does about being cancelled.
package func withDeadline<Success: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async -> Success
) async -> Success? {
    await firstOf(operation) { try? await Task.sleep(for: limit) }
}

/// What an operation returns, or `nil` when something else ends before it. Nobody waits for the one that is late.
private func firstOf<Success: Sendable>(
    _ operation: @escaping @Sendable () async -> Success, _ end: @escaping @Sendable () async -> Void
) async -> Success? {
    let race = Race<Success>()
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            race.begin(
                continuation,
                [
                    Task { race.decide(await operation()) },
                    Task {
                        await end()
                        race.decide(nil)
                    },
                ])
        }
    } onCancel: {
        race.decide(nil)
    }
}

/// Whoever decides first is heard; the tasks are cancelled then.
private final class Race<Success: Sendable>: Sendable {
    private enum State {
        case open([Task<Void, Never>], CheckedContinuation<Success?, Never>?)
        case decided(Success?)
    }

    private let state = Mutex(State.open([], nil))

    func begin(_ continuation: CheckedContinuation<Success?, Never>, _ tasks: [Task<Void, Never>]) {
        let early: Success?? = state.withLock { state in
            if case .decided(let result) = state { return .some(result) }
            state = .open(tasks, continuation)
            return .none
        }
        guard let early else { return }
        for task in tasks { task.cancel() }
        continuation.resume(returning: early)
    }

    func decide(_ result: Success?) {
        let open: ([Task<Void, Never>], CheckedContinuation<Success?, Never>?)? = state.withLock { state in
            guard case .open(let tasks, let continuation) = state else { return nil }
            state = .decided(result)
            return (tasks, continuation)
        }
        guard let (tasks, continuation) = open else { return }
        for task in tasks { task.cancel() }
        continuation?.resume(returning: result)
    }
}

extension Duration {
    /// `10s`, `250ms`: for messages.
    package var inWords: String {
        let (seconds, rest) = (components.seconds, components.attoseconds / 1_000_000_000_000_000)
        guard rest != 0, seconds.magnitude < 1_000_000 else { return "\(seconds)s" }
        return "\(seconds * 1000 + rest)ms"
    }
}
