import Domain
import GRDB

/// The row that says that the ledger is not in this file any more.
enum MovedRow {
    /// Where it is; `nil` = here.
    static func fetch(_ database: Database) throws -> String? {
        guard try database.tableExists("moved") else { return nil }
        return try String.fetchOne(database, sql: "SELECT location FROM moved")
    }

    static func write(_ location: String, at time: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO moved (only, location, at) VALUES (1, ?, ?)",
            arguments: [location, time.milliseconds])
    }

    static func remove(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM moved")
    }
}

/// The key of the fingerprints of secrets.
enum FingerprintKeyRow {
    static func fetch(_ database: Database) throws -> Secret? {
        guard try database.tableExists("fingerprint_key") else { return nil }
        return try String.fetchOne(database, sql: "SELECT key FROM fingerprint_key").map(Secret.init)
    }
}
