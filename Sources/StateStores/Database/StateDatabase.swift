import Domain
import Execution
import Foundation
import GRDB

/// An open state file: one connection, whose write transactions are immediate and on disk when they return.
struct StateDatabase: Sendable {
    /// Where the file is and whose it has to be.
    struct Place: Sendable {
        /// Path of the file.
        let path: String
        /// Name of the workspace whose state it holds.
        let workspace: String

        /// The place in words.
        var location: String { "sqlite:\(path)" }
    }

    private let place: Place
    private let queue: DatabaseQueue

    /// Opens for reading, without a lock and without creating anything.
    ///
    /// - Returns: `nil` when nothing was written yet.
    static func forReading(_ place: Place) throws(StateStoreError) -> StateDatabase? {
        guard hasContent(place.path) else { return nil }
        let database = try StateDatabase(reading: place)
        guard try database.hasLedger() else { return nil }
        return database
    }

    /// Opens for writing what already exists, and brings its tables up to date.
    ///
    /// - Returns: `nil` when nothing was written yet.
    static func forWriting(_ place: Place) throws(StateStoreError) -> StateDatabase? {
        guard hasContent(place.path) else { return nil }
        let database = try StateDatabase(writing: place)
        try database.migrate()
        return try database.hasLedger() ? database : nil
    }

    /// Opens for writing, and creates the ledger when there is none.
    ///
    /// - Throws: ``StateStoreError/missing(location:)`` when there is none and it may not be created.
    ///
    /// - Parameter takesBack: Whether a file whose ledger was moved away may be opened, to be filled again.
    static func creating(
        _ place: Place, mayCreate: Bool, now: Timestamp, takesBack: Bool = false
    ) throws(StateStoreError) -> StateDatabase {
        guard mayCreate || hasContent(place.path) else { throw .missing(location: place.location) }
        try place.attempt {
            try PrivateFile.makeFolder(above: place.path)
            try PrivateFile.make(at: place.path)
        }
        let database = try StateDatabase(writing: place)
        try database.migrate()
        guard try database.hasLedger(takesBack: takesBack) || mayCreate else {
            throw .missing(location: place.location)
        }
        try database.write { database in
            try LedgerRow.complete(workspace: place.workspace, now: now, in: database)
        }
        // Another workspace may have been faster.
        _ = try database.hasLedger(takesBack: takesBack)
        return database
    }

    /// Reads in one consistent view.
    func read<Value>(_ body: (Database) throws -> Value) throws(StateStoreError) -> Value {
        try place.attempt { try queue.read(body) }
    }

    /// Writes all or nothing; what it wrote is on disk when it returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(StateStoreError) -> Value {
        try place.attempt {
            var value: Value?
            try queue.inTransaction(.immediate) { database in
                value = try body(database)
                return .commit
            }
            guard let value else { throw DatabaseError(message: "the transaction was rolled back") }
            return value
        }
    }

    /// Closes the connection; the last one of all processes folds SQLite's log into the file.
    func close() {
        try? queue.close()
    }

    private static func hasContent(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0
    }

    private init(reading place: Place) throws(StateStoreError) {
        self.place = place
        var configuration = Self.configuration
        configuration.readonly = !PrivateFile.isWritable(place.path)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        queue = try place.attempt {
            do {
                return try DatabaseQueue(path: place.path, configuration: configuration)
            } catch let error as DatabaseError where configuration.readonly && error.isAboutTheFolder {
                return try UnwritableFile.open(place.path)
            }
        }
    }

    private init(writing place: Place) throws(StateStoreError) {
        self.place = place
        queue = try place.attempt { try DatabaseQueue(path: place.path, configuration: Self.configuration) }
        try place.attempt {
            try queue.read(Self.checkApplication)
            try queue.writeWithoutTransaction { database in
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                // Switching to WAL may leave NORMAL behind, under which the last commits can be lost with the power.
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
        }
        let durability = try durability
        guard durability == .required else {
            throw .unusable(location: place.location, reason: "SQLite does not promise durable commits: \(durability)")
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = false
        configuration.label = "state"
        return configuration
    }

    private func migrate() throws(StateStoreError) {
        // Two processes may create the file at the same moment: the slower one finds the tables made and looks again.
        for attempt in 1...Self.migrationAttempts {
            do {
                return try place.attempt { try StateSchema.migrator().migrate(queue) }
            } catch {
                if attempt == Self.migrationAttempts { throw error }
            }
        }
    }

    private static let migrationAttempts = 3

    /// Whether there is a ledger this version and workspace may use.
    private func hasLedger(takesBack: Bool = false) throws(StateStoreError) -> Bool {
        let (row, moved) = try read { database in
            try Self.checkApplication(database)
            return (try LedgerRow.fetch(database), try MovedRow.fetch(database))
        }
        guard let row else { return false }
        guard row.format <= StateSchema.format else { throw .tooNew(location: place.location, format: row.format) }
        guard row.workspace == place.workspace else {
            throw .foreign(location: place.location, workspace: row.workspace)
        }
        if let moved, !takesBack { throw .moved(location: place.location, to: moved) }
        return true
    }

    /// Refuses a file that another program made. Called within a transaction: another process may be creating the
    /// tables between two looks.
    private static func checkApplication(_ database: Database) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        guard pages > 0, application != StateSchema.applicationID else { return }
        let tables = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM sqlite_master WHERE name <> 'grdb_migrations' AND type = 'table'")
        guard tables == 0 else {
            throw DatabaseError(message: "it is a database of another program")
        }
    }
}

extension StateDatabase {
    /// How SQLite treats commits.
    struct Durability: Equatable, CustomStringConvertible {
        /// `PRAGMA journal_mode`.
        let journalMode: String
        /// `PRAGMA synchronous`: 2 is FULL.
        let synchronous: Int

        /// A write-ahead log that is flushed at every commit.
        static let required = Durability(journalMode: "wal", synchronous: 2)

        /// Both settings.
        var description: String { "journal_mode \(journalMode), synchronous \(synchronous)" }
    }

    /// How the connection that writes treats commits.
    var durability: Durability {
        get throws(StateStoreError) {
            try place.attempt {
                try queue.writeWithoutTransaction { database in
                    Durability(
                        journalMode: try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
                        synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0)
                }
            }
        }
    }
}

extension StateDatabase.Place {
    /// Runs something that may fail, and tells of failures in the words of a state store.
    func attempt<Value>(_ body: () throws -> Value) throws(StateStoreError) -> Value {
        do {
            return try body()
        } catch let error as StateStoreError {
            throw error
        } catch let error as DatabaseError {
            throw .unusable(location: location, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        } catch {
            throw .unusable(location: location, reason: "\(error)")
        }
    }
}

extension DatabaseError {
    /// Whether a file that cannot be written to was in the way of SQLite's log beside it.
    fileprivate var isAboutTheFolder: Bool {
        [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(resultCode)
    }
}
