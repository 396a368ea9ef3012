import Synchronization

/// Remembers when an endpoint last gave something useful, and its last complaint: silence is measured from here, so
/// that a long list that keeps arriving is not taken for a dead endpoint.
public final class ProgressWatch: Sendable {
    private struct State {
        var last: ContinuousClock.Instant
        var complaint: TransportFailure?
    }

    private let state: Mutex<State>

    /// A watch that starts now.
    public init() {
        state = Mutex(State(last: .now))
    }

    func progressed() {
        state.withLock { $0 = State(last: .now) }
    }

    func complained(_ failure: TransportFailure) {
        state.withLock { $0.complaint = failure }
    }

    var silence: Duration {
        state.withLock { $0.last.duration(to: .now) }
    }

    var complaint: TransportFailure? {
        state.withLock { $0.complaint }
    }
}

/// Runs an operation until the endpoint it talks to has been silent for `limit`.
///
/// - Returns: What the operation returns; after too long a silence the endpoint's last complaint when it had one, else
///   a timeout. The operation is cancelled then and is not waited for beyond its own cancellation.
public func withSilenceLimit<Success: Sendable>(
    _ limit: Duration, endpoint: String, watch: ProgressWatch,
    _ operation: @escaping @Sendable () async -> Result<Success, TransportFailure>
) async -> Result<Success, TransportFailure> {
    await withTaskGroup(of: Result<Success, TransportFailure>?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            while true {
                let remaining = limit - watch.silence
                guard remaining > .zero else { break }
                do { try await Task.sleep(for: remaining) } catch { return nil }
            }
            if let complaint = watch.complaint { return .failure(complaint) }
            let reason = "no answer within \(limit.inWords)"
            return .failure(TransportFailure(.timeout(reason), endpoint: endpoint, call: "observing"))
        }
        defer { group.cancelAll() }
        while let result = await group.next() {
            if let result { return result }
        }
        return .failure(TransportFailure(.cancelled, endpoint: endpoint, call: "observing"))
    }
}

/// Runs an operation for at most `limit` of real time; `nil` = it was cancelled because the time was over.
func withDeadline<Success: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async -> Success
) async -> Success? {
    await withTaskGroup(of: Success?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

extension Duration {
    /// `10s`, `250ms`: for messages.
    public var inWords: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
