import Domain
import GRDB
import TextForms

/// The one row that says what the file is: whose ledger, of which format.
struct LedgerRow {
    /// Random id of the ledger.
    let id: String
    /// Format of the file.
    let format: Int
    /// Workspace whose state it is.
    let workspace: String

    /// Reads it; `nil` when the ledger was not created yet.
    static func fetch(_ database: Database) throws -> LedgerRow? {
        guard try database.tableExists("ledger"),
            let row = try Row.fetchOne(database, sql: "SELECT id, format, workspace FROM ledger")
        else { return nil }
        return LedgerRow(id: row["id"], format: row["format"], workspace: row["workspace"])
    }

    /// Creates the ledger and the key of its fingerprints, whichever is not there yet.
    static func complete(workspace: String, now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO ledger (only, id, format, workspace, created) VALUES (1, ?, ?, ?, ?)",
            arguments: [randomID(), StateSchema.format, workspace, now.milliseconds])
        try database.execute(
            sql: "INSERT OR IGNORE INTO fingerprint_key (only, key) VALUES (1, ?)",
            arguments: [hexadecimal(bytes: fingerprintKeyBytes)])
    }

    private static let fingerprintKeyBytes = 32
    private static let idBytes = 4

    private static func randomID() -> String {
        hexadecimal(bytes: idBytes)
    }

    /// Random bytes of the operating system, as lower-case hexadecimal text.
    private static func hexadecimal(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
