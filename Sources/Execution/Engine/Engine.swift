package import Domain
package import Planning

/// Carries out the steps of one run: intent durable before a call, outcome durable after it, independent work in
/// parallel, what depends on a failure left out.
///
/// One engine serves one run. ``interrupt()`` ends its waits and lets calls in flight finish, ``abandon()`` ends those
/// too; cancelling the task it runs in interrupts it.
package final class Engine: Sendable {
    /// Limits of a run.
    package struct Limits: Hashable, Sendable {
        /// Calls in flight at the same time, over all endpoints; how many one endpoint gets is Transport's business.
        /// Steps that were answered and only wait for their effect are not among them.
        package var concurrency: Int
        /// Deadline of one request: a call is sent only while the lock is held for longer than this and 2 s.
        package var requestTimeout: Duration
        /// How long calls in flight may take when the run is interrupted.
        package var grace: Duration

        /// Limits of a run; a concurrency below 1 counts as 1.
        package init(concurrency: Int, requestTimeout: Duration, grace: Duration = .seconds(4)) {
            self.concurrency = max(1, concurrency)
            self.requestTimeout = requestTimeout
            self.grace = grace
        }
    }

    private static let lockMargin: Duration = .seconds(2)
    /// Steps that wait for their effect, for each call that may be in flight.
    private static let waitsPerCall = 16

    private let session: any RunSession
    private let performers: [any StepPerformer]
    private let limits: Limits
    private let startedAt: Timestamp?
    private let clock: @Sendable () -> Timestamp
    private let observer: @Sendable (ExecutionEvent) async -> Void
    private let mailbox = Mailbox()
    private let shield: CallShield

    /// An engine for one run.
    ///
    /// - Parameters:
    ///   - session: The run, which holds the lock; it is not ended here.
    ///   - performers: Who performs steps; the first that knows an action is asked.
    ///   - limits: Limits of the run.
    ///   - startedAt: When the run began that these steps are a part of; `nil` = with them.
    ///   - clock: The time of events and outcomes.
    ///   - observer: Receives every event in order, one at a time; the run waits for it.
    package init(
        session: any RunSession, performers: [any StepPerformer], limits: Limits, startedAt: Timestamp? = nil,
        clock: @escaping @Sendable () -> Timestamp, observer: @escaping @Sendable (ExecutionEvent) async -> Void
    ) {
        self.session = session
        shield = CallShield { await session.holds(for: limits.requestTimeout + Self.lockMargin) }
        self.performers = performers
        self.limits = limits
        self.startedAt = startedAt
        self.clock = clock
        self.observer = observer
    }

    /// Asks the run to stop: nothing new is sent, waits end at once with their outcome open, calls in flight are
    /// awaited for a few seconds and their outcomes written.
    package func interrupt() async {
        await mailbox.interrupt()
    }

    /// Asks the run to stop without waiting for calls in flight: their outcome stays open.
    package func abandon() async {
        await mailbox.interrupt()
        shield.takeAway()
    }

    /// Carries out steps and reports how each of them ended.
    ///
    /// - Throws: ``StepSchedule/Flaw`` before anything is done, when the steps cannot be ordered.
    package func run(_ steps: [Step]) async throws(StepSchedule.Flaw) -> RunReport {
        var run = Progress(schedule: try StepSchedule(steps))
        let startedAt = startedAt ?? clock()
        await observer(.runStarted(runID: session.runID, steps: steps.count, at: startedAt))
        await withDiscardingTaskGroup { calls in
            var patience: Task<Void, Never>?
            while !run.schedule.isFinished {
                while await startReady(&run, in: &calls) {}
                guard run.schedule.runningCount > 0 else { continue }
                let news = await mailbox.take()
                if news.isInterrupted {
                    await stop(&run)
                    calls.cancelAll()
                    patience = patience ?? losingPatience()
                }
                await settle(news.outcomes, in: &run)
            }
            patience?.cancel()
        }
        let report = RunReport(
            runID: session.runID, startedAt: startedAt, endedAt: clock(), outcomes: run.outcomes,
            wasInterrupted: run.wasInterrupted, journalFailure: run.journalFailure)
        await observer(.runEnded(report))
        return report
    }
}

extension Engine {
    /// How far a run has come.
    private struct Progress {
        var schedule: StepSchedule
        var outcomes: [StepOutcome] = []
        var wasInterrupted = false
        var journalFailure: String?
    }

    /// Starts one batch of what is ready.
    ///
    /// - Returns: Whether more may have become ready by that.
    private func startReady(_ run: inout Progress, in calls: inout DiscardingTaskGroup) async -> Bool {
        guard run.journalFailure == nil, await !mustStop() else {
            await stop(&run)
            return false
        }
        let batch = run.schedule.next(limit: await freeCalls(run))
        let effectful = batch.filter(\.isEffectful)
        if !effectful.isEmpty {
            guard await mayBeSent(effectful, in: &run) else {
                await stop(&run, withdrawing: batch.map(\.id))
                return false
            }
            for step in effectful { await send(step, in: &calls) }
        }
        let bookkeeping = batch.filter { !$0.isEffectful }
        await settle(bookkeeping.map { ended($0, .succeeded, startedAt: clock()) }, in: &run)
        return !bookkeeping.isEmpty
    }

