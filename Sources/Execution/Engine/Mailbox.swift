/// Where calls in flight and whoever interrupts leave word for the engine, so that everything that arrives while it
/// writes the journal is handled together in the next write.
actor Mailbox {
    /// What has arrived since the last look.
    struct News {
        var outcomes: [StepOutcome]
        var isInterrupted: Bool
    }

    private var outcomes: [StepOutcome] = []
    private var hasUnseenInterruption = false
    private var waiter: CheckedContinuation<Void, Never>?
    /// Whether an interruption has ever arrived.
    private(set) var isInterrupted = false

    /// Leaves the outcome of a call.
    func post(_ outcome: StepOutcome) {
        outcomes.append(outcome)
        wake()
    }

    /// Leaves the wish to stop.
    func interrupt() {
        guard !isInterrupted else { return }
        isInterrupted = true
        hasUnseenInterruption = true
        wake()
    }

    /// Waits until there is something, and takes all of it. Only one caller may wait at a time.
    func take() async -> News {
        if outcomes.isEmpty && !hasUnseenInterruption {
            await withCheckedContinuation { waiter = $0 }
        }
        defer {
            outcomes = []
            hasUnseenInterruption = false
        }
        return News(outcomes: outcomes, isInterrupted: isInterrupted)
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
