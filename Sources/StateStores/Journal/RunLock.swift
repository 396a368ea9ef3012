import Domain
import Execution
import GRDB

/// The row that says which run may write.
struct RunLock {
    /// Who holds it.
    let owner: StateStoreError.Owner
    /// The process that holds it.
    let identity: ProcessIdentity

    /// Reads it; `nil` when nobody holds it.
    static func fetch(_ database: Database) throws -> RunLock? {
        guard try database.tableExists("lock"),
            let row = try Row.fetchOne(
                database, sql: "SELECT run, host, process, since, boot, namespace, process_started FROM lock")
        else { return nil }
        return RunLock(
            owner: StateStoreError.Owner(
                runID: row[0], host: row[1], process: row[2], since: Timestamp(milliseconds: row[3])),
            identity: ProcessIdentity(boot: row[4], namespace: row[5], started: row[6]))
    }

    /// Takes it for a run, from nobody or from a process that is provably gone.
    ///
    /// - Throws: ``StateStoreError/locked(by:)`` when a run holds it that may be alive.
    static func take(
        for run: RunHeader, since: Timestamp, processes: any ProcessInspector, in database: Database
    ) throws {
        if let held = try fetch(database) {
            guard held.isAbandoned(seenFrom: run.host, processes: processes) else {
                throw StateStoreError.locked(by: held.owner)
            }
            try JournalRows.endUnknown(
                held.owner.runID, at: since,
                summary: "outcome unknown: process \(held.owner.process) is gone; lock taken over by \(run.id)",
                in: database)
        }
        let identity = processes.identity(of: run.process)
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO lock (only, run, host, process, since, boot, namespace, process_started)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run.id, run.host, run.process, since.milliseconds, identity.boot, identity.namespace, identity.started,
            ])
    }

    /// Gives it up.
    ///
    /// - Returns: Whether that run held it.
    static func release(run: String, in database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM lock WHERE run = ?", arguments: [run])
        return database.changesCount > 0
    }

    /// Refuses to write for a run that does not hold it.
    static func require(_ run: String, in database: Database) throws {
        guard try fetch(database)?.owner.runID == run else { throw StateStoreError.lockLost }
    }

    /// Whether its process is provably gone.
    ///
    /// SQLite's write-ahead log needs shared memory, so that all users of a state file share a kernel: on a host of the
    /// same name another boot means an earlier one. Process ids of another namespace cannot be judged from here.
    private func isAbandoned(seenFrom host: String, processes: any ProcessInspector) -> Bool {
        guard owner.host == host else { return false }
        let now = processes.identity(of: owner.process)
        if let boot = identity.boot, let bootNow = now.boot, boot != bootNow { return true }
        guard identity.namespace == now.namespace else { return false }
        if !processes.isRunning(owner.process) { return true }
        guard let started = identity.started, let startedNow = now.started else { return false }
        return started != startedNow
    }
}
