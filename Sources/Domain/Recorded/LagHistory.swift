extension Recorded {
    /// What the readings of `status --record` say about a group's lag.
    package struct LagHistory: Sendable, Hashable, Codable {
        /// Number of readings that are kept.
        package var readings: Int
        /// When the oldest of them was made.
        package var since: Timestamp
        /// The newest reading.
        package var last: Lag
        /// Most records behind in any of them.
        package var greatest: Int64
        /// The newest moment at which nothing was behind; `nil` when none was recorded.
        package var caughtUpAt: Timestamp?

        package init(readings: Int, since: Timestamp, last: Lag, greatest: Int64, caughtUpAt: Timestamp?) {
            self.readings = readings
            self.since = since
            self.last = last
            self.greatest = greatest
            self.caughtUpAt = caughtUpAt
        }
    }

    /// How old the oldest record can be that a group's standby lacks: everything that was written before the last moment
    /// without lag is there.
    package enum LossAge: Sendable, Hashable, Codable {
        /// No older than this; it grows while nothing is read.
        case bounded(Duration)
        /// Of any age: copies were made anew after the last moment without lag, and have not been without since.
        case unbounded
        /// No moment without lag is known.
        case unknown

        package var bound: Duration? {
            if case .bounded(let bound) = self { bound } else { nil }
        }
    }

    /// How old the oldest record can be that a group's standby lacks now.
    ///
    /// A moment before the holder began to serve tells of the other direction, and one before a copy was begun tells of
    /// another copy: they do not count.
    ///
    /// - Parameters:
    ///   - group: The group that leads a family.
    ///   - measured: A reading of now; `nil` when there is none, as while the source is silent.
    ///   - copiesBegan: When the newest of the copies was begun; `nil` when none is known to have been made anew.
    ///   - now: The moment for which it holds.
    package func lossAge(
        ofGroup group: String, measured: Lag?, copiesBegan: Timestamp?, at now: Timestamp
    ) -> LossAge {
        let history = lagHistory[group]
        let readings = [lag[group], history?.last].compactMap(\.self)
        let turned = moves[group]?.serving?.since
        let caughtUp = (readings.filter { $0.records == 0 }.map(\.asOf) + [history?.caughtUpAt].compactMap(\.self))
            .filter { moment in turned.map { moment >= $0 } ?? true }
        let current = measured.flatMap { $0.records == 0 ? $0.asOf : nil }
        let seen = caughtUp.filter { moment in copiesBegan.map { moment > $0 } ?? true }
        guard let last = (seen + [current].compactMap(\.self)).max() else {
            return caughtUp.isEmpty ? .unknown : .unbounded
        }
        return .bounded(max(.zero, now.since(last)))
    }
}
