import Domain
import GRDB

/// The one row that says what the file is: whose ledger, of which format.
struct LedgerRow {
    /// Random id of the ledger.
    let id: String
    /// Format of the file.
    let format: Int
    /// Workspace whose state it is.
    let workspace: String
    let created: Timestamp

    /// Reads it; `nil` when the ledger was not created yet.
    static func fetch(_ database: Database) throws -> LedgerRow? {
        guard try database.tableExists("ledger"),
            let row = try Row.fetchOne(database, sql: "SELECT id, format, workspace, created FROM ledger")
        else { return nil }
        return LedgerRow(
            id: row["id"], format: row["format"], workspace: row["workspace"],
            created: Timestamp(milliseconds: row["created"]))
    }

    /// Makes it another ledger.
    static func replace(with identity: LedgerIdentity, in database: Database) throws {
        try database.execute(
            sql: "UPDATE ledger SET id = ?, created = ?",
            arguments: [identity.ledgerID, identity.created.milliseconds])
        try database.execute(
            sql: "UPDATE fingerprint_key SET key = ?", arguments: [identity.fingerprintKey.reveal { $0 }])
    }

    /// Creates the ledger and the key of its fingerprints, whichever is not there yet.
    static func complete(workspace: String, now: Timestamp, in database: Database) throws {
        let new = LedgerIdentity.draw(at: now)
        try database.execute(
            sql: "INSERT OR IGNORE INTO ledger (only, id, format, workspace, created) VALUES (1, ?, ?, ?, ?)",
            arguments: [new.ledgerID, StateSchema.format, workspace, now.milliseconds])
        try database.execute(
            sql: "INSERT OR IGNORE INTO fingerprint_key (only, key) VALUES (1, ?)",
            arguments: [new.fingerprintKey.reveal { $0 }])
    }
}
