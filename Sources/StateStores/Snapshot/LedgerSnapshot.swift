import Domain
import Execution

/// A copy of a ledger without any secret, not even the key of its fingerprints.
struct LedgerSnapshot: Codable {
    /// Major number of the form this version writes and reads.
    static let format = 1

    /// Form of this document; a new major number is a form that older readers must refuse.
    var formatVersion: String
    /// Workspace whose ledger it is.
    var workspace: String
    var writtenAt: Timestamp
    var ledgerID: String?
    /// Owned objects by address.
    var owned: [String: Recorded.Owned]
    /// Last known ids and endpoints.
    var sites: KnownSites
    /// Last known lag by group.
    var lag: [String: Recorded.Lag]
    /// What recorded readings of lag say, by group.
    var lagHistory: [String: Recorded.LagHistory]?
    /// Moves by family of groups.
    var moves: [String: RecordedMoves]?
    /// Generation every restart hook announced last, by address.
    var hooks: [String: Int]?
    /// The last runs, the newest first, without their steps.
    var runs: [RunRecord]

    init(_ recorded: Recorded, runs: some Sequence<RunRecord>, workspace: String, at time: Timestamp) {
        formatVersion = "\(Self.format).0"
        self.workspace = workspace
        writtenAt = time
        ledgerID = recorded.ledgerID
        owned = Dictionary(uniqueKeysWithValues: recorded.owned.map { ($0.key.description, $0.value) })
        sites = recorded.sites
        lag = recorded.lag
        lagHistory = recorded.lagHistory
        moves = recorded.moves
        hooks = Dictionary(uniqueKeysWithValues: recorded.hooks.map { ($0.key.description, $0.value) })
        self.runs = Array(runs)
    }

    /// What the ledger had recorded; addresses of kinds this version does not know are left out.
    var recorded: Recorded {
        let known = owned.compactMap { text, owned in ResourceAddress(text).map { ($0, owned) } }
        var recorded = Recorded(
            ledgerID: ledgerID, owned: Dictionary(known) { first, _ in first }, sites: sites, lag: lag)
        recorded.lagHistory = lagHistory ?? [:]
        recorded.moves = moves ?? [:]
        for (text, generation) in hooks ?? [:] {
            if let address = ResourceAddress(text) { recorded.hooks[address] = generation }
        }
        return recorded
    }
}
