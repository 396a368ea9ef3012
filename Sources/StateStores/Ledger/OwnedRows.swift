import Domain
import Execution
import GRDB
import Planning

/// Rows of objects this workspace owns.
enum OwnedRows {
    /// All of them.
    static func fetchAll(_ database: Database) throws -> [ResourceAddress: Recorded.Owned] {
        guard try database.tableExists("owned") else { return [:] }
        var owned: [ResourceAddress: Recorded.Owned] = [:]
        let site = try hasSites(database) ? "site_id" : "NULL AS site_id"
        let rows = try Row.fetchCursor(
            database, sql: "SELECT address, origin, deletion_policy, applied, native_id, derived, \(site) FROM owned")
        while let row = try rows.next() {
            let text: String = row[0]
            // An address of a kind this version does not know belongs to a newer one, and is left to it.
            guard let address = ResourceAddress(text) else { continue }
            owned[address] = try read(row)
        }
        return owned
    }

    /// All of them as they are written, by address, kinds of newer versions too.
    static func fetchRows(_ database: Database) throws -> [String: OwnedRow] {
        let rows = try Row.fetchCursor(database, sql: "SELECT \(columns) FROM owned")
        var found: [String: OwnedRow] = [:]
        while let row = try rows.next() { found[row[0]] = try readWhole(row) }
        return found
    }

    /// Writes the rows of objects that steps are about to create.
    static func markCreating(_ steps: [Step], run: String, in database: Database) throws {
        for step in steps where step.creates {
            guard let row = OwnedRow.creating(step, over: try fetch(step.address, database), run: run) else { continue }
            try write(row, at: step.address.description, in: database)
        }
    }

    /// Writes what the ledger learns of a step that succeeded, or that failed when it had made its object.
    static func apply(_ step: Step, run: String, isProven: Bool, in database: Database) throws {
        switch step.ledger {
        case .none, .move, .announced:
            break
        case .disown:
            _ = try delete(step.address, in: database)
        case .own(let owned):
            let before = try fetch(step.address, database)
            let row = OwnedRow.owning(owned, by: step, over: before, run: run, isProven: isProven)
            try write(row, at: step.address.description, in: database)
        }
    }

    /// Puts back what was there before a create call that had no effect.
    static func revertCreating(_ step: Step, run: String, in database: Database) throws {
        guard step.creates, let row = try fetch(step.address, database), row.owned.origin == .creating else { return }
        if let before = OwnedRow.reverting(row, run: run) {
            try write(before, at: step.address.description, in: database)
        } else {
            _ = try delete(step.address, in: database)
        }
    }

    /// Removes a row.
    ///
    /// - Returns: Whether there was one.
    static func delete(_ address: ResourceAddress, in database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM owned WHERE address = ?", arguments: [address.description])
        return database.changesCount > 0
    }

    /// Writes the live ids of sites into the rows of what they hold, where those do not say yet whose they are.
    ///
    /// - Parameter sites: Ids of clusters and environments by name.
    static func place(
        onClusters clusters: [String: String], onEnvironments environments: [String: String], in database: Database
    ) throws {
        let open = try String.fetchAll(database, sql: "SELECT address FROM owned WHERE site_id IS NULL")
        for text in open {
            guard let address = ResourceAddress(text), let place = address.place,
                let site = address.kind.isInRegistry ? environments[place] : clusters[place]
            else { continue }
            let statement = try database.cachedStatement(sql: "UPDATE owned SET site_id = ? WHERE address = ?")
            try statement.execute(arguments: [site, text])
        }
    }

    /// Whether the table says on which live site an object is: a state of an older version does not.
    private static func hasSites(_ database: Database) throws -> Bool {
        try database.columns(in: "owned").contains { $0.name == "site_id" }
    }

    private static func fetch(_ address: ResourceAddress, _ database: Database) throws -> OwnedRow? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM owned WHERE address = ?")
        return try Row.fetchOne(statement, arguments: [address.description]).map(readWhole)
    }

    private static let columns =
        "address, origin, deletion_policy, applied, native_id, derived, site_id, before, run"

    private static func readWhole(_ row: Row) throws -> OwnedRow {
        let before: String? = row["before"]
        return OwnedRow(
            owned: try read(row), before: try before.map { try StateJSON.decode(Recorded.Owned.self, from: $0) },
            run: row["run"])
    }

    private static func read(_ row: Row) throws -> Recorded.Owned {
        let origin: String = row[1]
        let policy: String = row[2]
        guard let origin = Recorded.Origin(rawValue: origin), let policy = DeletionPolicy(rawValue: policy) else {
            throw DatabaseError(message: "the row of \(row[0] as String) says origin '\(origin)', policy '\(policy)'")
        }
        return Recorded.Owned(
            origin: origin, deletionPolicy: policy, applied: try FlatFields.decode(row[3]), nativeID: row[4],
            isDerived: row[5], siteID: row["site_id"])
    }

    /// Writes a row, over one that is there.
    static func write(_ row: OwnedRow, at address: String, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO owned
                    (address, origin, deletion_policy, applied, native_id, derived, site_id, before, run)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            address, row.owned.origin.rawValue, row.owned.deletionPolicy.rawValue,
            try FlatFields.encode(row.owned.applied), row.owned.nativeID, row.owned.isDerived, row.owned.siteID,
            try row.before.map(StateJSON.encode), row.run,
        ])
    }
}
