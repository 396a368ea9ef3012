/// Topics, schemas and clients that are primary in one place and move together.
public struct FailoverGroupSpec: Hashable, Sendable, Codable {
    /// Which member is primary: declared here, or taken from another group.
    public enum Placement: Hashable, Sendable, Codable {
        /// `primary` and `members`.
        case declared(primary: String, members: [String])
        /// Takes `primary`, `members` and `failover` from that group and moves with it.
        case follows(String)
    }

    /// Consent to lose what a member did not replicate.
    public struct FailoverConsent: Hashable, Sendable, Codable {
        /// The member that may be moved away from without it.
        public var from: String
        /// Incident or change number.
        public var incident: String
        /// Gates this incident may pass.
        public var overrides: [GateOverride]

        /// A consent for one incident.
        public init(from: String, incident: String, overrides: [GateOverride] = []) {
            self.from = from
            self.incident = incident
            self.overrides = overrides
        }
    }

    /// How members follow the new primary.
    public enum Reprotect: String, Hashable, Sendable, Codable, CaseIterable {
        case manual = "Manual"
        case recreate = "Recreate"
        case restore = "Restore"
        case retire = "Retire"
    }

    /// How writers are stopped at the side that stops being primary.
    public struct Fence: Hashable, Sendable, Codable {
        /// Principals denied WRITE on the group's topics; `User:*` is a complete fence.
        public var denyWrites: [String] = []
        /// Source offsets must stand still this long before anything is promoted.
        public var quiet: Duration = .seconds(10)
        /// The registry of the fenced side is READONLY.
        public var registry = true

        /// A fence with defaults.
        public init() {}
    }

    /// What may be lost, and how long a move may take.
    public struct Objectives: Hashable, Sendable, Codable {
        /// Records that may be lost.
        public var recordsLost: Int?
        /// Age of the oldest record that may be lost.
        public var age: Duration?
        /// Start of apply to clients moved.
        public var recoveryTime: Duration?

        /// No objectives.
        public init() {}
    }

    /// Header.
    public var metadata: Metadata
    /// Which member is primary.
    public var placement: Placement
    /// Consent to an unplanned failover.
    public var failover: FailoverConsent?
    /// One-time consents `member@epoch-ledger`.
    public var discard: [String] = []
    /// How members follow the new primary.
    public var reprotect: Reprotect = .manual
    /// Topics of the group, besides every Topic that names it.
    public var topics: TopicSelector?
    /// Its cluster links.
    public var link: LinkSettings
    /// Its schema exporter; `nil` = schemas are not moved.
    public var schemas: SchemaSettings?
    /// How writers are stopped.
    public var fence: Fence?
    /// What may be lost, and how long a move may take.
    public var objectives = Objectives()
    /// Topic that takes records of a move: one has to arrive before, and one proves the new primary writable.
    public var canary: String?

    /// A group with defaults: consumer-offset sync on.
    public init(metadata: Metadata, placement: Placement) {
        self.metadata = metadata
        self.placement = placement
        self.link = LinkSettings()
        self.link.consumerOffsetSync = OffsetSyncSpec()
    }

    /// Manifest name.
    public var name: String { metadata.name }
}

/// A gate that an incident may pass.
public enum GateOverride: String, Hashable, Sendable, Codable, CaseIterable {
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