    /// How many calls may be sent now: a few at a time, or none, so that their intents share a write.
    private func freeCalls(_ run: Progress) async -> Int {
        let waiting = await mailbox.waitingCount
        let calls = run.schedule.runningCount - waiting
        let free = min(limits.concurrency - calls, limits.concurrency * Self.waitsPerCall - waiting)
        return calls > 0 && free < limits.concurrency / 4 ? 0 : free
    }

    /// Makes intents durable and makes sure, afterwards, that the calls may still be sent.
    private func mayBeSent(_ steps: [Step], in run: inout Progress) async -> Bool {
        do {
            try await session.intend(steps)
        } catch {
            run.journalFailure = error.reason
            return false
        }
        guard !shield.hasDenied, await session.holds(for: limits.requestTimeout + Self.lockMargin) else {
            run.journalFailure = StateStoreError.lockLost.reason
            return false
        }
        return await !mustStop()
    }

    private func mustStop() async -> Bool {
        if Task.isCancelled { return true }
        return await mailbox.isInterrupted
    }

    /// Abandons calls that are still in flight some time after the interruption.
    private func losingPatience() -> Task<Void, Never> {
        Task { [grace = limits.grace, shield] in
            do { try await Task.sleep(for: grace) } catch { return }
            shield.takeAway()
        }
    }

    private func send(_ step: Step, in calls: inout DiscardingTaskGroup) async {
        let startedAt = clock()
        await observer(.stepStarted(step, at: startedAt))
        let performer = performers.first { $0.performs(step.action) }
        calls.addTask { [mailbox, clock, shield] in
            let result = await CallShield.$current.withValue(shield) {
                await Self.perform(step, with: performer) { await mailbox.beginWaiting(step.id) }
            }
            await mailbox.post(StepOutcome(step: step, result: result, startedAt: startedAt, endedAt: clock()))
        }
    }

    private static func perform(
        _ step: Step, with performer: (any StepPerformer)?, beginsWaiting: @escaping @Sendable () async -> Void
    ) async -> StepOutcome.Result {
        guard let performer else {
            return .failed(StepFailure(.rejected, "this version cannot perform \(step.id)"))
        }
        do {
            try await performer.perform(step, beginsWaiting: beginsWaiting)
            return .succeeded
        } catch {
            return error.isCut ? .open(error) : .failed(error)
        }
    }

    /// Lets nothing new start; every step that has not been sent ends here.
    private func stop(_ run: inout Progress, withdrawing unsent: [Step.ID] = []) async {
        if await mustStop(), !run.wasInterrupted {
            run.wasInterrupted = true
            await observer(.interrupted(at: clock()))
        }
        let rest = run.schedule.interrupt(withdrawing: unsent)
        await record(rest.map { ended($0, .interrupted) }, in: &run)
    }

    /// Tells the schedule how calls ended, and records them together with what follows from them.
    private func settle(_ outcomes: [StepOutcome], in run: inout Progress) async {
        var all: [StepOutcome] = []
        for outcome in outcomes {
            all.append(outcome)
            switch outcome.result {
            case .failed, .open:
                let skips = run.schedule.failed(outcome.step.id)
                all += skips.map { ended($0.step, .skipped(because: $0.because)) }
            case .succeeded, .skipped, .interrupted:
                run.schedule.succeeded(outcome.step.id)
            }
        }
        await record(all, in: &run)
    }

    /// Makes outcomes durable, then tells of them. Outcomes are true even when the journal is lost, so that writing
    /// them is tried each time.
    private func record(_ outcomes: [StepOutcome], in run: inout Progress) async {
        guard !outcomes.isEmpty else { return }
        do {
            try await session.conclude(outcomes)
        } catch {
            run.journalFailure = run.journalFailure ?? error.reason
        }
        run.outcomes += outcomes
        for outcome in outcomes { await observer(.stepEnded(outcome)) }
    }

    private func ended(_ step: Step, _ result: StepOutcome.Result, startedAt: Timestamp? = nil) -> StepOutcome {
        StepOutcome(step: step, result: result, startedAt: startedAt, endedAt: clock())
    }
}

extension StepFailure {
    /// Whether the step was given up in the middle, so that its effect is open; what the service has said stands.
    fileprivate var isCut: Bool {
        switch kind {
        case .interrupted: true
        case .unreachable, .timeout, .broken, .withoutCredentials: Task.isCancelled
        case .denied, .rejected, .conflict, .throttled, .untrusted: false
        }
    }
}
