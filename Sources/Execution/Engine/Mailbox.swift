import Planning

/// Where calls in flight and whoever interrupts leave word for the engine, so that everything that arrives while it
/// writes the journal is handled together in the next write.
///
/// It also knows which calls were answered and only wait for their effect to be seen.
actor Mailbox {
    /// What has arrived since the last look.
    struct News {
        var outcomes: [StepOutcome]
        var isInterrupted: Bool
    }

    private var outcomes: [StepOutcome] = []
    private var waiting: Set<Step.ID> = []
    private var hasUnseenWait = false
    private var hasUnseenInterruption = false
    private var waiter: CheckedContinuation<Void, Never>?
    /// Whether an interruption has ever arrived.
    private(set) var isInterrupted = false

    /// Leaves the outcome of a call.
    func post(_ outcome: StepOutcome) {
        outcomes.append(outcome)
        waiting.remove(outcome.step.id)
        wake()
    }

    /// Leaves word that a step's call was answered, and that its effect is waited for.
    func beginWaiting(_ step: Step.ID) {
        guard waiting.insert(step).inserted else { return }
        hasUnseenWait = true
        wake()
    }

    /// How many steps only wait for their effect.
    var waitingCount: Int { waiting.count }

    /// Leaves the wish to stop.
    func interrupt() {
        guard !isInterrupted else { return }
        isInterrupted = true
        hasUnseenInterruption = true
        wake()
    }

    /// Waits until there is something, and takes all of it. Only one caller may wait at a time.
    func take() async -> News {
        if outcomes.isEmpty && !hasUnseenInterruption && !hasUnseenWait {
            await withCheckedContinuation { waiter = $0 }
        }
        defer {
            outcomes = []
            hasUnseenInterruption = false
            hasUnseenWait = false
        }
        return News(outcomes: outcomes, isInterrupted: isInterrupted)
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
