import Domain
import Execution

/// What was last observed, which decides nothing alone: written without the lock by whoever looked.
struct SharedCache: Codable, Sendable, Hashable {
    var sites = KnownSites()
    var lag: [String: Recorded.Lag] = [:]
    /// What the readings of a group come to.
    var history: [String: Recorded.LagHistory] = [:]
    /// Drawn at each write: equal contents have to be told apart.
    var mark = RandomMark.draw()

    /// Takes in what was observed; a time never goes back.
    mutating func remember(sites observed: KnownSites, lag newer: [String: Recorded.Lag]) {
        sites = sites.remembering(observed)
        for (group, reading) in newer where lag[group].map({ reading.asOf >= $0.asOf }) ?? true {
            lag[group] = reading
        }
    }
}

/// Readings of lag of one group, the oldest first.
struct SharedReadings: Codable, Sendable {
    /// As many as a week of one every five minutes.
    static let kept = 2_016

    private(set) var readings: [Recorded.Lag] = []
    /// The newest moment without lag that is not among them any more.
    private var caughtUpBefore: Timestamp?
    /// Drawn at each write: equal contents have to be told apart.
    private(set) var mark = RandomMark.draw()

    init(_ readings: [Recorded.Lag] = []) {
        for reading in readings { add(reading) }
    }

    /// Adds a reading; one of the same moment is replaced.
    mutating func add(_ reading: Recorded.Lag) {
        readings.removeAll { $0.asOf == reading.asOf }
        readings.append(reading)
        readings.sort { $0.asOf < $1.asOf }
        let dropped = readings.prefix(max(0, readings.count - Self.kept))
        caughtUpBefore = (dropped.filter { $0.records == 0 }.map(\.asOf) + [caughtUpBefore].compactMap(\.self)).max()
        readings.removeFirst(dropped.count)
        mark = RandomMark.draw()
    }

    /// What they come to; `nil` when there are none.
    var history: Recorded.LagHistory? {
        guard let first = readings.first, let last = readings.last else { return nil }
        return Recorded.LagHistory(
            readings: readings.count, since: first.asOf, last: last,
            greatest: readings.map(\.records).max() ?? last.records,
            caughtUpAt: readings.last { $0.records == 0 }?.asOf ?? caughtUpBefore)
    }
}
