import Domain
import Execution

/// Replaces the beginning of a log by a snapshot of it, so that readers stay quick and old segments can go.
///
/// A snapshot follows from the segments before it alone: whoever writes it, whenever, writes the same ledger. The head is
/// replaced on a condition, and only what no head names is removed, after that.
struct SharedCompaction: Sendable {
    let place: SharedPlace

    /// Segments behind a snapshot that a reader bears.
    static let longestLog = 48
    /// Runs that the journal keeps.
    static let keptRuns = 200
    /// Rows in one part of a snapshot: some hundred kilobytes before compression.
    private static let recordsInPart = 1_000

    /// Writes a snapshot of everything that was read.
    ///
    /// - Returns: Whether it is the newest now.
    func run(_ reading: SharedLog.Reading) async throws(StateStoreError) -> Bool {
        guard reading.last > reading.head?.value.through ?? 0 else { return false }
        let image = reading.image.keeping(runs: Self.keptRuns)
        let parts = parts(of: image)
        let new = SharedLedgerHead.Snapshot(set: "\(reading.last)-\(RandomMark.draw())", parts: parts.count)

        var head = reading.head?.value ?? SharedLedgerHead()
        if let left = head.unfinished { head.rests.append(left) }
        head.unfinished = new
        guard var written = try await replace(reading.head?.object, by: &head) else { return false }
        for (part, name) in zip(parts, new.names) {
            guard try await place.write(part, to: name, over: nil) != nil else { return false }
        }

        if let old = head.snapshot { head.rests.append(old) }
        (head.snapshot, head.unfinished) = (new, nil)
        head.through = reading.last
        head.keptFrom = image.newestRuns.map(\.first).min() ?? reading.last + 1
        guard let current = try await replace(written, by: &head) else { return false }
        written = current

        // Only now does no reader begin with these, and no writer of an unfinished snapshot can make it the current one.
        let segments = (head.removedBefore..<max(head.keptFrom, head.removedBefore)).map(SharedObjectName.segment)
        try await place.remove(head.rests.flatMap(\.names) + segments)
        (head.rests, head.removedBefore) = ([], head.keptFrom)
        return try await replace(written, by: &head) != nil
    }

    private func replace(
        _ seen: SharedObject?, by head: inout SharedLedgerHead
    ) async throws(StateStoreError) -> SharedObject? {
        head.mark = RandomMark.draw()
        return try await place.write(head, to: .head, over: seen)
    }

    private func parts(of image: LedgerImage) -> [[LedgerRecord]] {
        let records = image.records
        return stride(from: 0, to: records.count, by: Self.recordsInPart).map {
            Array(records[$0..<min($0 + Self.recordsInPart, records.count)])
        }
    }
}
