package import Domain
package import Execution

/// Ledger, journal and lock of one workspace in a service that machines share: etcd, an S3 bucket, Kubernetes.
///
/// Reading takes no lock and creates nothing. What is read is the ledger at one moment.
package struct SharedStateStore: StateStore {
    let place: SharedPlace
    let workspace: String
    private let mayCreate: Bool
    let beginning: SharedRunBeginning

    /// A store in objects that may not exist yet.
    ///
    /// - Parameters:
    ///   - objects: Where it is kept.
    ///   - workspace: Name of the workspace; objects of another one are refused.
    ///   - mayCreate: Whether a run may create a ledger: a shared one that is not there is more likely looked for in the
    ///     wrong place.
    ///   - lease: How long a run that does not renew its lock keeps it.
    ///   - host: Name of this machine, as in ``RunHeader/host``.
    ///   - clock: The time, and how to wait.
    ///   - processes: How to see whether the owner of a lock still runs on this machine.
    package init(
        in objects: any SharedObjects, workspace: String, mayCreate: Bool, lease: Duration,
        host: String = RunIdentity.host, clock: StateClock = .system,
        processes: any ProcessInspector = SystemProcesses()
    ) {
        place = SharedPlace(objects: objects, clock: clock, patience: SharedPlace.reading)
        self.workspace = workspace
        self.mayCreate = mayCreate
        beginning = SharedRunBeginning(
            place: SharedPlace(objects: objects, clock: clock, patience: SharedPlace.running), lease: lease, host: host,
            processes: processes)
    }

    /// Where the objects are.
    package var location: String { place.objects.location }

    /// Everything the ledger holds.
    package func recorded() async throws(StateStoreError) -> Recorded {
        guard let identity = try await identity() else { return Recorded() }
        var recorded = try await SharedLog(place: place).read().image.recorded(ledgerID: identity.ledgerID)
        let cache = try await SharedCaches(place: place).read()
        recorded.sites = cache.sites
        recorded.lag = cache.lag
        recorded.lagHistory = cache.history
        return recorded
    }

    /// The key that was drawn when the ledger was created.
    package func fingerprintKey() async throws(StateStoreError) -> Secret? {
        try await identity()?.identity.fingerprintKey
    }

    /// The journal's runs, the newest first, without their steps.
    package func runs() async throws(StateStoreError) -> [RunRecord] {
        guard try await identity() != nil else { return [] }
        return try await SharedLog(place: place).read().image.newestRuns.map { $0.record() }
    }

    /// One run with its steps in the order of their intents.
    package func run(_ id: String) async throws(StateStoreError) -> RunRecord? {
        guard try await identity() != nil else { return nil }
        let log = SharedLog(place: place)
        guard let run = try await log.read().image.runs[id] else { return nil }
        return run.record(
            JournaledSteps(of: id, in: try await log.segments(from: run.first, through: run.last)).records)
    }

    /// Writes the caches.
    package func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        guard try await identity() != nil else { return }
        try await SharedCaches(place: place).update { $0.remember(sites: sites, lag: lag) }
    }

    /// Adds readings to the history of lag.
    package func record(lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        guard try await identity() != nil else {
            throw place.unusable("there is none yet; the first spillway apply creates it")
        }
        let caches = SharedCaches(place: place)
        for (group, reading) in lag.sorted(by: { $0.key < $1.key }) { try await caches.record(reading, ofGroup: group) }
    }

    /// Takes the lock and starts a run: what an earlier run has not written by then it cannot write any more.
    package func begin(_ run: RunHeader, lockTimeout: Duration) async throws(StateStoreError) -> any RunSession {
        let identity = try await identityOrNew()
        let begun = try await beginning.begin(run, lockTimeout: lockTimeout)
        do throws(StateStoreError) {
            // It may have moved while the lock was waited for.
            _ = try await self.identity()
        } catch {
            _ = try? await beginning.place.change(begun.lock, of: run.id, to: \.released)
            throw error
        }
        let session = SharedRunSession(begun, ledgerID: identity.ledgerID, place: beginning.place)
        await session.keepRenewing()
        return session
    }

    /// Breaks the lock and closes the run as one whose outcome is unknown.
    package func unlock(run id: String) async throws(StateStoreError) -> Bool {
        guard try await identity() != nil else { return false }
        return try await beginning.breakLock(of: id)
    }

    // MARK: Identity

    /// Whose ledger it is; `nil` when there is none, and one may be made.
    func identity() async throws(StateStoreError) -> SharedLedgerIdentity? {
        guard let read = try await place.read(.identity, as: SharedLedgerIdentity.self) else {
            if mayCreate { return nil }
            throw .missing(location: location)
        }
        return try checked(read.value)
    }

    private func identityOrNew() async throws(StateStoreError) -> SharedLedgerIdentity {
        var read = try await place.read(.identity, as: SharedLedgerIdentity.self)
        if read == nil {
            guard mayCreate else { throw .missing(location: location) }
            try await refuseRemains()
            let new = SharedLedgerIdentity(of: .draw(at: place.clock.now()), workspace: workspace)
            _ = try await place.write(new, to: .identity, over: nil)
            read = try await place.read(.identity, as: SharedLedgerIdentity.self)
        }
        guard let read else { throw place.unusable("what was just written there is not there") }
        let identity = try checked(read.value)
        try await place.patiently { () async throws(StepFailure) in
            try await place.objects.proveConditions(on: .identity, holding: read.object)
        }
        return identity
    }

    /// Refuses to begin a ledger over the log of one that was being moved here and did not arrive: whose it is, is written
    /// last then, and first by who begins one.
    private func refuseRemains() async throws(StateStoreError) {
        guard try await SharedLog(place: place).read().last > 0,
            try await place.read(.identity, as: SharedLedgerIdentity.self) == nil
        else { return }
        throw place.unusable(
            "a ledger was being moved there and has not arrived: move it again (spillway state migrate), or keep the "
                + "state elsewhere")
    }

    private func checked(_ identity: SharedLedgerIdentity) throws(StateStoreError) -> SharedLedgerIdentity {
        guard identity.format <= SharedLedgerIdentity.format else {
            throw .tooNew(location: location, format: identity.format)
        }
        guard identity.workspace == workspace else {
            throw .foreign(location: location, workspace: identity.workspace)
        }
        if let target = identity.movedTo { throw .moved(location: location, to: target) }
        return identity
    }
}
