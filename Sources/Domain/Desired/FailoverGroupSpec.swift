/// Topics, schemas and clients that are primary in one place and move together.
package struct FailoverGroupSpec: Hashable, Sendable, Codable {
    /// Which member is primary: declared here, or taken from another group.
    package enum Placement: Hashable, Sendable, Codable {
        /// `primary` and `members`.
        case declared(primary: String, members: [String])
        /// Takes `primary`, `members` and `failover` from that group and moves with it.
        case follows(String)
    }

    /// Consent to lose what a member did not replicate.
    package struct FailoverConsent: Hashable, Sendable, Codable {
        /// The member that may be moved away from without it.
        package var from: String
        /// Incident or change number.
        package var incident: String
        /// Gates this incident may pass.
        package var overrides: [GateOverride]

        package init(from: String, incident: String, overrides: [GateOverride] = []) {
            self.from = from
            self.incident = incident
            self.overrides = overrides
        }
    }

    /// How members follow the new primary.
    package enum Reprotect: String, Hashable, Sendable, Codable, CaseIterable {
        case manual = "Manual"
        case recreate = "Recreate"
        case restore = "Restore"
        case retire = "Retire"
    }

    /// How writers are stopped at the side that stops being primary.
    package struct Fence: Hashable, Sendable, Codable {
        /// Principals denied WRITE on the group's topics; `User:*` is a complete fence.
        package var denyWrites: [String] = []
        /// Source offsets must stand still this long before anything is promoted.
        package var quiet: Duration = .seconds(10)
        /// The registry of the fenced side is READONLY.
        package var registry = true

        /// A fence with defaults.
        package init() {}
    }

    /// What may be lost, and how long a move may take.
    package struct Objectives: Hashable, Sendable, Codable {
        package var recordsLost: Int?
        /// Age of the oldest record that may be lost.
        package var age: Duration?
        /// Start of apply to clients moved.
        package var recoveryTime: Duration?

        package init() {}
    }

    /// Header.
    package var metadata: Metadata
    /// Which member is primary.
    package var placement: Placement
    /// Consent to an unplanned failover.
    package var failover: FailoverConsent?
    /// One-time consents `member@epoch-ledger`.
    package var discard: [String] = []
    /// How members follow the new primary.
    package var reprotect: Reprotect = .manual
    /// Topics of the group, besides every Topic that names it.
    package var topics: TopicSelector?
    /// Its cluster links.
    package var link: LinkSettings
    /// Its schema exporter; `nil` = schemas are not moved.
    package var schemas: SchemaSettings?
    /// How writers are stopped.
    package var fence: Fence?
    /// What may be lost, and how long a move may take.
    package var objectives = Objectives()
    /// Topic that takes records of a move: one has to arrive before, and one proves the new primary writable.
    package var canary: String?

    /// A group with defaults: consumer-offset sync on.
    package init(metadata: Metadata, placement: Placement) {
        self.metadata = metadata
        self.placement = placement
        self.link = LinkSettings()
        self.link.consumerOffsetSync = OffsetSyncSpec()
    }

    /// Manifest name.
    package var name: String { metadata.name }
}

/// A gate that an incident may pass.
package enum GateOverride: String, Hashable, Sendable, Codable, CaseIterable {
    case alive = "Alive"
    case bestSurvivor = "BestSurvivor"
    case clients = "Clients"
    case health = "Health"
    case importMode = "ImportMode"
    case loss = "Loss"
    case openEpoch = "OpenEpoch"
    case quietPeriod = "QuietPeriod"
    case readiness = "Readiness"
    case stores = "Stores"
}
