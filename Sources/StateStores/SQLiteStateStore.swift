package import Domain
package import Execution
import GRDB
import Planning

/// Ledger, journal and lock of one workspace in one SQLite file, readable by its owner only.
///
/// Reading takes no lock, creates nothing, and works while another process writes. Every write transaction is on disk
/// when it returns: the file uses a write-ahead log with `synchronous = FULL`.
package struct SQLiteStateStore: StateStore {
    let place: StateDatabase.Place
    private let mayCreate: Bool
    let clock: StateClock
    private let processes: any ProcessInspector

    /// A store in a file that may not exist yet.
    ///
    /// - Parameters:
    ///   - path: The file. Missing folders are created with it.
    ///   - workspace: Name of the workspace; a file of another one is refused.
    ///   - mayCreate: Whether a run may create the file. Where machines come and go a missing file is more likely lost
    ///     than not yet made.
    ///   - clock: The time, and how to wait for the lock.
    ///   - processes: How to see whether the owner of a lock still runs.
    package init(
        path: String, workspace: String, mayCreate: Bool,
        clock: StateClock = .system, processes: any ProcessInspector = SystemProcesses()
    ) {
        self.place = StateDatabase.Place(path: path, workspace: workspace)
        self.mayCreate = mayCreate
        self.clock = clock
        self.processes = processes
    }

    /// `sqlite:PATH`.
    package var location: String { place.location }

    /// Everything the ledger holds, read in one consistent view; tables of an older file that are not there are empty.
    package func recorded() async throws(StateStoreError) -> Recorded {
        try await reading(orWithout: Recorded()) { database in
            var recorded = Recorded(
                ledgerID: try LedgerRow.fetch(database)?.id, owned: try OwnedRows.fetchAll(database),
                sites: try CacheRows.fetchSites(database), lag: try CacheRows.fetchLag(database))
            recorded.lagHistory = try LagReadings.fetchHistory(database)
            recorded.moves = try MoveRows.fetchAll(database)
            recorded.hooks = try MoveRows.fetchHooks(database)
            return recorded
        }
    }

    /// The key that was drawn when the ledger was created.
    package func fingerprintKey() async throws(StateStoreError) -> Secret? {
        try await reading(orWithout: nil) { database in
            try FingerprintKeyRow.fetch(database)
        }
    }

    /// Creates the ledger and the key of its fingerprints when they are not there yet, without a run: for a plan whose
    /// fingerprints a later process has to recognise.
    ///
    /// - Throws: ``StateStoreError/missing(location:)`` when the file is not there and may not be created.
    package func prepare() async throws(StateStoreError) {
        let (place, mayCreate, now) = (place, mayCreate, clock.now())
        try await offCooperativeThreads { () throws(StateStoreError) in
            try StateDatabase.creating(place, mayCreate: mayCreate, now: now).close()
        }
    }

    /// The journal's runs, the newest first, without their steps.
    package func runs() async throws(StateStoreError) -> [RunRecord] {
        try await reading(orWithout: []) { try JournalRows.fetchRuns($0) }
    }

    /// One run with its steps in the order of their intents.
    package func run(_ id: String) async throws(StateStoreError) -> RunRecord? {
        try await reading(orWithout: nil) { try JournalRows.fetchRun(id, $0) }
    }

    /// Writes the caches; a file that this process may only read stays as it is.
    package func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        guard PrivateFile.isWritable(place.path) else { return }
        try await writing(orWithout: ()) { try CacheRows.remember(sites: sites, lag: lag, in: $0) }
    }

    /// Adds readings to the history of lag, of which the newest ``LagReadings/kept`` of a group stay.
    package func record(lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        let nothing = StateStoreError.unusable(
            location: location, reason: "there is none yet; the first spillway apply creates it")
        guard PrivateFile.exists(place.path) else { throw nothing }
        guard PrivateFile.isWritable(place.path) else {
            throw .unusable(location: location, reason: "this process may only read it")
        }
        let isWritten = try await writing(orWithout: false) { database in
            try LagReadings.add(lag, in: database)
            return true
        }
        guard isWritten else { throw nothing }
    }

    /// Takes the lock, from a run whose process is provably gone too, and starts a run.
    package func begin(_ run: RunHeader, lockTimeout: Duration) async throws(StateStoreError) -> any RunSession {
        var waited: Duration = .zero
        while true {
            do {
                return try await tryStart(run)
            } catch .locked(let owner) {
                guard waited < lockTimeout else { throw .locked(by: owner) }
                let pause = min(Self.lockPollInterval, lockTimeout - waited)
                do { try await clock.sleep(pause) } catch { throw .locked(by: owner) }
                waited += pause
            }
        }
    }

    /// Breaks the lock and closes the run as one whose outcome is unknown.
    package func unlock(run id: String) async throws(StateStoreError) -> Bool {
        let now = clock.now()
        return try await writing(orWithout: false) { database in
            guard try RunLock.release(run: id, in: database) else { return false }
            try JournalRows.endUnknown(
                id, at: now, summary: "outcome unknown: its lock was broken by hand", in: database)
            return true
        }
    }

    private static let lockPollInterval: Duration = .milliseconds(250)

    private func tryStart(_ run: RunHeader) async throws(StateStoreError) -> SQLiteRunSession {
        let (place, mayCreate, processes, now) = (place, mayCreate, processes, clock.now())
        let opened = try await offCooperativeThreads { () throws(StateStoreError) in
            let database = try StateDatabase.creating(place, mayCreate: mayCreate, now: now)
            do throws(StateStoreError) {
                let ledgerID = try database.write { database in
                    // It may have moved since the file was opened.
                    if let target = try MovedRow.fetch(database) {
                        throw StateStoreError.moved(location: place.location, to: target)
                    }
                    try RunLock.take(for: run, since: now, processes: processes, in: database)
                    try JournalRows.start(run, in: database)
                    return try LedgerRow.fetch(database)?.id ?? ""
                }
                return (database, ledgerID)
            } catch {
                database.close()
                throw error
            }
        }
        return SQLiteRunSession(runID: run.id, ledgerID: opened.1, database: opened.0, clock: clock)
    }

    func reading<Value: Sendable>(
        orWithout nothing: Value, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StateStoreError) -> Value {
        let (place, mayCreate) = (place, mayCreate)
        return try await offCooperativeThreads { () throws(StateStoreError) in
            guard let database = try StateDatabase.forReading(place) else {
                guard mayCreate else { throw .missing(location: place.location) }
                return nothing
            }
            defer { database.close() }
            return try database.read(body)
        }
    }

    func writing<Value: Sendable>(
        orWithout nothing: Value, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StateStoreError) -> Value {
        let place = place
        return try await offCooperativeThreads { () throws(StateStoreError) in
            guard let database = try StateDatabase.forWriting(place) else { return nothing }
            defer { database.close() }
            return try database.write(body)
        }
    }
}
