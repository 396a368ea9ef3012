import Domain
import Execution

/// A run that has the lock and has written its first segment: from here on no earlier run can write.
struct SharedRunStart: Sendable {
    let run: JournaledRun
    let reading: SharedLog.Reading
    let lock: SharedPlace.Document<SharedLock>
    /// When the lease was asked for.
    let lockedAt: Duration
}

/// Takes the lock of a shared ledger, and begins a run.
struct SharedRunBeginning: Sendable {
    let place: SharedPlace
    let lease: Duration
    let host: String
    let processes: any ProcessInspector

    private static let pollInterval: Duration = .seconds(1)
    /// How often another's write may come between reading the log and writing to it.
    private static let attempts = 64

    private var clock: StateClock { place.clock }

    /// Begins a run.
    ///
    /// - Throws: ``StateStoreError/locked(by:)`` when another run has the lock after `timeout`; where its lease seems to
    ///   be over, it is watched for a whole lease all the same.
    func begin(_ header: RunHeader, lockTimeout timeout: Duration) async throws(StateStoreError) -> SharedRunStart {
        let (lock, lockedAt, former) = try await takeLock(for: header, within: timeout)
        do throws(StateStoreError) {
            return try await fence(header, lock, lockedAt, former)
        } catch {
            _ = try? await place.change(lock, of: header.id, to: \.released)
            throw error
        }
    }

    // MARK: Lock

    private typealias Taken = (lock: SharedPlace.Document<SharedLock>, at: Duration, former: SharedLock?)

    private func takeLock(
        for header: RunHeader, within timeout: Duration
    ) async throws(StateStoreError) -> Taken {
        var waited: Duration = .zero
        var watched: (mark: String, since: Duration)?
        var wasRenewed = false
        while true {
            let read = try await place.read(.lock, as: SharedLock.self)
            if let lock = read?.value, let owner = lock.owner {
                if watched?.mark != lock.mark {
                    wasRenewed = watched != nil
                    watched = (lock.mark, waited)
                }
                let unchanged = waited - (watched?.since ?? waited)
                let isGone = lock.isProvablyGone(seenBy: processes, of: host)
                if !isGone, unchanged < lock.lease {
                    let isWorthWatching = !wasRenewed && lock.looksAbandoned(at: clock.now())
                    guard waited < timeout || isWorthWatching else { throw .locked(by: owner) }
                    let pause =
                        isWorthWatching ? Self.pollInterval : min(Self.pollInterval, timeout - waited)
                    do { try await clock.sleep(pause) } catch { throw .locked(by: owner) }
                    waited += pause
                    continue
                }
            }
            let asked = clock.uptime()
            let mine = SharedLock(header, processes.identity(of: header.process), at: clock.now(), lease: lease)
            if let object = try await place.write(mine, to: .lock, over: read?.object) {
                return (.init(value: mine, object: object), asked, read?.value)
            }
        }
    }

    // MARK: First segment

    /// Writes the run's first segment behind the last one there is, which ends all writing of whoever held the lock.
    private func fence(
        _ header: RunHeader, _ lock: SharedPlace.Document<SharedLock>, _ lockedAt: Duration, _ former: SharedLock?
    ) async throws(StateStoreError) -> SharedRunStart {
        let log = SharedLog(place: place)
        for _ in 0..<Self.attempts {
            var reading = try await log.read()
            let now = clock.now()
            let run = JournaledRun(header: header, first: reading.last + 1)
            var records: [LedgerRecord] = []
            // Whoever holds the lock is alone: runs that are open have ended without a word.
            for open in reading.image.newestRuns.reversed() where open.last == nil && open.header.id != header.id {
                let summary =
                    open.header.id == former?.run
                    ? "outcome unknown: its lock was not renewed any more; taken over by \(header.id)"
                    : "outcome unknown: it ended without a word, before \(header.id)"
                records.append(.run(open.closed(at: now, saying: summary, last: reading.last)))
            }
            records.append(.run(run))
            let segment = LedgerSegment(mark: RandomMark.draw(), run: header.id, at: now, records: records)
            guard try await log.append(segment, as: reading.last + 1) else { continue }
            for record in records { reading.image.learn(record) }
            reading.last += 1
            return SharedRunStart(run: run, reading: reading, lock: lock, lockedAt: lockedAt)
        }
        throw place.unusable("another run writes all the time")
    }

    /// Takes the lock away from a run, and ends it in the journal as one whose outcome is unknown.
    ///
    /// - Returns: Whether it held the lock.
    func breakLock(of run: String) async throws(StateStoreError) -> Bool {
        guard let lock = try await place.read(.lock, as: SharedLock.self), lock.value.run == run,
            try await place.change(lock, of: run, to: \.released) != nil
        else { return false }
        let log = SharedLog(place: place)
        for _ in 0..<Self.attempts {
            let reading = try await log.read()
            guard let open = reading.image.runs[run], open.last == nil else { return true }
            let now = clock.now()
            let closed = open.closed(
                at: now, saying: "outcome unknown: its lock was broken by hand", last: reading.last)
            let segment = LedgerSegment(mark: RandomMark.draw(), run: run, at: now, records: [.run(closed)])
            if try await log.append(segment, as: reading.last + 1) { return true }
        }
        throw place.unusable("run \(run) writes all the time")
    }
}
