import Domain

/// Polls one list for everybody who waits for something in it: one request a tick, however many wait.
///
/// Ticks begin fast and slow down while nothing happens; a poller without waiters sends nothing.
package actor ListPoller<List: Sendable> {
    private struct Waiter {
        let id: Int
        let deadline: Duration
        /// Settles the waiter when the list shows what it waits for; else says what the list shows.
        let judge: @Sendable (List) -> Judgement
        let fail: @Sendable (PollFailure) -> Void
        var lastSeen: String?
    }

    private enum Judgement: Sendable {
        case settled
        case waiting(String)
    }

    private let cadence: PollCadence
    private let pacing: Pacing
    private let fetch: @Sendable () async -> Result<List, TransportFailure>
    private var waiters: [Waiter] = []
    private var nextID = 0
    private var interval: Duration
    /// Four times what a request takes, so that polling takes at most a fifth of the time.
    private var shortest: Duration = .zero
    private var isRunning = false
    private var failingSince: Duration?

    /// A poller of one list.
    ///
    /// - Parameter fetch: Reads the list once.
    package init(
        cadence: PollCadence = PollCadence(), pacing: Pacing,
        fetch: @escaping @Sendable () async -> Result<List, TransportFailure>
    ) {
        self.cadence = cadence
        self.pacing = pacing
        self.fetch = fetch
        self.interval = cadence.first
    }

    /// How many wait now.
    package var waiterCount: Int { waiters.count }

    /// Waits until a list that was requested after this call shows what is waited for.
    ///
    /// - Parameters:
    ///   - limit: How long to wait at most.
    ///   - judge: Judges one list.
    /// - Throws: ``PollFailure``.
    package func wait<Value: Sendable>(
        atMost limit: Duration, until judge: @escaping @Sendable (List) -> PollVerdict<Value>
    ) async throws(PollFailure) -> Value {
        let id = nextID
        nextID += 1
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Value, PollFailure>, Never>) in
                guard !Task.isCancelled else {
                    continuation.resume(returning: .failure(.cancelled))
                    return
                }
                enlist(
                    Waiter(
                        id: id, deadline: pacing.elapsed() + limit,
                        judge: { list in
                            switch judge(list) {
                            case .reached(let value): continuation.resume(returning: .success(value))
                            case .failed(let reason): continuation.resume(returning: .failure(.refused(reason)))
                            case .waiting(let seen): return .waiting(seen)
                            }
                            return .settled
                        },
                        fail: { continuation.resume(returning: .failure($0)) }))
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
        return try result.get()
    }

    private func enlist(_ waiter: Waiter) {
        waiters.append(waiter)
        interval = min(interval, max(cadence.whenJoined, shortest))
        guard !isRunning else { return }
        isRunning = true
        interval = cadence.first
        Task { await run() }
    }

    private func abandon(_ id: Int) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: index).fail(.cancelled)
    }

    private func run() async {
        var lastTick = pacing.elapsed()
        while !waiters.isEmpty {
            await pause(since: lastTick)
            lastTick = pacing.elapsed()
            let judged = waiters.map(\.id)
            guard let newest = judged.last else { break }
            let result = await fetch()
            let settled = take(result, upTo: newest)
            expire()
            shortest = min((pacing.elapsed() - lastTick) * 4, cadence.longest)
            interval = max(cadence.next(after: interval, somethingHappened: settled), shortest)
        }
        isRunning = false
    }

    /// Sleeps in short pieces, so that somebody who joins does not wait for the end of a long interval.
    private func pause(since lastTick: Duration) async {
        while !waiters.isEmpty {
            let remaining = lastTick + interval - pacing.elapsed()
            guard remaining > .zero else { return }
            try? await pacing.sleep(min(remaining, cadence.whenJoined))
        }
    }

    /// Judges those who waited before the list was requested; whether any of them is done.
    private func take(_ result: Result<List, TransportFailure>, upTo newest: Int) -> Bool {
        switch result {
        case .success(let list):
            failingSince = nil
            let before = waiters.count
            waiters = waiters.compactMap { waiter in
                guard waiter.id <= newest else { return waiter }
                guard case .waiting(let seen) = waiter.judge(list) else { return nil }
                var waiter = waiter
                waiter.lastSeen = seen
                return waiter
            }
            return waiters.count < before
        case .failure(let failure):
            // Being asked to wait is no outage: who has the time waits, and who has not is told at once.
            if let until = failure.quietUntil {
                failThose(before: pacing.elapsed() + until.since(.now), .unanswered(failure))
                return false
            }
            let since = failingSince ?? pacing.elapsed()
            failingSince = since
            if !failure.isTransient || pacing.elapsed() - since > cadence.patience { failAll(.unanswered(failure)) }
            return false
        }
    }

    private func expire() {
        let now = pacing.elapsed()
        let late = waiters.filter { $0.deadline <= now }
        guard !late.isEmpty else { return }
        waiters.removeAll { $0.deadline <= now }
        for waiter in late { waiter.fail(.late(lastSeen: waiter.lastSeen)) }
    }

    private func failThose(before moment: Duration, _ failure: PollFailure) {
        let late = waiters.filter { $0.deadline < moment }
        waiters.removeAll { $0.deadline < moment }
        for waiter in late { waiter.fail(failure) }
    }

    private func failAll(_ failure: PollFailure) {
        let all = waiters
        waiters = []
        failingSince = nil
        for waiter in all { waiter.fail(failure) }
    }
}

/// What one list says to one who waits.
package enum PollVerdict<Value: Sendable>: Sendable {
    /// What is waited for is there.
    case reached(Value)
    /// Not yet; what is there instead, in words.
    case waiting(String)
    /// It will never be there; why.
    case failed(String)
}

/// Why waiting ended without what was waited for.
package enum PollFailure: Error, Hashable, Sendable {
    /// The time is over; what was last seen.
    case late(lastSeen: String?)
    /// It will never be there.
    case refused(String)
    /// The list cannot be read.
    case unanswered(TransportFailure)
    /// The task was cancelled.
    case cancelled
}

/// How fast a list is polled.
package struct PollCadence: Sendable, Hashable {
    /// Before the first request.
    package var first: Duration = .milliseconds(100)
    /// Between requests when nothing happens for long.
    package var longest: Duration = .seconds(5)
    /// Longest wait of somebody who joins.
    package var whenJoined: Duration = .milliseconds(250)
    /// How long the list may be unreadable for passing reasons.
    package var patience: Duration = .seconds(30)

    package init() {}

    func next(after interval: Duration, somethingHappened: Bool) -> Duration {
        somethingHappened ? max(first, interval / 2) : min(longest, interval * 8 / 5)
    }
}
