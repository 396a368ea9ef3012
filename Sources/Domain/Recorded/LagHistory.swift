extension Recorded {
    /// What the readings of `status --record` say about a group's lag.
    public struct LagHistory: Sendable, Hashable, Codable {
        /// Number of readings that are kept.
        public var readings: Int
        /// When the oldest of them was made.
        public var since: Timestamp
        /// The newest reading.
        public var last: Lag
        /// Most records behind in any of them.
        public var greatest: Int64
        /// The newest moment at which nothing was behind; `nil` when none was recorded.
        public var caughtUpAt: Timestamp?

        /// What readings say.
        public init(readings: Int, since: Timestamp, last: Lag, greatest: Int64, caughtUpAt: Timestamp?) {
            self.readings = readings
            self.since = since
            self.last = last
            self.greatest = greatest
            self.caughtUpAt = caughtUpAt
        }
    }

    /// How old the oldest record can be that a group's standby lacks now: everything that was written before the last
    /// moment without lag is there. It grows while nothing is read.
    ///
    /// A moment before the holder began to serve tells of the other direction, and does not count.
    ///
    /// - Parameters:
    ///   - group: The group that leads a family.
    ///   - measured: A reading of now; `nil` when there is none, as while the source is silent.
    ///   - now: The moment for which the bound holds.
    /// - Returns: `nil` when no moment without lag is known.
    public func ageBound(ofGroup group: String, measured: Lag?, at now: Timestamp) -> Duration? {
        let history = lagHistory[group]
        let readings = [measured, lag[group], history?.last].compactMap(\.self)
        let caughtUp = readings.filter { $0.records == 0 }.map(\.asOf) + [history?.caughtUpAt].compactMap(\.self)
        let turned = moves[group]?.serving?.since
        guard let last = caughtUp.filter({ moment in turned.map { moment >= $0 } ?? true }).max() else { return nil }
        return max(.zero, now.since(last))
    }
}
