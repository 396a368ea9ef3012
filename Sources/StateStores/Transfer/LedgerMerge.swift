import Domain
import Execution

/// What a ledger that went on elsewhere, while its store could not be reached, adds to the one that was left.
package struct LedgerMerge: Sendable {
    /// The ledger that comes of it.
    package private(set) var merged: LedgerContents
    /// Objects that only the other one knew, or knew better.
    package private(set) var takenObjects = 0
    /// Families whose moves were taken from the other one.
    package private(set) var takenFamilies: [String] = []
    /// Runs that only the other one's journal had.
    package private(set) var takenRuns = 0
    /// Objects whose secrets count as not known, since the other one's fingerprints were made with a key of its own.
    package private(set) var unknownSecrets = 0

    /// Two ledgers that cannot be one.
    package struct Conflict: Error, Sendable {
        /// Why.
        package let message: String
    }

    /// Adds what another ledger learned.
    ///
    /// Of an object that both know the row counts that a later run wrote; of a family the moves that went further.
    ///
    /// - Throws: ``Conflict`` when both moved a family in the same epoch to different members: a person has to look.
    package init(_ other: LedgerContents, into ledger: LedgerContents) throws(Conflict) {
        merged = ledger
        guard other.workspace == ledger.workspace else {
            throw Conflict(message: "it is the ledger of workspace \(other.workspace), not of \(ledger.workspace)")
        }
        for (family, moves) in other.moves.sorted(by: { $0.key < $1.key }) { try take(moves, of: family) }
        for (address, row) in other.owned { take(row, at: address, from: other) }
        takeObservations(of: other)
        let known = Set(ledger.runs.map(\.header.id))
        let runs = other.runs.filter { !known.contains($0.header.id) }
        takenRuns = runs.count
        merged.runs = (ledger.runs + runs).sorted {
            ($0.header.startedAt, $0.header.id) > ($1.header.startedAt, $1.header.id)
        }
    }

    private mutating func take(_ moves: RecordedMoves, of family: String) throws(Conflict) {
        guard let known = merged.moves[family] else {
            merged.moves[family] = moves
            takenFamilies.append(family)
            return
        }
        guard known != moves else { return }
        if known.epoch == moves.epoch, let one = known.destination, let another = moves.destination, one != another {
            throw Conflict(
                message:
                    "\(family): both ledgers moved it in epoch \(known.epoch), one to \(one), the other to \(another)")
        }
        let isFurther = moves.progress > known.progress
        if isFurther { takenFamilies.append(family) }
        merged.moves[family] = isFurther ? moves.adding(known) : known.adding(moves)
    }

    private mutating func take(_ row: OwnedRow, at address: String, from other: LedgerContents) {
        let known = merged.owned[address]
        // Ids of runs begin with their time.
        if let known, known.run >= row.run || known.owned == row.owned { return }
        var row = row
        if other.ledgerID != merged.ledgerID, ResourceAddress(address)?.kind == .binding,
            row.owned.applied[Recorded.Owned.publishedByMark] == nil
        {
            row.owned = row.owned.published(byLedger: other.ledgerID)
        }
        if row.owned.fingerprintKeyID != nil, !other.hasKey(of: merged) {
            row.owned = row.owned.withoutFingerprints
            unknownSecrets += 1
        }
        merged.owned[address] = row
        takenObjects += 1
    }

    private mutating func takeObservations(of other: LedgerContents) {
        for (name, site) in other.sites.clusters
        where !isNewer(merged.sites.clusters[name]?.lastAnswered, than: site.lastAnswered) {
            merged.sites = merged.sites.remembering(KnownSites(clusters: [name: site]))
        }
        for (name, site) in other.sites.environments
        where !isNewer(merged.sites.environments[name]?.lastAnswered, than: site.lastAnswered) {
            merged.sites = merged.sites.remembering(KnownSites(environments: [name: site]))
        }
        merged.lag.merge(other.lag) { $0.asOf >= $1.asOf ? $0 : $1 }
        for (group, readings) in other.readings {
            let known = Set(merged.readings[group, default: []].map(\.asOf))
            merged.readings[group, default: []] += readings.filter { !known.contains($0.asOf) }
            merged.readings[group]?.sort { $0.asOf < $1.asOf }
        }
        merged.hooks.merge(other.hooks) { max($0, $1) }
    }
}

/// Whether a moment is later than another one; one that is not known is earlier than all.
private func isNewer(_ one: Timestamp?, than other: Timestamp?) -> Bool {
    guard let one else { return false }
    return other.map { one > $0 } ?? true
}

extension LedgerContents {
    /// Whether fingerprints of both were made with one key.
    fileprivate func hasKey(of other: LedgerContents) -> Bool {
        guard let fingerprintKey, let theirs = other.fingerprintKey else { return false }
        return fingerprintKey.reveal { $0 } == theirs.reveal { $0 }
    }
}

extension RecordedMoves {
    /// Where its newest epoch leads.
    fileprivate var destination: String? {
        if let open, open.epoch == epoch { return open.to }
        return serving.flatMap { $0.epoch == epoch ? $0.site : nil }
    }

    /// How far it has come.
    fileprivate var progress: (Int, Int, Int, Int) {
        (epoch, serving?.epoch ?? 0, open == nil ? 1 : 0, open?.isPast == true ? 1 : 0)
    }

    /// The same with what another ledger used up, and with the entries that it wrote: those must never be forgotten.
    fileprivate func adding(_ other: RecordedMoves) -> RecordedMoves {
        var moves = self
        moves.spent.formUnion(other.spent)
        moves.discarded.formUnion(other.discarded)
        for (member, fence) in other.fences where other.epoch == epoch {
            moves.fences[member, default: Fence()].written.formUnion(fence.written)
            moves.fences[member, default: Fence()].existed.formUnion(fence.existed)
        }
        if let divergences = other.divergences {
            moves.divergences = (moves.divergences ?? [:]).merging(divergences) { mine, _ in mine }
        }
        return moves
    }
}
