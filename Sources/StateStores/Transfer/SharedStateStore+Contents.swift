import Domain
package import Execution

extension SharedStateStore: TransferableStore {
    /// Everything the objects hold.
    package func contents() async throws(StateStoreError) -> LedgerContents? {
        guard let identity = try await identity() else { return nil }
        let log = SharedLog(place: place)
        let image = try await log.read().image
        let cache = try await SharedCaches(place: place).read()
        var contents = LedgerContents(
            workspace: identity.workspace, ledgerID: identity.ledgerID, created: identity.created,
            fingerprintKey: identity.identity.fingerprintKey)
        (contents.owned, contents.moves, contents.hooks) = (image.owned, image.moves, image.hooks)
        (contents.sites, contents.lag) = (cache.sites, cache.lag)
        for group in cache.history.keys {
            let read = try await place.read(.readings(ofGroup: group), as: SharedReadings.self)
            contents.readings[group] = read?.value.readings ?? []
        }
        for run in image.newestRuns {
            let segments = try await log.segments(from: run.first, through: run.last)
            contents.runs.append(run.record(JournaledSteps(of: run.header.id, in: segments).records))
        }
        return contents
    }

    /// Writes everything behind what is there, and says last whose ledger it is: until then nothing reads it.
    package func fill(with contents: LedgerContents, by command: String) async throws(StateStoreError) {
        let session = try await session(by: command, ledgerID: contents.ledgerID, lockTimeout: .zero)
        let there = try await place.read(.identity, as: SharedLedgerIdentity.self)
        guard there == nil || there?.value.movedTo != nil else {
            try await session.end(exitCode: 1, summary: "nothing was done")
            throw place.unusable("there is a ledger already")
        }
        try await write(contents, keepingRuns: false, in: session)
        let identity = SharedLedgerIdentity(of: contents.identity, workspace: workspace)
        guard let written = try await place.write(identity, to: .identity, over: there?.object) else {
            // Whoever was faster begins with nothing.
            try await session.clear()
            try await session.end(exitCode: 1, summary: "nothing was done")
            throw place.unusable("somebody else began a ledger there at the same time")
        }
        try await session.end(exitCode: 0, summary: contents.summary)
        try await place.patiently { () async throws(StepFailure) in
            try await place.objects.proveConditions(on: .identity, holding: written)
        }
    }

    /// Replaces the rows in one segment of the log.
    package func rewrite(
        by command: String, lockTimeout: Duration, _ change: @Sendable (LedgerContents) -> LedgerContents?
    ) async throws(StateStoreError) {
        guard let identity = try await identity() else { throw .missing(location: location) }
        let session = try await session(by: command, ledgerID: identity.ledgerID, lockTimeout: lockTimeout)
        guard let contents = try await contents().flatMap(change) else {
            return try await session.end(exitCode: 1, summary: "nothing was done")
        }
        try await write(contents, keepingRuns: true, in: session)
        try await session.end(exitCode: 0, summary: contents.summary)
    }

    /// Writes where the ledger is now, and ends the run that held the lock meanwhile.
    package func giveUp(
        to location: String, carrying carry: @Sendable (LedgerContents) async throws(StateStoreError) -> Void
    ) async throws(StateStoreError) -> LedgerContents {
        let session = try await begin(by: "state migrate to \(location)", lockTimeout: .zero, clock: place.clock)
        let contents = try await carried(in: session, carry)
        guard let there = try await place.read(.identity, as: SharedLedgerIdentity.self) else {
            throw .missing(location: self.location)
        }
        var identity = there.value
        identity.movedTo = location
        guard await session.holds(for: .zero),
            try await place.write(identity, to: .identity, over: there.object) != nil
        else { throw .lockLost }
        try await session.end(exitCode: 0, summary: "moved to \(location)")
        return contents
    }

    /// A run that the lock and the log are enough for: there may be no ledger yet.
    private func session(
        by command: String, ledgerID: String, lockTimeout: Duration
    ) async throws(StateStoreError) -> SharedRunSession {
        let begun = try await beginning.begin(.byHand(command, at: place.clock.now()), lockTimeout: lockTimeout)
        let session = SharedRunSession(begun, ledgerID: ledgerID, place: beginning.place)
        await session.keepRenewing()
        return session
    }

    private func write(
        _ contents: LedgerContents, keepingRuns: Bool, in session: SharedRunSession
    ) async throws(StateStoreError) {
        try await session.replace(with: contents, keepingRuns: keepingRuns)
        let caches = SharedCaches(place: place)
        let (sites, lag) = (contents.sites, contents.lag)
        try await caches.update { $0 = SharedCache(sites: sites, lag: lag) }
        for (group, readings) in contents.readings.sorted(by: { $0.key < $1.key }) {
            try await caches.replace(readings, ofGroup: group)
        }
    }
}
