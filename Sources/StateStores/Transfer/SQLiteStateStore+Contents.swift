import Domain
package import Execution
import GRDB

extension SQLiteStateStore: TransferableStore {
    /// Everything in the file, read in one consistent view.
    package func contents() async throws(StateStoreError) -> LedgerContents? {
        let workspace = place.workspace
        return try await reading(orWithout: nil) { database in
            guard let row = try LedgerRow.fetch(database) else { return nil }
            let key = try FingerprintKeyRow.fetch(database)
            var contents = LedgerContents(
                workspace: workspace, ledgerID: row.id, created: row.created, fingerprintKey: key)
            contents.owned = try OwnedRows.fetchRows(database)
            contents.sites = try CacheRows.fetchSites(database)
            contents.lag = try CacheRows.fetchLag(database)
            contents.readings = try LagReadings.fetchAll(database)
            contents.moves = try MoveRows.fetchAll(database)
            contents.hooks = try MoveRows.fetchHooks(database).reduce(into: [:]) { $0[$1.key.description] = $1.value }
            contents.runs = try JournalRows.fetchRuns(database).compactMap {
                try JournalRows.fetchRun($0.header.id, database)
            }
            return contents
        }
    }

    /// Makes the file's content this one in one transaction, under the lock.
    package func fill(with contents: LedgerContents, by command: String) async throws(StateStoreError) {
        let (place, now) = (place, clock.now())
        try await offCooperativeThreads { () throws(StateStoreError) in
            let database = try StateDatabase.creating(place, mayCreate: true, now: now, takesBack: true)
            defer { database.close() }
            try database.write { database in
                let isMoved = try MovedRow.fetch(database) != nil
                guard try isMoved || OwnedRows.fetchAll(database).isEmpty && JournalRows.fetchRuns(database).isEmpty
                else {
                    throw StateStoreError.unusable(location: place.location, reason: "there is a ledger already")
                }
                try LedgerRow.replace(with: contents.identity, in: database)
                try MovedRow.remove(database)
                try Self.replaceAll(with: contents, in: database)
            }
        }
        try await begin(by: command, lockTimeout: .zero, clock: clock).end(exitCode: 0, summary: contents.summary)
    }

    /// Replaces the rows in one transaction.
    package func rewrite(
        by command: String, lockTimeout: Duration, _ change: @Sendable (LedgerContents) -> LedgerContents?
    ) async throws(StateStoreError) {
        let session = try await begin(by: command, lockTimeout: lockTimeout, clock: clock)
        guard let contents = try await contents().flatMap(change) else {
            return try await session.end(exitCode: 1, summary: "nothing was done")
        }
        try await writing(orWithout: ()) { database in
            try RunLock.require(session.runID, in: database)
            try Self.replaceAll(with: contents, in: database)
        }
        try await session.end(exitCode: 0, summary: contents.summary)
    }

    /// Writes where the ledger is now in a transaction that needs the lock.
    package func giveUp(
        to location: String, carrying carry: @Sendable (LedgerContents) async throws(StateStoreError) -> Void
    ) async throws(StateStoreError) -> LedgerContents {
        let session = try await begin(by: "state migrate to \(location)", lockTimeout: .zero, clock: clock)
        let contents = try await carried(in: session, carry)
        let now = clock.now()
        try await writing(orWithout: ()) { database in
            try RunLock.require(session.runID, in: database)
            try MovedRow.write(location, at: now, in: database)
        }
        try await session.end(exitCode: 0, summary: "moved to \(location)")
        return contents
    }

    private static func replaceAll(with contents: LedgerContents, in database: Database) throws {
        for table in ["owned", "site", "lag", "lag_reading", "move", "hook"] {
            try database.execute(sql: "DELETE FROM \(table)")
        }
        for (address, row) in contents.owned { try OwnedRows.write(row, at: address, in: database) }
        try CacheRows.remember(sites: contents.sites, lag: contents.lag, in: database)
        for (group, readings) in contents.readings {
            for reading in readings { try LagReadings.add([group: reading], in: database) }
        }
        for (family, facts) in contents.moves { try MoveRows.write(facts, of: family, in: database) }
        for (address, generation) in contents.hooks {
            try MoveRows.writeHook(address, generation: generation, in: database)
        }
        for run in contents.runs { try JournalRows.add(run, in: database) }
    }
}

extension LedgerContents {
    /// What the journal says of a run that wrote it.
    var summary: String { "\(owned.count) objects, \(moves.count) families, \(runs.count) runs" }
}
