/// What the ledger remembers, as the planner reads it: decisions, ownership, and the last known of every site.
public struct Recorded: Sendable, Hashable, Codable {
    /// How an object came to be owned.
    public enum Origin: String, Sendable, Hashable, Codable {
        /// The intent is durable; the create call may or may not have happened.
        case creating
        /// Created by Spillway and read back.
        case created
        /// Existed before, and was taken over because a manifest names it.
        case adopted
    }

    /// An object this workspace owns.
    public struct Owned: Sendable, Hashable, Codable {
        /// How it came to be owned.
        public var origin: Origin
        /// What happens when it leaves the manifests.
        public var deletionPolicy: DeletionPolicy
        /// What was last applied, as flat fields; secrets appear as fingerprints only.
        public var applied: [String: String]
        /// The live id the object had: a cluster id, a link id; `nil` when its name is its identity.
        public var nativeID: String?
        /// Whether a failover group derives it; derived objects are never pruned.
        public var isDerived: Bool
        /// The live id of the cluster or environment that holds it; `nil` when it was not known, and for what none holds.
        public var siteID: String?

        /// An owned object.
        public init(
            origin: Origin, deletionPolicy: DeletionPolicy, applied: [String: String], nativeID: String? = nil,
            isDerived: Bool = false, siteID: String? = nil
        ) {
            self.siteID = siteID
            self.origin = origin
            self.deletionPolicy = deletionPolicy
            self.applied = applied
            self.nativeID = nativeID
            self.isDerived = isDerived
        }

        /// The applied field that marks an object whose creation was accepted by a step that failed all the same.
        public static let unprovenMark = "unproven"

        /// Whether it was made, and was never seen to be as it should.
        public var isUnproven: Bool { applied[Self.unprovenMark] != nil }

        /// The same object, not seen to be as it should.
        public var unproven: Owned {
            var copy = self
            copy.applied[Self.unprovenMark] = "true"
            return copy
        }
    }

    /// Last known lag of a group.
    public struct Lag: Sendable, Hashable, Codable {
        /// Records behind, over all partitions.
        public var records: Int64
        /// Records behind on the worst partition.
        public var worst: Int64
        /// `topic[partition]` of the worst.
        public var worstPartition: String?
        /// When it was read.
        public var asOf: Timestamp

        /// A lag that was read.
        public init(records: Int64, worst: Int64, worstPartition: String?, asOf: Timestamp) {
            self.records = records
            self.worst = worst
            self.worstPartition = worstPartition
            self.asOf = asOf
        }
    }

    /// Random id of the ledger; `nil` when there is none yet.
    public var ledgerID: String?
    /// Owned objects.
    public var owned: [ResourceAddress: Owned]
    /// Objects of other workspaces in the same store, by address, with the workspace's name.
    public var ownedElsewhere: [ResourceAddress: String]
    /// Ids and endpoints, remembered.
    public var sites: KnownSites
    /// Last known lag by group.
    public var lag: [String: Lag]
    /// What the recorded readings of lag say, by group.
    public var lagHistory: [String: LagHistory] = [:]
    /// Moves by family of groups, named after the group that leads it.
    public var moves: [String: RecordedMoves] = [:]
    /// Generation that each restart hook last announced, by `hook/<binding>/<number>`.
    public var hooks: [ResourceAddress: Int] = [:]

    /// A ledger's content; the default is an empty one.
    public init(
        ledgerID: String? = nil, owned: [ResourceAddress: Owned] = [:],
        ownedElsewhere: [ResourceAddress: String] = [:], sites: KnownSites = KnownSites(), lag: [String: Lag] = [:]
    ) {
        self.ledgerID = ledgerID
        self.owned = owned
        self.ownedElsewhere = ownedElsewhere
        self.sites = sites
        self.lag = lag
    }
}
