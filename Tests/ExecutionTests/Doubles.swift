import Domain
import Execution
import Planning

/// A run session in memory that writes down everything it is asked, and fails on demand.
actor ScriptedSession: RunSession {
    enum Entry: Hashable {
        case intend([String])
        case conclude([String])
    }

    nonisolated let runID = "run-1"
    nonisolated let ledgerID = "ledger-1"
    private(set) var entries: [Entry] = []
    private(set) var intended: Set<Step.ID> = []
    private(set) var concluded: [StepOutcome] = []
    private(set) var askedDurations: [Duration] = []
    private var holdsLock = true
    private var intendFailure: StateStoreError?
    private var concludeFailure: StateStoreError?
    private var whenIntended: (@Sendable () async -> Void)?

    func loseLock() { holdsLock = false }
    func failIntents(_ error: StateStoreError) { intendFailure = error }
    func failConclusions(_ error: StateStoreError) { concludeFailure = error }
    func afterIntending(_ act: @escaping @Sendable () async -> Void) { whenIntended = act }

    func holds(for duration: Duration) -> Bool {
        askedDurations.append(duration)
        return holdsLock
    }

    func intend(_ steps: [Step]) async throws(StateStoreError) {
        if let intendFailure { throw intendFailure }
        entries.append(.intend(steps.map(\.address.name)))
        intended.formUnion(steps.map(\.id))
        await whenIntended?()
    }

    func conclude(_ outcomes: [StepOutcome]) throws(StateStoreError) {
        if let concludeFailure { throw concludeFailure }
        entries.append(.conclude(outcomes.map(\.step.address.name)))
        concluded += outcomes
    }

    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) {}
    func forget(_ address: ResourceAddress) -> Bool { false }
    func own(_ address: ResourceAddress, as owned: Recorded.Owned) {}
    func end(exitCode: Int, summary: String) {}
}

/// Performs steps at once, or when the test says so; fails those it is told to fail.
actor ScriptedPerformer: StepPerformer {
    private let failures: [String: StepFailure]
    private let holdsBack: Bool
    private let isAnswered: Bool
    private let session: ScriptedSession?
    private(set) var performed: [String] = []
    private(set) var unintended: [String] = []
    private(set) var mostAtOnce = 0
    private var waiting: [String: CheckedContinuation<Void, Never>] = [:]
    private var running = 0
    private var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(
        failing failures: [String: StepFailure] = [:], holdsBack: Bool = false, isAnswered: Bool = false,
        session: ScriptedSession? = nil
    ) {
        self.failures = failures
        self.holdsBack = holdsBack
        self.isAnswered = isAnswered
        self.session = session
    }

    nonisolated func performs(_ action: StepAction) -> Bool {
        if case .kafka(.createTopic) = action { true } else { false }
    }

    func perform(_ step: Step) async throws(StepFailure) {
        try await perform(step) {}
    }

    func perform(_ step: Step, beginsWaiting: @escaping @Sendable () async -> Void) async throws(StepFailure) {
        let name = step.address.name
        if let session, await !session.intended.contains(step.id) { unintended.append(name) }
        running += 1
        mostAtOnce = max(mostAtOnce, running)
        performed.append(name)
        if isAnswered { await beginsWaiting() }
        if holdsBack { await hold(name) }
        running -= 1
        if let failure = failures[name] { throw failure }
    }

    /// Returns when that many calls are in flight.
    func waitUntilRunning(_ count: Int) async {
        guard waiting.count < count else { return }
        await withCheckedContinuation { observers.append((count, $0)) }
    }

    /// Returns when the call of a step is in flight.
    func waitUntilPerforming(_ name: String) async {
        while waiting[name] == nil { await Task.yield() }
    }

    /// Lets a call in flight return.
    func release(_ name: String) {
        waiting.removeValue(forKey: name)?.resume()
    }

    private func hold(_ name: String) async {
        await withCheckedContinuation { continuation in
            waiting[name] = continuation
            let ready = observers.filter { $0.count <= waiting.count }
            observers.removeAll { $0.count <= waiting.count }
            for observer in ready { observer.continuation.resume() }
        }
    }
}

/// Keeps the events of a run.
actor EventRecorder {
    private(set) var events: [ExecutionEvent] = []

    func receive(_ event: ExecutionEvent) { events.append(event) }

    /// The events as short words.
    var words: [String] {
        events.map { event in
            switch event {
            case .runStarted: "run started"
            case .stepStarted(let step, _): "start \(step.address.name)"
            case .stepEnded(let outcome): "end \(outcome.step.address.name)"
            case .interrupted: "interrupted"
            case .runEnded: "run ended"
            }
        }
    }
}
