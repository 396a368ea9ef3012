import Domain
import GRDB

/// Rows that only remember what was observed: sites and lag.
enum CacheRows {
    /// Last known ids and endpoints.
    static func fetchSites(_ database: Database) throws -> KnownSites {
        guard try database.tableExists("site") else { return KnownSites() }
        var sites = KnownSites()
        for row in try Row.fetchAll(database, sql: "SELECT kind, name, facts FROM site") {
            let name: String = row[1]
            switch SiteKind(rawValue: row[0]) {
            case .cluster: sites.clusters[name] = try StateJSON.decode(KnownSites.Cluster.self, from: row[2])
            case .environment:
                sites.environments[name] = try StateJSON.decode(KnownSites.Environment.self, from: row[2])
            case nil: continue
            }
        }
        return sites
    }

    /// Last known lag by group.
    static func fetchLag(_ database: Database) throws -> [String: Recorded.Lag] {
        guard try database.tableExists("lag") else { return [:] }
        var lag: [String: Recorded.Lag] = [:]
        let rows = try Row.fetchAll(
            database, sql: "SELECT failover_group, records, worst, worst_partition, as_of FROM lag")
        for row in rows {
            lag[row[0]] = Recorded.Lag(
                records: row[1], worst: row[2], worstPartition: row[3], asOf: Timestamp(milliseconds: row[4]))
        }
        return lag
    }

    /// Writes sites and lag; names that are not given stay, and a time never goes back.
    static func remember(sites: KnownSites, lag: [String: Recorded.Lag], in database: Database) throws {
        let known = try fetchSites(database)
        try OwnedRows.place(
            onClusters: sites.clusters.reduce(into: [:]) { $0[$1.key] = known.clusters[$1.key]?.id ?? $1.value.id },
            onEnvironments: sites.environments.reduce(into: [:]) {
                $0[$1.key] = known.environments[$1.key]?.id ?? $1.value.id
            }, in: database)
        let after = known.remembering(sites)
        for (name, cluster) in after.clusters where cluster != known.clusters[name] {
            try write(.cluster, name, try StateJSON.encode(cluster), in: database)
        }
        for (name, environment) in after.environments where environment != known.environments[name] {
            try write(.environment, name, try StateJSON.encode(environment), in: database)
        }
        for (group, lag) in lag {
            try database.execute(
                sql: """
                    INSERT INTO lag (failover_group, records, worst, worst_partition, as_of) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (failover_group) DO UPDATE SET records = excluded.records, worst = excluded.worst,
                        worst_partition = excluded.worst_partition, as_of = excluded.as_of
                    WHERE excluded.as_of >= as_of
                    """,
                arguments: [group, lag.records, lag.worst, lag.worstPartition, lag.asOf.milliseconds])
        }
    }

    /// Forgets where an environment or a cluster was, and under which id; does nothing for other kinds.
    ///
    /// - Returns: Whether anything was known of it.
    @discardableResult
    static func forget(_ address: ResourceAddress, in database: Database) throws -> Bool {
        let kind: SiteKind
        switch address.kind {
        case .environment: kind = .environment
        case .cluster: kind = .cluster
        default: return false
        }
        try database.execute(
            sql: "DELETE FROM site WHERE kind = ? AND name = ?", arguments: [kind.rawValue, address.name])
        return database.changesCount > 0
    }

    private enum SiteKind: String {
        case cluster
        case environment
    }

    private static func write(_ kind: SiteKind, _ name: String, _ facts: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO site (kind, name, facts) VALUES (?, ?, ?)",
            arguments: [kind.rawValue, name, facts])
    }
}
