import Domain
import GRDB
import Planning

/// Rows of moves, one document per family, and of restart hooks.
enum MoveRows {
    /// All moves, by family.
    static func fetchAll(_ database: Database) throws -> [String: RecordedMoves] {
        guard try database.tableExists("move") else { return [:] }
        var moves: [String: RecordedMoves] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT family, facts FROM move") {
            moves[row[0]] = try StateJSON.decode(RecordedMoves.self, from: row[1])
        }
        return moves
    }

    /// The generation every hook announced last.
    static func fetchHooks(_ database: Database) throws -> [ResourceAddress: Int] {
        guard try database.tableExists("hook") else { return [:] }
        var hooks: [ResourceAddress: Int] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT address, generation FROM hook") {
            if let address = ResourceAddress(row[0] as String) { hooks[address] = row[1] }
        }
        return hooks
    }

    /// Writes what the ledger learns of a step that succeeded.
    static func apply(_ step: Step, at time: Timestamp, in database: Database) throws {
        switch step.ledger {
        case .move(let family, let event):
            let text = try String.fetchOne(
                database, sql: "SELECT facts FROM move WHERE family = ?", arguments: [family])
            var moves = try text.map { try StateJSON.decode(RecordedMoves.self, from: $0) } ?? RecordedMoves()
            moves.learn(event, at: time)
            try write(moves, of: family, in: database)
        case .announced(let generation):
            try writeHook(step.address.description, generation: generation, in: database)
        case .none, .own, .disown: break
        }
    }

    static func write(_ moves: RecordedMoves, of family: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO move (family, facts) VALUES (?, ?)",
            arguments: [family, try StateJSON.encode(moves)])
    }

    static func writeHook(_ address: String, generation: Int, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO hook (address, generation) VALUES (?, ?)", arguments: [address, generation])
    }
}
