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
        let rows = try Row.fetchCursor(
            database, sql: "SELECT address, origin, deletion_policy, applied, native_id, derived FROM owned")
        while let row = try rows.next() {
            let text: String = row[0]
            // An address of a kind this version does not know belongs to a newer one, and is left to it.
            guard let address = ResourceAddress(text) else { continue }
            owned[address] = try read(row)
        }
        return owned
    }

    /// Writes the rows of objects that steps are about to create.
    static func markCreating(_ steps: [Step], run: String, in database: Database) throws {
        for step in steps where step.creates {
            guard case .own(var owned) = step.ledger else { continue }
            let before = try fetch(step.address, database)
            owned.origin = .creating
            let keptBefore = before?.owned.origin == .creating ? before?.before : try before.map(encode)
            try write(owned, at: step.address, before: keptBefore, run: run, in: database)
        }
    }

    /// Writes what the ledger learns of a step that succeeded, or that failed when it had made its object.
    static func apply(_ step: Step, run: String, isProven: Bool = true, in database: Database) throws {
        switch step.ledger {
        case .none, .move, .announced:
            break
        case .disown:
            _ = try delete(step.address, in: database)
        case .own(var owned):
            let existing = try fetch(step.address, database)?.owned
            owned.origin = origin(of: owned, existing: existing, created: step.creates)
            owned.nativeID = owned.nativeID ?? (step.creates ? nil : existing?.nativeID)
            let row = isProven ? owned : owned.unproven
            try write(row, at: step.address, before: nil, run: run, in: database)
        }
    }

    /// Puts back what was there before a create call that had no effect.
    static func revertCreating(_ step: Step, run: String, in database: Database) throws {
        guard step.creates, let row = try fetch(step.address, database), row.owned.origin == .creating else { return }
        if let before = row.before {
            let owned = try StateJSON.decode(Recorded.Owned.self, from: before)
            try write(owned, at: step.address, before: nil, run: run, in: database)
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

    private typealias Found = (owned: Recorded.Owned, before: String?)

    private static func fetch(_ address: ResourceAddress, _ database: Database) throws -> Found? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT address, origin, deletion_policy, applied, native_id, derived, before
                FROM owned WHERE address = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [address.description]) else { return nil }
        return (try read(row), row["before"])
    }

    private static func read(_ row: Row) throws -> Recorded.Owned {
        let origin: String = row[1]
        let policy: String = row[2]
        guard let origin = Recorded.Origin(rawValue: origin), let policy = DeletionPolicy(rawValue: policy) else {
            throw DatabaseError(message: "the row of \(row[0] as String) says origin '\(origin)', policy '\(policy)'")
        }
        return Recorded.Owned(
            origin: origin, deletionPolicy: policy, applied: try FlatFields.decode(row[3]), nativeID: row[4],
            isDerived: row[5])
    }

    private static func write(
        _ owned: Recorded.Owned, at address: ResourceAddress, before: String?, run: String, in database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO owned
                    (address, origin, deletion_policy, applied, native_id, derived, before, run)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            address.description, owned.origin.rawValue, owned.deletionPolicy.rawValue,
            try FlatFields.encode(owned.applied), owned.nativeID, owned.isDerived, before, run,
        ])
    }

    private static func encode(_ found: Found) throws -> String {
        try StateJSON.encode(found.owned)
    }

    /// An object that was created stays created, and one that was adopted stays adopted while it is only changed.
    private static func origin(
        of owned: Recorded.Owned, existing: Recorded.Owned?, created: Bool
    ) -> Recorded.Origin {
        if created { return .created }
        switch (existing?.origin, owned.origin) {
        case (.adopted, _): return .adopted
        case (.created, _): return .created
        case (_, .creating): return .created
        case (_, let wanted): return wanted
        }
    }
}
