import SimulatedConfluent
import SimulatorCore

/// A set of offsets as ranges that neither touch nor overlap, in ascending order.
struct OffsetRanges: Sendable, Equatable {
    private(set) var ranges: [Range<Int64>] = []

    /// How many offsets there are.
    var count: Int64 {
        ranges.reduce(0) { $0 + Int64($1.count) }
    }

    /// Adds a range; returns how many of its offsets were there already.
    @discardableResult
    mutating func insert(_ range: Range<Int64>) -> Int64 {
        guard !range.isEmpty else { return 0 }
        let first = position(of: range.lowerBound)
        var merged = range
        var last = first
        var overlap: Int64 = 0
        while last < ranges.count, ranges[last].lowerBound <= range.upperBound {
            overlap += Int64(ranges[last].clamped(to: range).count)
            merged = min(merged.lowerBound, ranges[last].lowerBound)..<max(merged.upperBound, ranges[last].upperBound)
            last += 1
        }
        ranges.replaceSubrange(first..<last, with: [merged])
        return overlap
    }

    /// How many offsets of a range are missing here.
    func missing(from range: Range<Int64>) -> Int64 {
        var held: Int64 = 0
        var index = position(of: range.lowerBound)
        while index < ranges.count, ranges[index].lowerBound < range.upperBound {
            held += Int64(ranges[index].clamped(to: range).count)
            index += 1
        }
        return Int64(range.count) - held
    }

    /// The first range that ends at an offset or behind it.
    private func position(of offset: Int64) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < offset {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

/// Where records were appended first: what makes them the same records wherever they are copied.
struct RecordOrigin: Hashable, Sendable {
    var origin: UInt32
    var partition: Int
}

extension [RecordOrigin: OffsetRanges] {
    var total: Int64 {
        values.reduce(0) { $0 + $1.count }
    }
}
