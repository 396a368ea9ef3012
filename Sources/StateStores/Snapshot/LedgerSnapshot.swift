import Domain
import Execution

/// A copy of a ledger as a document: without any secret, unless somebody asked for the key of its fingerprints.
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
    /// Runs, the newest first; in exports with their steps.
    var runs: [RunRecord]
    /// What only exports hold; `nil` = none of it.
    var export: Export?

    /// What of a ledger nobody needs who only reads it.
    struct Export: Codable {
        var created: Timestamp
        var fingerprintKey: String?
        /// The run that wrote a row last, by address.
        var writers: [String: String]
        /// What was owned before create calls whose outcome is open, by address.
        var before: [String: Recorded.Owned]
        var readings: [String: [Recorded.Lag]]
    }

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

    init(_ contents: LedgerContents, withKey: Bool, at time: Timestamp) {
        formatVersion = "\(Self.format).1"
        workspace = contents.workspace
        writtenAt = time
        ledgerID = contents.ledgerID
        owned = contents.owned.mapValues(\.owned)
        (sites, lag, moves, hooks) = (contents.sites, contents.lag, contents.moves, contents.hooks)
        lagHistory = contents.readings.compactMapValues { SharedReadings($0).history }
        runs = contents.runs
        export = Export(
            created: contents.created, fingerprintKey: withKey ? contents.fingerprintKey?.reveal { $0 } : nil,
            writers: contents.owned.mapValues(\.run), before: contents.owned.compactMapValues(\.before),
            readings: contents.readings)
    }

    /// The ledger: of a snapshot as much as it holds.
    ///
    /// - Parameter drawn: The id of a ledger that had none.
    func contents(orID drawn: String) -> LedgerContents {
        var contents = LedgerContents(
            workspace: workspace, ledgerID: ledgerID ?? drawn, created: export?.created ?? writtenAt,
            fingerprintKey: export?.fingerprintKey.map(Secret.init))
        for (address, owned) in owned {
            contents.owned[address] = OwnedRow(
                owned: owned, before: export?.before[address], run: export?.writers[address] ?? "")
        }
        (contents.sites, contents.lag, contents.runs) = (sites, lag, runs)
        (contents.moves, contents.hooks, contents.readings) = (moves ?? [:], hooks ?? [:], export?.readings ?? [:])
        return contents
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
