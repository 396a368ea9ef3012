/// What the ledger remembers, as the planner reads it: decisions, ownership, and the last known of every site.
package struct Recorded: Sendable, Hashable, Codable {
    /// How an object came to be owned.
    package enum Origin: String, Sendable, Hashable, Codable {
        /// The intent is durable; the create call may or may not have happened.
        case creating
        /// Created by Spillway and read back.
        case created
        /// Existed before, and was taken over because a manifest names it.
        case adopted
    }

    /// An object this workspace owns.
    package struct Owned: Sendable, Hashable, Codable {
        /// How it came to be owned.
        package var origin: Origin
        /// What happens when it leaves the manifests.
        package var deletionPolicy: DeletionPolicy
        /// What was last applied, as flat fields; secrets appear as fingerprints only.
        package var applied: [String: String]
        /// The live id the object had: a cluster id, a link id; `nil` when its name is its identity.
        package var nativeID: String?
        /// Whether a failover group derives it; derived objects are never pruned.
        package var isDerived: Bool
        /// The live id of the cluster or environment that holds it; `nil` when it was not known, and for what none holds.
        package var siteID: String?

        package init(
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
        package static let unprovenMark = "unproven"

        /// Whether it was made, and was never seen to be as it should.
        package var isUnproven: Bool { applied[Self.unprovenMark] != nil }

        /// The same object, not seen to be as it should.
        package var unproven: Owned {
            var copy = self
            copy.applied[Self.unprovenMark] = "true"
            return copy
        }
    }

    /// Last known lag of a group.
    package struct Lag: Sendable, Hashable, Codable {
        /// Records behind, over all partitions.
        package var records: Int64
        /// Records behind on the worst partition.
        package var worst: Int64
        /// `topic[partition]` of the worst.
        package var worstPartition: String?
        /// When it was read.
        package var asOf: Timestamp

        package init(records: Int64, worst: Int64, worstPartition: String?, asOf: Timestamp) {
            self.records = records
            self.worst = worst
            self.worstPartition = worstPartition
            self.asOf = asOf
        }
    }

    /// Random id of the ledger; `nil` when there is none yet.
    package var ledgerID: String?
    /// Owned objects.
    package var owned: [ResourceAddress: Owned]
    /// Objects of other workspaces in the same store, by address, with the workspace's name.
    package var ownedElsewhere: [ResourceAddress: String]
    /// Ids and endpoints, remembered.
    package var sites: KnownSites
    /// Last known lag by group.
    package var lag: [String: Lag]
    /// What the recorded readings of lag say, by group.
    package var lagHistory: [String: LagHistory] = [:]
    /// Moves by family of groups, named after the group that leads it.
    package var moves: [String: RecordedMoves] = [:]
    /// Generation that each restart hook last announced, by `hook/<binding>/<number>`.
    package var hooks: [ResourceAddress: Int] = [:]

    /// A ledger's content; the default is an empty one.
    package init(
        ledgerID: String? = nil, owned: [ResourceAddress: Owned] = [:],
        ownedElsewhere: [ResourceAddress: String] = [:], sites: KnownSites = KnownSites(), lag: [String: Lag] = [:]
    ) {
        self.ledgerID = ledgerID
        self.owned = owned
        self.ownedElsewhere = ownedElsewhere
        self.sites = sites
        self.lag = lag
    }

    /// Owned objects at some addresses, told by the address alone: of a hundred thousand rows only those are copied.
    package func owned(where isWanted: (ResourceAddress) -> Bool) -> [ResourceAddress: Owned] {
        owned.keys.reduce(into: [:]) { rows, address in
            if isWanted(address) { rows[address] = owned[address] }
        }
    }
}
