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
            if step.deletesSite { try CacheRows.forget(step.address, in: database) }
        case .own(var owned):
            let before = try fetch(step.address, database)?.owned
            let existing = before.flatMap { $0.mayBe(owned) ? $0 : nil }
            if step.creates { try CacheRows.forget(step.address, in: database) }
            owned.origin = origin(of: owned, existing: existing, created: step.creates)
            if !step.creates {
                owned.nativeID = owned.nativeID ?? existing?.nativeID
                owned.siteID = owned.siteID ?? existing?.siteID
            }
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

    private typealias Found = (owned: Recorded.Owned, before: String?)

    private static func fetch(_ address: ResourceAddress, _ database: Database) throws -> Found? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT address, origin, deletion_policy, applied, native_id, derived, site_id, before
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
            isDerived: row[5], siteID: row["site_id"])
    }

    private static func write(
        _ owned: Recorded.Owned, at address: ResourceAddress, before: String?, run: String, in database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO owned
                    (address, origin, deletion_policy, applied, native_id, derived, site_id, before, run)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            address.description, owned.origin.rawValue, owned.deletionPolicy.rawValue,
            try FlatFields.encode(owned.applied), owned.nativeID, owned.isDerived, owned.siteID, before, run,
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

extension Recorded.Owned {
    /// Whether two rows of one address can be about the same live object.
    fileprivate func mayBe(_ other: Recorded.Owned) -> Bool {
        func agree(_ one: String?, _ another: String?) -> Bool { one == nil || another == nil || one == another }
        return agree(nativeID, other.nativeID) && agree(siteID, other.siteID)
    }
}

extension Step {
    /// Whether it deletes an environment or a cluster.
    fileprivate var deletesSite: Bool {
        switch action {
        case .cloud(.deleteEnvironment), .cloud(.deleteCluster): true
        default: false
        }
    }
}
