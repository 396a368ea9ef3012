import SimulatorCore

/// Consecutive records of a partition that were first appended together: who they are, without what they hold.
package struct Segment: Sendable, Hashable {
    /// The topic they were appended to first, on the cluster where that happened (see `Origins`).
    package var origin: UInt32
    package var isAcknowledged: Bool
    /// The offset of the first record where it was appended first.
    package var originOffset: Int64
    package var length: Int64

    /// Whether `other` continues this segment without a gap.
    fileprivate func isContinued(by other: Segment) -> Bool {
        origin == other.origin && isAcknowledged == other.isAcknowledged && originOffset + length == other.originOffset
    }
}

/// The log of one partition as a list of segments, so that copying, truncating and comparing cost segments, not records.
package struct PartitionLog: Sendable, Hashable {
    /// The offset of the first record.
    package private(set) var start: Int64 = 0
    /// The offset the next record gets.
    package private(set) var end: Int64 = 0
    package private(set) var segments: [Segment] = []

    init(start: Int64 = 0) {
        self.start = start
        end = start
    }

    package mutating func append(_ segment: Segment) {
        guard segment.length > 0 else { return }
        end += segment.length
        guard let last = segments.last, last.isContinued(by: segment) else {
            segments.append(segment)
            return
        }
        segments[segments.count - 1].length += segment.length
    }

    /// Cuts the log back so that it ends at `offset`; returns how many records went.
    mutating func truncate(to offset: Int64) -> Int64 {
        let removed = max(0, end - max(offset, start))
        var excess = removed
        while excess > 0, let last = segments.last {
            if last.length <= excess {
                excess -= last.length
                segments.removeLast()
            } else {
                segments[segments.count - 1].length -= excess
                excess = 0
            }
        }
        end -= removed
        return removed
    }

    /// At most `limit` records from `offset` on, as segments.
    package func slice(from offset: Int64, limit: Int64) -> [Segment] {
        var taken: [Segment] = []
        var position = start
        var remaining = limit
        for segment in segments {
            defer { position += segment.length }
            guard remaining > 0 else { break }
            let skipped = max(0, offset - position)
            guard skipped < segment.length else { continue }
            let length = min(segment.length - skipped, remaining)
            taken.append(
                Segment(
                    origin: segment.origin, isAcknowledged: segment.isAcknowledged,
                    originOffset: segment.originOffset + skipped, length: length))
            remaining -= length
        }
        return taken
    }

    /// The offset up to which two logs hold the same records at the same offsets.
    func commonEnd(with other: PartitionLog) -> Int64 {
        let from = max(start, other.start)
        var mine = slice(from: from, limit: .max)[...]
        var theirs = other.slice(from: from, limit: .max)[...]
        var position = from
        while var left = mine.first, var right = theirs.first, left.origin == right.origin,
            left.originOffset == right.originOffset
        {
            let shared = min(left.length, right.length)
            position += shared
            mine.removeFirst()
            theirs.removeFirst()
            left.originOffset += shared
            left.length -= shared
            right.originOffset += shared
            right.length -= shared
            if left.length > 0 { mine = [left] + mine }
            if right.length > 0 { theirs = [right] + theirs }
        }
        return position
    }
}

/// The numbers that stand for "topic T, made as I, on cluster C" in segments.
package struct Origins: Sendable {
    package struct Origin: Sendable, Hashable {
        package var cluster: String
        package var topic: String
        var topicID: Identifier
    }

    private(set) var all: [Origin] = []
    private var numbers: [Origin: UInt32] = [:]

    mutating func number(of origin: Origin) -> UInt32 {
        if let number = numbers[origin] { return number }
        let number = UInt32(all.count)
        all.append(origin)
        numbers[origin] = number
        return number
    }

    package subscript(number: UInt32) -> Origin {
        all[Int(number)]
    }
}
