import Domain
import Execution

/// The log of a shared ledger: numbered segments, each written once, behind a snapshot of those before.
///
/// A segment is written if none of its number is there. Who begins a run writes the next one, so that a run that lost its
/// lock finds its number taken, and no write of it can take effect (`docs/decisions/0009-shared-state-is-a-log.md`).
struct SharedLog: Sendable {
    let place: SharedPlace

    /// A ledger as a reader finds it.
    struct Reading: Sendable {
        var image: LedgerImage
        /// Number of the last segment; 0 = none.
        var last: Int
        let head: SharedPlace.Document<SharedLedgerHead>?
    }

    /// How often a reader begins again when a snapshot is replaced while it reads.
    private static let attempts = 8
    private static let window = 16

    /// Reads the ledger at one moment: a snapshot and the segments behind it, up to the first number that is missing.
    func read() async throws(StateStoreError) -> Reading {
        for _ in 0..<Self.attempts {
            let head = try await place.read(.head, as: SharedLedgerHead.self)
            guard let image = try await snapshot(head?.value) else { continue }
            var reading = Reading(image: image, last: head?.value.through ?? 0, head: head)
            for segment in try await segments(from: reading.last + 1) {
                for record in segment.records { reading.image.learn(record) }
                reading.last += 1
            }
            // Segments are removed only behind a newer head: with the same one nothing was missing but the end.
            let now = try await place.read(.head, as: SharedLedgerHead.self)
            if now?.object.version == head?.object.version { return reading }
        }
        throw place.unusable("its snapshot was replaced each time it was read")
    }

    /// Writes a segment behind the last one.
    ///
    /// - Returns: Whether it was written; `false` when somebody else wrote one of that number.
    func append(_ segment: LedgerSegment, as number: Int) async throws(StateStoreError) -> Bool {
        try await place.write(segment, to: .segment(number), over: nil) != nil
    }

    /// Segments of the log, from a number up to another, or to the end.
    func segments(from first: Int, through last: Int? = nil) async throws(StateStoreError) -> [LedgerSegment] {
        var found: [LedgerSegment] = []
        var next = first
        while last.map({ next <= $0 }) ?? true {
            let end = min(next + Self.window - 1, last ?? .max)
            let names = (next...end).map(SharedObjectName.segment)
            for segment in try await place.read(names, as: LedgerSegment.self) {
                guard let segment else { return found }
                found.append(segment)
            }
            next = end + 1
        }
        return found
    }

    /// The image of a snapshot; `nil` when it was replaced meanwhile.
    private func snapshot(_ head: SharedLedgerHead?) async throws(StateStoreError) -> LedgerImage? {
        var image = LedgerImage()
        guard let names = head?.snapshot?.names else { return image }
        for part in try await place.read(names, as: [LedgerRecord].self) {
            guard let part else { return nil }
            for record in part { image.learn(record) }
        }
        return image
    }
}
