import Domain
import Execution
import GRDB
import Planning

/// Rows of runs and their steps.
enum JournalRows {
    /// Writes the head of a run.
    static func start(_ run: RunHeader, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO run (id, started, host, process, command, plan_digest, approver, reference, revision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run.id, run.startedAt.milliseconds, run.host, run.process, run.command, run.planDigest, run.approver,
                run.reference, run.revision,
            ])
    }

    /// Writes how a run ended.
    static func end(_ run: String, at time: Timestamp, exitCode: Int, summary: String, in database: Database) throws {
        try database.execute(
            sql: "UPDATE run SET ended = ?, exit_code = ?, summary = ? WHERE id = ?",
            arguments: [time.milliseconds, exitCode, summary, run])
    }

    /// Writes that a run is over whose end nobody saw.
    static func endUnknown(_ run: String, at time: Timestamp, summary: String, in database: Database) throws {
        try database.execute(
            sql: "UPDATE run SET ended = ?, summary = ? WHERE id = ? AND ended IS NULL",
            arguments: [time.milliseconds, summary, run])
    }

    /// Writes intents of steps; a step that is intended again has a new intent and no outcome.
    static func intend(_ steps: [Step], run: String, at time: Timestamp, in database: Database) throws {
        var sequence =
            try Int.fetchOne(database, sql: "SELECT max(sequence) FROM step WHERE run = ?", arguments: [run]) ?? 0
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO step (run, id, sequence, intended) VALUES (?, ?, ?, ?)")
        for step in steps {
            sequence += 1
            try statement.execute(arguments: [run, step.id.description, sequence, time.milliseconds])
        }
    }

    /// Writes the outcome of a step; one that was never intended is recorded as intended now.
    static func conclude(_ outcome: StepOutcome, run: String, at time: Timestamp, in database: Database) throws {
        let words = OutcomeWords(outcome.result)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO step
                    (run, id, sequence, intended, started, ended, result, failure, message, endpoint)
                VALUES (?1, ?2, (SELECT coalesce(max(sequence), 0) + 1 FROM step WHERE run = ?1), ?3, ?4, ?5, ?6, ?7,
                    ?8, ?9)
                ON CONFLICT (run, id) DO UPDATE SET started = excluded.started, ended = excluded.ended,
                    result = excluded.result, failure = excluded.failure, message = excluded.message,
                    endpoint = excluded.endpoint
                """)
        try statement.execute(arguments: [
            run, outcome.step.id.description, time.milliseconds, outcome.startedAt?.milliseconds,
            outcome.endedAt.milliseconds, words.result, words.failure, words.message, words.endpoint,
        ])
    }

    /// Writes a run of another journal with its steps; one that is there stays as it is.
    static func add(_ run: RunRecord, in database: Database) throws {
        let isKnown = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)", arguments: [run.header.id])
        guard isKnown != true else { return }
        try start(run.header, in: database)
        try database.execute(
            sql: "UPDATE run SET ended = ?, exit_code = ?, summary = ? WHERE id = ?",
            arguments: [run.endedAt?.milliseconds, run.exitCode, run.summary, run.header.id])
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO step (run, id, sequence, intended, started, ended, result, failure, message, endpoint)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (index, step) in run.steps.enumerated() {
            try statement.execute(arguments: [
                run.header.id, step.id.description, index + 1, step.intendedAt.milliseconds,
                step.startedAt?.milliseconds, step.endedAt?.milliseconds, step.result, step.failure, step.message,
                step.endpoint,
            ])
        }
    }

    /// Runs, the newest first, without their steps.
    static func fetchRuns(_ database: Database) throws -> [RunRecord] {
        guard try database.tableExists("run") else { return [] }
        return try Row.fetchAll(database, sql: "SELECT * FROM run ORDER BY started DESC, id DESC").map {
            record($0, steps: [])
        }
    }

    /// One run with its steps.
    static func fetchRun(_ id: String, _ database: Database) throws -> RunRecord? {
        guard try database.tableExists("run"),
            let run = try Row.fetchOne(database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
        else { return nil }
        let steps = try Row.fetchAll(
            database, sql: "SELECT * FROM step WHERE run = ? ORDER BY sequence", arguments: [id])
        return record(
            run,
            steps: steps.map { row in
                RunRecord.StepRecord(
                    id: Step.ID(text: row["id"]), intendedAt: Timestamp(milliseconds: row["intended"]),
                    endedAt: time(row["ended"]), result: row["result"], message: row["message"],
                    startedAt: time(row["started"]), failure: row["failure"], endpoint: row["endpoint"])
            })
    }

    private static func record(_ row: Row, steps: [RunRecord.StepRecord]) -> RunRecord {
        let header = RunHeader(
            id: row["id"], startedAt: Timestamp(milliseconds: row["started"]), host: row["host"],
            process: row["process"], command: row["command"], planDigest: row["plan_digest"],
            approver: row["approver"], reference: row["reference"], revision: row["revision"])
        return RunRecord(
            header: header, endedAt: time(row["ended"]), exitCode: row["exit_code"], summary: row["summary"],
            steps: steps)
    }

    private static func time(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map(Timestamp.init(milliseconds:))
    }
}
