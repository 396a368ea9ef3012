import Domain
import Execution

/// Whose ledger a place holds; written once.
struct SharedLedgerIdentity: Codable, Sendable {
    /// Form of everything in this place; a greater one is refused.
    static let format = 1

    let format: Int
    let ledgerID: String
    let workspace: String
    let created: Timestamp
    /// Key of the fingerprints of secrets.
    let fingerprintKey: String
    /// Where the ledger went; `nil` = it is here.
    var movedTo: String?

    init(of identity: LedgerIdentity, workspace: String) {
        format = Self.format
        ledgerID = identity.ledgerID
        self.workspace = workspace
        created = identity.created
        fingerprintKey = identity.fingerprintKey.reveal { $0 }
    }

    var identity: LedgerIdentity {
        LedgerIdentity(ledgerID: ledgerID, created: created, fingerprintKey: Secret(fingerprintKey))
    }
}

/// Where a reader of a shared ledger begins: the newest snapshot, and the log behind it.
struct SharedLedgerHead: Codable, Sendable, Hashable {
    /// Parts of an image.
    struct Snapshot: Codable, Sendable, Hashable {
        let set: String
        let parts: Int

        var names: [SharedObjectName] {
            (0..<parts).map { .part($0, ofSnapshot: set) }
        }
    }

    /// The newest one; `nil` = the log begins with nothing.
    var snapshot: Snapshot?
    /// Number of the last segment that it holds.
    var through = 0
    /// Number of the oldest segment that is kept for the journal.
    var keptFrom = 1
    /// Every segment before this one has been removed.
    var removedBefore = 1
    /// A snapshot that is being written, or was left unfinished.
    var unfinished: Snapshot?
    /// Snapshots that nobody begins to read any more, and that may still be there.
    var rests: [Snapshot] = []
    /// Drawn at each change: equal contents have to be told apart.
    var mark = RandomMark.draw()
}
