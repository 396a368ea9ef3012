import Domain
import Execution
import GRDB
import Planning
import Synchronization

/// A run on a SQLite file. Every transaction first looks whether the run still holds the lock.
final class SQLiteRunSession: RunSession {
    let runID: String
    let ledgerID: String
    private let clock: StateClock
    /// The connection; `nil` when the run has ended.
    private let database: Mutex<StateDatabase?>

    init(runID: String, ledgerID: String, database: StateDatabase, clock: StateClock) {
        self.runID = runID
        self.ledgerID = ledgerID
        self.clock = clock
        self.database = Mutex(database)
    }

    /// The lock of a file has no lease: it is held until it is given up or broken.
    func holds(for duration: Duration) async -> Bool {
        let runID = runID
        guard let database = connection else { return false }
        do {
            return try await offCooperativeThreads { () throws(StateStoreError) in
                try database.read { try RunLock.fetch($0)?.owner.runID == runID }
            }
        } catch {
            return false
        }
    }

    func intend(_ steps: [Step]) async throws(StateStoreError) {
        let now = clock.now()
        try await writing { database, runID in
            try JournalRows.intend(steps, run: runID, at: now, in: database)
            try OwnedRows.markCreating(steps, run: runID, in: database)
        }
    }

    func conclude(_ outcomes: [StepOutcome]) async throws(StateStoreError) {
        let now = clock.now()
        try await writing { database, runID in
            for outcome in outcomes {
                try JournalRows.conclude(outcome, run: runID, at: now, in: database)
                if let site = outcome.forgottenSite { try CacheRows.forget(site, in: database) }
                switch outcome.lesson {
                case .learn(let isProven):
                    try OwnedRows.apply(outcome.step, run: runID, isProven: isProven, in: database)
                    if isProven { try MoveRows.apply(outcome.step, at: now, in: database) }
                case .keep: break
                case .revert: try OwnedRows.revertCreating(outcome.step, run: runID, in: database)
                }
            }
        }
    }

    func remember(sites: KnownSites, lag: [String: Recorded.Lag]) async throws(StateStoreError) {
        try await writing { database, _ in try CacheRows.remember(sites: sites, lag: lag, in: database) }
    }

    func forget(_ address: ResourceAddress) async throws(StateStoreError) -> Bool {
        try await writing { database, _ in
            let wasOwned = try OwnedRows.delete(address, in: database)
            let wasKnown = try CacheRows.forget(address, in: database)
            return wasOwned || wasKnown
        }
    }

    func own(_ address: ResourceAddress, as owned: Recorded.Owned) async throws(StateStoreError) {
        try await writing { database, runID in
            try OwnedRows.write(OwnedRow(owned: owned, before: nil, run: runID), at: address.description, in: database)
        }
    }

    func end(exitCode: Int, summary: String) async throws(StateStoreError) {
        let now = clock.now()
        try await writing { database, runID in
            try JournalRows.end(runID, at: now, exitCode: exitCode, summary: summary, in: database)
            _ = try RunLock.release(run: runID, in: database)
        }
        disconnect()
    }

    private var connection: StateDatabase? { database.withLock { $0 } }

    /// Lets go of the connection, which closes when the last use of it has ended.
    private func disconnect() {
        database.withLock { $0 = nil }
    }

    private func writing<Value: Sendable>(
        _ body: @escaping @Sendable (Database, String) throws -> Value
    ) async throws(StateStoreError) -> Value {
        let runID = runID
        guard let database = connection else { throw .lockLost }
        return try await offCooperativeThreads { () throws(StateStoreError) in
            try database.write { database in
                try RunLock.require(runID, in: database)
                return try body(database, runID)
            }
        }
    }
}
