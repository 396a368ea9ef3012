package import Domain
package import Execution

/// Everything a store of any kind keeps of a ledger: what moves from one to another, and what an export holds.
package struct LedgerContents: Sendable {
    /// Workspace whose ledger it is.
    package var workspace: String
    /// Random id of the ledger.
    package var ledgerID: String
    var created: Timestamp
    /// Key of the fingerprints of secrets; `nil` in a copy that was made without it.
    package var fingerprintKey: Secret?
    /// Owned objects by address, kinds of newer versions too.
    var owned: [String: OwnedRow] = [:]
    var sites = KnownSites()
    var lag: [String: Recorded.Lag] = [:]
    /// Readings of lag by group, the oldest first.
    var readings: [String: [Recorded.Lag]] = [:]
    var moves: [String: RecordedMoves] = [:]
    var hooks: [String: Int] = [:]
    /// Runs with their steps, the newest first.
    package var runs: [RunRecord] = []

    /// Records of rows that make this ledger of nothing.
    var records: [LedgerRecord] {
        owned.sorted { $0.key < $1.key }.map { .owned(address: $0.key, row: $0.value) }
            + moves.sorted { $0.key < $1.key }.map { .moves(family: $0.key, facts: $0.value) }
            + hooks.sorted { $0.key < $1.key }.map { .hook(address: $0.key, generation: $0.value) }
    }

    /// Number of owned objects.
    package var objectCount: Int { owned.count }

    /// The key, or one that is drawn now.
    var identity: LedgerIdentity {
        LedgerIdentity(
            ledgerID: ledgerID, created: created,
            fingerprintKey: fingerprintKey ?? LedgerIdentity.draw(at: created).fingerprintKey)
    }

    /// Number of objects with fingerprints that were made with a key that it does not hold.
    package var unreadableFingerprints: Int {
        fingerprintKey == nil ? owned.values.count { $0.owned.fingerprintKeyID != nil } : 0
    }

    /// The same, where the secrets of all objects count as not known.
    package var withoutFingerprints: LedgerContents {
        var contents = self
        contents.owned = owned.mapValues { row in
            var row = row
            row.owned = row.owned.withoutFingerprints
            row.before = row.before?.withoutFingerprints
            return row
        }
        return contents
    }

    /// In what it differs from what was read back of it, in words; empty = in nothing.
    func differences(from other: LedgerContents) -> [String] {
        var found: [String] = []
        func compare(_ what: String, _ isEqual: Bool) { if !isEqual { found.append(what) } }
        compare("the ledger's id", ledgerID == other.ledgerID && workspace == other.workspace)
        compare("the key of fingerprints", fingerprintKey?.reveal { $0 } == other.fingerprintKey?.reveal { $0 })
        compare("owned objects", owned == other.owned)
        compare("moves", moves == other.moves)
        compare("hooks", hooks == other.hooks)
        compare("known sites", sites == other.sites)
        compare("lag", lag == other.lag && readings == other.readings)
        compare("runs", Set(runs).isSubset(of: other.runs))
        return found
    }
}

/// A store whose whole content can be read, replaced and given up.
package protocol TransferableStore: StateStore {
    /// Everything it holds; `nil` when nothing was written yet.
    func contents() async throws(StateStoreError) -> LedgerContents?
    /// Makes the content of the store this one, in a run of its own, where there is none, or one that was moved away.
    ///
    /// - Throws: ``StateStoreError/unusable(location:reason:)`` when there is a ledger.
    func fill(with contents: LedgerContents, by command: String) async throws(StateStoreError)
    /// Holds the lock while the ledger is carried somewhere else, and says in the store where it is when that has
    /// succeeded: nothing reads or writes it any more. Until then the store stays in use.
    ///
    /// - Returns: What was carried.
    func giveUp(
        to location: String, carrying carry: @Sendable (LedgerContents) async throws(StateStoreError) -> Void
    ) async throws(StateStoreError) -> LedgerContents
    /// Changes what the ledger holds, in a run of its own; its id, its key and its journal stay.
    ///
    /// - Parameter change: What becomes of the ledger as it is under the lock; `nil` = it stays as it is.
    func rewrite(
        by command: String, lockTimeout: Duration, _ change: @Sendable (LedgerContents) -> LedgerContents?
    ) async throws(StateStoreError)
}

extension TransferableStore {
    /// Copies everything to another store, reads it back there, and only then gives up this one.
    ///
    /// - Returns: What was moved.
    package func migrate(to target: any TransferableStore) async throws(StateStoreError) -> LedgerContents {
        guard try await recorded().ledgerID != nil else { throw .missing(location: location) }
        let command = "state migrate from \(location)"
        return try await giveUp(to: target.location) { contents throws(StateStoreError) in
            try await target.fill(with: contents, by: command)
            guard let copy = try await target.contents() else { throw .missing(location: target.location) }
            var kept = contents
            kept.runs = Array(contents.runs.prefix(copy.runs.count - 1))
            let differences = kept.differences(from: copy)
            guard differences.isEmpty else {
                throw .unusable(
                    location: target.location,
                    reason: "what was copied there reads differently: \(differences.joined(separator: ", "))")
            }
        }
    }

    /// Carries the ledger as it is under the lock of a run, which ends here when that fails.
    func carried(
        in session: any RunSession, _ carry: @Sendable (LedgerContents) async throws(StateStoreError) -> Void
    ) async throws(StateStoreError) -> LedgerContents {
        do throws(StateStoreError) {
            guard var contents = try await contents() else { throw .missing(location: location) }
            contents.runs.removeAll { $0.header.id == session.runID }
            try await carry(contents)
            return contents
        } catch {
            try? await session.end(exitCode: 1, summary: "nothing was moved")
            throw error
        }
    }
}
