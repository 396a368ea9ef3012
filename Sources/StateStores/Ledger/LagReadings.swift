import Domain
import GRDB

/// Rows of the history of lag, a row per group and reading.
enum LagReadings {
    /// Readings of a group that are kept: a week of one every five minutes.
    static let kept = 2_016

    /// Adds readings, and drops the oldest ones beyond ``kept`` but for the newest without lag.
    static func add(_ lag: [String: Recorded.Lag], in database: Database) throws {
        for (group, lag) in lag {
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO lag_reading (failover_group, as_of, records, worst, worst_partition)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [group, lag.asOf.milliseconds, lag.records, lag.worst, lag.worstPartition])
            try database.execute(
                sql: """
                    DELETE FROM lag_reading WHERE failover_group = :name AND as_of NOT IN (
                        SELECT as_of FROM lag_reading WHERE failover_group = :name ORDER BY as_of DESC LIMIT :kept
                    ) AND as_of IS NOT (
                        SELECT max(as_of) FROM lag_reading WHERE failover_group = :name AND records = 0
                    )
                    """,
                arguments: ["name": group, "kept": kept])
        }
    }

    /// All of them by group, the oldest first.
    static func fetchAll(_ database: Database) throws -> [String: [Recorded.Lag]] {
        guard try database.tableExists("lag_reading") else { return [:] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT failover_group, records, worst, worst_partition, as_of FROM lag_reading
                ORDER BY failover_group, as_of
                """)
        return rows.reduce(into: [:]) { readings, row in
            let reading = Recorded.Lag(
                records: row[1], worst: row[2], worstPartition: row[3], asOf: Timestamp(milliseconds: row[4]))
            readings[row[0], default: []].append(reading)
        }
    }

    /// What the readings say, by group.
    static func fetchHistory(_ database: Database) throws -> [String: Recorded.LagHistory] {
        guard try database.tableExists("lag_reading") else { return [:] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT newest.failover_group, newest.as_of, newest.records, newest.worst, newest.worst_partition,
                    facts.readings, facts.since, facts.greatest, facts.caught_up
                FROM lag_reading AS newest JOIN (
                    SELECT failover_group, count(*) AS readings, min(as_of) AS since, max(as_of) AS last,
                        max(records) AS greatest, max(CASE WHEN records = 0 THEN as_of END) AS caught_up
                    FROM lag_reading GROUP BY failover_group
                ) AS facts ON facts.failover_group = newest.failover_group AND facts.last = newest.as_of
                """)
        var history: [String: Recorded.LagHistory] = [:]
        for row in rows {
            let last = Recorded.Lag(
                records: row[2], worst: row[3], worstPartition: row[4], asOf: Timestamp(milliseconds: row[1]))
            let caughtUp: Int64? = row[8]
            history[row[0]] = Recorded.LagHistory(
                readings: row[5], since: Timestamp(milliseconds: row[6]), last: last, greatest: row[7],
                caughtUpAt: caughtUp.map(Timestamp.init(milliseconds:)))
        }
        return history
    }
}
