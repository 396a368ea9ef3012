import Domain

/// Lets as many requests through to one endpoint as it bears; the rest wait in order.
actor AdaptiveLimiter {
    private var state: LimiterState
    private var waiting: [(id: Int, continuation: CheckedContinuation<LimiterState.Ticket?, Never>)] = []
    private var nextID = 0
    private var quietUntil: Duration = .zero
    private let elapsed: @Sendable () -> Duration

    /// A limiter of at most `maximum` requests.
    ///
    /// - Parameters:
    ///   - startsAlone: Whether one request goes ahead, and the others wait until the server has shown itself.
    ///   - elapsed: Time since some fixed moment.
    init(maximum: Int, startsAlone: Bool = false, elapsed: @escaping @Sendable () -> Duration) {
        self.state = LimiterState(maximum: maximum, startsAlone: startsAlone)
        self.elapsed = elapsed
    }

    /// The present limit.
    var limit: Int { Int(state.limit) }

    /// Waits for a place; `nil` when the task was cancelled meanwhile, or the time was over.
    func acquire(within limit: Duration? = nil) async -> LimiterState.Ticket? {
        if waiting.isEmpty, let ticket = state.admit() { return ticket }
        let id = nextID
        nextID += 1
        let clock = limit.map { limit in
            Task {
                try await Task.sleep(for: limit)
                self.abandon(id)
            }
        }
        defer { clock?.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: nil)
                } else {
                    waiting.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
    }

    /// Gives a place back and lets the next in.
    func release(_ ticket: LimiterState.Ticket, _ outcome: LimiterState.Outcome) {
        state.finish(ticket, outcome)
        admitWaiting()
    }

    /// The server has shown itself: those who waited for that may go on.
    func opened() {
        state.open()
        admitWaiting()
    }

    private func admitWaiting() {
        while !waiting.isEmpty, let next = state.admit() {
            waiting.removeFirst().continuation.resume(returning: next)
        }
    }

    /// Asks every caller to keep quiet for some time, because the service said so.
    func quieten(for duration: Duration) {
        quietUntil = max(quietUntil, elapsed() + duration)
    }

    /// How long callers should still keep quiet.
    var remainingQuiet: Duration {
        max(.zero, quietUntil - elapsed())
    }

    private func abandon(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: nil)
    }
}
