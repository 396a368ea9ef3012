import GRDB

/// Tables of the state file, as named migrations in the order they were added.
///
/// A change that older versions can live with appends a migration and keeps ``format``: they do not look at tables they
/// do not know. A change they cannot live with raises ``format``, and they refuse the file.
enum StateSchema {
    /// Highest format this version reads and writes.
    static let format = 1

    /// Marks the file as ours: `SPLW` (SQLite's `application_id`, <https://www.sqlite.org/fileformat.html>).
    static let applicationID: Int32 = 0x5350_4C57

    static let migrations: [(name: String, statements: String)] = [
        ("ledger", ledger), ("journal", journal), ("fingerprints", fingerprints), ("moves", moves),
        ("lag_history", lagHistory), ("owned_site", ownedSite), ("moved", moved),
    ]

    /// All migrations, or those up to and with one of that name: the tables an older version left.
    static func migrator(upTo last: String? = nil) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, statements) in migrations {
            migrator.registerMigration(name) { database in try database.execute(sql: statements) }
            if name == last { break }
        }
        return migrator
    }

    private static let ledger = """
        PRAGMA application_id = \(applicationID);
        CREATE TABLE ledger (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            id TEXT NOT NULL,
            format INTEGER NOT NULL,
            workspace TEXT NOT NULL,
            created INTEGER NOT NULL
        );
        CREATE TABLE owned (
            address TEXT PRIMARY KEY,
            origin TEXT NOT NULL,
            deletion_policy TEXT NOT NULL,
            applied TEXT NOT NULL,
            native_id TEXT,
            derived INTEGER NOT NULL,
            before TEXT,
            run TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE site (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            facts TEXT NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID;
        CREATE TABLE lag (
            failover_group TEXT PRIMARY KEY,
            records INTEGER NOT NULL,
            worst INTEGER NOT NULL,
            worst_partition TEXT,
            as_of INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    private static let journal = """
        CREATE TABLE run (
            id TEXT PRIMARY KEY,
            started INTEGER NOT NULL,
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            command TEXT NOT NULL,
            plan_digest TEXT NOT NULL,
            approver TEXT,
            reference TEXT,
            revision TEXT,
            ended INTEGER,
            exit_code INTEGER,
            summary TEXT
        ) WITHOUT ROWID;
        CREATE TABLE step (
            run TEXT NOT NULL,
            id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            intended INTEGER NOT NULL,
            started INTEGER,
            ended INTEGER,
            result TEXT,
            failure TEXT,
            message TEXT,
            endpoint TEXT,
            PRIMARY KEY (run, id)
        ) WITHOUT ROWID;
        CREATE INDEX step_order ON step (run, sequence);
        CREATE TABLE lock (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            run TEXT NOT NULL,
            host TEXT NOT NULL,
            process INTEGER NOT NULL,
            since INTEGER NOT NULL,
            boot TEXT,
            namespace TEXT,
            process_started TEXT
        );
        """

    private static let moves = """
        CREATE TABLE move (
            family TEXT PRIMARY KEY,
            facts TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE hook (
            address TEXT PRIMARY KEY,
            generation INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    private static let lagHistory = """
        CREATE TABLE lag_reading (
            failover_group TEXT NOT NULL,
            as_of INTEGER NOT NULL,
            records INTEGER NOT NULL,
            worst INTEGER NOT NULL,
            worst_partition TEXT,
            PRIMARY KEY (failover_group, as_of)
        ) WITHOUT ROWID;
        """

    private static let ownedSite = """
        ALTER TABLE owned ADD COLUMN site_id TEXT;
        """

    private static let moved = """
        CREATE TABLE moved (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            location TEXT NOT NULL,
            at INTEGER NOT NULL
        );
        """

    private static let fingerprints = """
        CREATE TABLE fingerprint_key (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            key TEXT NOT NULL
        );
        """
}
