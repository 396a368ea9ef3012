import Domain
import Execution
import Planning

/// A run on a shared ledger. Its writes follow one another; each is a segment of the log, which is refused when another
/// run has begun since.
actor SharedRunSession: RunSession {
    nonisolated let runID: String
    nonisolated let ledgerID: String
    private var place: SharedPlace
    private let clock: StateClock
    private var book: LedgerBook
    private var journaled: JournaledRun
    private var head: SharedPlace.Document<SharedLedgerHead>?
    /// Number of the last segment.
    private var last: Int
    /// Segments that may have been written: whether the last one was is not known until it is there.
    private var unsettled: LedgerSegment?
    private var lock: SharedPlace.Document<SharedLock>
    /// When the lease that is held was asked for, by a clock that goes on while the machine sleeps.
    private var renewed: Duration
    private var isOver = false
    private var queue: Task<Void, Never>?
    private var renewal: Task<Void, Never>?

    init(
        _ begun: SharedRunStart, ledgerID: String, place: SharedPlace
    ) {
        runID = begun.run.header.id
        self.ledgerID = ledgerID
        self.place = place
        clock = place.clock
        book = LedgerBook(begun.reading.image, run: begun.run.header.id)
        journaled = begun.run
        head = begun.reading.head
        last = begun.reading.last
        lock = begun.lock
        renewed = begun.lockedAt
    }

    deinit {
        renewal?.cancel()
    }

    // MARK: Lease

    /// Renews the lease while the run goes on.
    func keepRenewing() {
        let pause = lock.value.lease / 4
        renewal = Task { [weak self, clock] in
            while !Task.isCancelled {
                do { try await clock.pauseBetweenRenewals(pause) } catch { return }
                guard await self?.renewOrGiveUp() ?? false else { return }
            }
        }
    }

    private func renewOrGiveUp() async -> Bool {
        do {
            return try await alone { session throws(StateStoreError) in
                guard !session.isOver else { return false }
                return try await session.renew()
            }
        } catch {
            // The service does not answer: it is asked again, and `holds` counts the time.
            return !isOver
        }
    }

    /// Whether the lock is held and will be for that long: it is looked at, and renewed where its lease is too short.
    func holds(for duration: Duration) async -> Bool {
        do {
            return try await alone { session throws(StateStoreError) in
                guard !session.isOver else { return false }
                if session.remaining >= duration { return try await session.isStillOurs() }
                return try await session.renew() && session.remaining >= duration
            }
        } catch {
            return false
        }
    }

    private var remaining: Duration { lock.value.lease - (clock.uptime() - renewed) }

    private func isStillOurs() async throws(StateStoreError) -> Bool {
        let now = try await place.read(.lock, as: SharedLock.self)
        if now?.value.run == runID { return true }
        isOver = true
        return false
    }

    private func renew() async throws(StateStoreError) -> Bool {
        let asked = clock.uptime()
        guard let changed = try await place.change(lock, of: runID, to: { $0.renewed(at: clock.now()) }) else {
            isOver = true
            return false
        }
        lock = changed
        renewed = asked
        return true
    }

    // MARK: Writing

    func intend(_ steps: [Step]) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            let now = session.clock.now()
            try await session.append(session.book.intend(steps, at: now), at: now)
        }
    }

    func conclude(_ outcomes: [StepOutcome]) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            let now = session.clock.now()
            try await session.append(session.book.conclude(outcomes, at: now), at: now)
            try await session.forget(outcomes.compactMap(\.forgottenSite))
        }
    }

    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            let records = session.book.place(sites)
            if records.isEmpty {
                guard !session.isOver, try await session.isStillOurs() else { throw .lockLost }
            } else {
                try await session.append(records, at: session.clock.now())
            }
            try await SharedCaches(place: session.place).update { $0.remember(sites: sites, lag: lag) }
        }
    }

    /// Makes the ledger this one. Runs of another journal are written as segments of theirs, in front of what they did.
    func replace(with contents: LedgerContents, keepingRuns: Bool) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            let now = session.clock.now()
            var records: [LedgerRecord] = []
            session.book.add(.cleared(keepingRuns: keepingRuns), to: &records)
            session.book.add(.run(session.journaled), to: &records)
            for record in contents.records { session.book.add(record, to: &records) }
            try await session.append(records, at: now)
            let kept = contents.runs.prefix(SharedCompaction.keptRuns)
            for run in kept.reversed() where session.book.image.runs[run.header.id] == nil {
                try await session.append(session.book.adopt(run, as: session.last + 1), of: run.header.id, at: now)
            }
        }
    }

    /// Empties the ledger.
    func clear() async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            var records: [LedgerRecord] = []
            session.book.add(.cleared(keepingRuns: false), to: &records)
            session.book.add(.run(session.journaled), to: &records)
            try await session.append(records, at: session.clock.now())
        }
    }

    func end(exitCode: Int, summary: String) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            try await session.close(exitCode: exitCode, summary: summary)
        }
    }

    func forget(_ address: ResourceAddress) async throws(StateStoreError) -> Bool {
        try await alone { session throws(StateStoreError) in
            let records = session.book.release(address)
            if !records.isEmpty { try await session.append(records, at: session.clock.now()) }
            let wasKnown = try await SharedCaches(place: session.place).read().sites.knows(address)
            if wasKnown { try await session.forget([address]) }
            return wasKnown || !records.isEmpty
        }
    }

    func own(_ address: ResourceAddress, as owned: Recorded.Owned) async throws(StateStoreError) {
        try await alone { session throws(StateStoreError) in
            var records: [LedgerRecord] = []
            let row = OwnedRow(owned: owned, before: nil, run: session.runID)
            session.book.add(.owned(address: address.description, row: row), to: &records)
            try await session.append(records, at: session.clock.now())
        }
    }

    private func close(exitCode: Int, summary: String) async throws(StateStoreError) {
        let now = clock.now()
        journaled.endedAt = now
        journaled.exitCode = exitCode
        journaled.summary = summary
        journaled.last = last + 1
        var records: [LedgerRecord] = []
        book.add(.run(journaled), to: &records)
        try await append(records, at: now)
        await compact()
        isOver = true
        renewal?.cancel()
        // Who finds the lock taken by somebody else has been overtaken after its last word: nothing is left to give up.
        _ = try await place.change(lock, of: runID, to: \.released)
    }

    /// A log that is not made shorter is still whole: the next run tries again.
    private func compact() async {
        guard last - (head?.value.through ?? 0) > SharedCompaction.longestLog else { return }
        _ = try? await SharedCompaction(place: place).run(.init(image: book.image, last: last, head: head))
    }

    private func forget(_ sites: [ResourceAddress]) async throws(StateStoreError) {
        guard !sites.isEmpty else { return }
        try await SharedCaches(place: place).update { cache in for site in sites { cache.sites.forget(site) } }
    }

    /// Writes records as the next segment; one whose fate is not known is written first.
    private func append(
        _ records: [LedgerRecord], of run: String? = nil, at time: Timestamp
    ) async throws(StateStoreError) {
        guard !isOver else { throw .lockLost }
        if let unsettled { try await settle(unsettled) }
        let segment = LedgerSegment(mark: RandomMark.draw(), run: run ?? runID, at: time, records: records)
        unsettled = segment
        try await settle(segment)
    }

    private func settle(_ segment: LedgerSegment) async throws(StateStoreError) {
        let isWritten: Bool
        do throws(StateStoreError) {
            isWritten = try await SharedLog(place: place).append(segment, as: last + 1)
        } catch {
            // The run stops: what it still has to say is tried, and not waited for as long again.
            place.patience = SharedPlace.reading
            throw error
        }
        guard isWritten else {
            isOver = true
            throw .lockLost
        }
        last += 1
        unsettled = nil
        // After a pause longer than its lease a run cannot tell an old number that was removed from a free one.
        if remaining < .zero, !(try await renew()) { throw .lockLost }
    }

    // MARK: One at a time

    /// Does something when everything before it is done. Cancelling the caller does not stop it: an outcome that is known
    /// has to be written down even while the run is being interrupted.
    private func alone<Value: Sendable>(
        _ body: @escaping @Sendable (isolated SharedRunSession) async throws(StateStoreError) -> Value
    ) async throws(StateStoreError) -> Value {
        let before = queue
        let task = Task { () async -> Result<Value, StateStoreError> in
            await before?.value
            do throws(StateStoreError) { return .success(try await body(self)) } catch { return .failure(error) }
        }
        queue = Task { _ = await task.value }
        return try await task.value.get()
    }
}
