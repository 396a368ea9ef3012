import SimulatedConfluent
import SimulatorCore

/// A running application: what it knows, where it stands, and what it has lived through.
final class WorkloadClient {
    /// Acknowledgements stopped on one cluster and began on another.
    struct Move {
        var from: String
        var to: String
        var lastAckBefore: Milliseconds
        var firstAckAfter: Milliseconds
    }

    let description: ClientDescription
    let started: Milliseconds
    /// What it read of its binding last.
    var address: ClientAddress?
    var values: [String: String]?
    /// When it reads its binding next; `nil` when it does not.
    var nextRead: Milliseconds?
    var reads = 0
    var lastRead: Milliseconds?

    /// Records it tried to produce, by topic.
    var attempted: [String: Int64] = [:]
    var acknowledged: Int64 = 0
    /// Records that were not taken, by reason.
    var refused: [String: Int64] = [:]
    /// The partition the next record goes to.
    var turn = 0
    var lastAck: (time: Milliseconds, cluster: String)?
    var longestPause: Milliseconds = 0
    var moves: [Move] = []

    /// The cluster it consumes from.
    var consumesFrom: String?
    var positions: [TopicPartition: Int64] = [:]
    var nextCommit: Milliseconds = 0
    var consumed: Int64 = 0
    var duplicates: Int64 = 0
    /// Positions that were out of range.
    var resets = 0
    /// Why it could not consume, by reason, in polls.
    var unread: [String: Int64] = [:]

    init(_ description: ClientDescription, at time: Milliseconds) {
        self.description = description
        started = time
        nextRead = time
    }

    /// Starts again with what its policy lets it read.
    func restart(at time: Milliseconds) {
        positions = [:]
        if description.policy != .once || address == nil { nextRead = time }
    }

    /// How many records are due of a production.
    func due(_ production: ClientDescription.Production, at time: Milliseconds) -> Int64 {
        let total = Int64(production.perSecond * Double(time - started) / 1_000)
        return max(0, total - (attempted[production.topic] ?? 0))
    }

    func refuse(_ count: Int64, because reason: String) {
        if count > 0 { refused[reason, default: 0] += count }
    }

    /// Notes an acknowledgement; returns the move it ends.
    func note(_ count: Int64, on cluster: String, at time: Milliseconds) -> Move? {
        acknowledged += count
        defer { lastAck = (time, cluster) }
        guard let lastAck else { return nil }
        longestPause = max(longestPause, time - lastAck.time)
        guard lastAck.cluster != cluster else { return nil }
        let move = Move(from: lastAck.cluster, to: cluster, lastAckBefore: lastAck.time, firstAckAfter: time)
        moves.append(move)
        return move
    }
}
