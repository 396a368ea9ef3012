import Domain
import Execution
import Planning

/// One world for runs of the real engine, with a lock whose lease passes on when its owner does not renew it.
actor Stage {
    /// How long a run holds the lock without renewing it.
    static let lease: Duration = .seconds(30)
    static let requestTimeout: Duration = .seconds(10)

    private(set) var history: History
    private var owner: Int?
    private var leaseEnd: Timestamp
    private var runs = 0
    private var plans: [Int: Plan] = [:]
    /// Whether sessions say that the lock is held whatever is true.
    private let dropsLeaseCheck: Bool

    init(_ history: History, dropsLeaseCheck: Bool = false) {
        self.history = history
        self.dropsLeaseCheck = dropsLeaseCheck
        leaseEnd = history.world.time
    }

    /// A run takes the lock, which nobody holds any more, and plans.
    func begin() -> (session: LeasedSession, plan: Plan)? {
        guard owner == nil || history.world.time >= leaseEnd else { return nil }
        let plan = history.plan()
        runs += 1
        owner = runs
        plans[runs] = plan
        _ = history.begin(plan)
        renew(runs)
        return (LeasedSession(run: runs, stage: self), plan)
    }

    func end(_ run: Int, isClean: Bool) {
        guard let plan = plans[run] else { return }
        act(as: run) { $0.end(plan, isKilled: !isClean, isClean: isClean) }
        if owner == run { owner = nil }
    }

    /// The owner sleeps for longer than its lease: a machine that is paused, a clock that jumps.
    func sleep() { history.world.time = history.world.time.advanced(by: Self.lease + .seconds(1)) }

    func perform(_ deed: Deed) { history.perform(deed) }

    func rest(atMost most: Int) -> Int? { history.rest(atMost: most) }

    // MARK: What sessions and performers ask

    func holds(_ run: Int, for duration: Duration) -> Bool {
        if dropsLeaseCheck { return true }
        guard owner == run, history.world.time < leaseEnd else { return false }
        renew(run)
        return history.world.time.advanced(by: duration) <= leaseEnd
    }

    /// A write of a run to its journal and ledger, which is conditional on the lock.
    func write(_ run: Int, _ change: (inout History) -> Void) throws(StateStoreError) {
        guard dropsLeaseCheck || (owner == run && history.world.time < leaseEnd) else { throw .lockLost }
        act(as: run, change)
    }

    func sent(_ step: Step, by run: Int) {
        history.emit(
            .sent(run: run, step, at: history.world.time, timeout: Self.requestTimeout), by: .run(run))
    }

    /// What live systems do for a call, whoever holds the lock.
    func call(_ step: Step, by run: Int) throws(StepFailure) {
        var failure: StepFailure?
        act(as: run) { history in
            let before = history.world
            do {
                try history.world.act(step, history.workspace)
                history.emit(.called(step, didFail: false), by: .run(run))
                history.note(.run(run))
            } catch {
                history.world = before
                history.emit(.called(step, didFail: true), by: .run(run))
                failure = StepFailure(.rejected, "\(error)")
            }
        }
        if let failure { throw failure }
    }

    private func renew(_ run: Int) {
        leaseEnd = history.world.time.advanced(by: Self.lease)
        history.emit(.locked(run: run, until: leaseEnd), by: .run(run))
    }

    private func act(as run: Int, _ change: (inout History) -> Void) {
        history.actor = .run(run)
        change(&history)
    }
}

/// The session of one run.
struct LeasedSession: RunSession {
    let run: Int
    let stage: Stage
    var runID: String { "run-\(run)" }
    var ledgerID: String { "ledger-1" }

    func holds(for duration: Duration) async -> Bool { await stage.holds(run, for: duration) }

    func intend(_ steps: [Step]) async throws(StateStoreError) {
        try await stage.write(run) { history in
            for step in steps { history.world.intend(step) }
        }
    }

    func conclude(_ outcomes: [StepOutcome]) async throws(StateStoreError) {
        try await stage.write(run) { history in
            for outcome in outcomes where outcome.result == .succeeded {
                history.learn(outcome.step, .run(run))
            }
        }
    }

    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) {}
    func forget(_ address: ResourceAddress) -> Bool { false }
    func own(_ address: ResourceAddress, as owned: Recorded.Owned) {}
    func end(exitCode: Int, summary: String) {}
}

/// Performs the steps of one run on the stage; before or behind one of its calls something else happens.
actor StagedPerformer: StepPerformer {
    /// When the surprise comes.
    enum Moment: CaseIterable {
        /// The call has been sent, and has not had its effect.
        case inFlight
        /// It has had its effect, and nobody heard of it.
        case answered
    }

    private let run: Int
    private let stage: Stage
    private let number: Int?
    private let moment: Moment
    private let surprise: @Sendable () async -> Void
    private var count = 0

    init(
        _ run: Int, _ stage: Stage, at number: Int? = nil, _ moment: Moment = .answered,
        _ surprise: @escaping @Sendable () async -> Void = {}
    ) {
        (self.run, self.stage, self.number, self.moment, self.surprise) = (run, stage, number, moment, surprise)
    }

    nonisolated func performs(_ action: StepAction) -> Bool { true }

    func perform(_ step: Step) async throws(StepFailure) {
        let isSurprised = count == number
        count += 1
        if isSurprised, moment == .inFlight { await surprise() }
        try await stage.call(step, by: run)
        if isSurprised, moment == .answered { await surprise() }
    }
}
