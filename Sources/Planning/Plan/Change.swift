public import Domain

/// What a plan does to one object, for people; steps say how.
public struct Change: Hashable, Sendable, Codable {
    /// The effect on the object.
    public enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        case create
        case update
        case delete
        case replace
        /// Taken over as it is.
        case adopt
        /// Taken over, and changed where it differs from what is declared.
        case adoptAndChange
        /// No longer owned; stays as it is.
        case release
    }

    /// One field that differs.
    public struct FieldDifference: Hashable, Sendable, Codable {
        /// Field in the words of the manifest or the wire: `partitions`, `configs.retention.ms`.
        public let field: String
        /// Value now; `nil` = unset.
        public let from: String?
        /// Value wanted; `nil` = unset.
        public let to: String?

        /// A field that differs.
        public init(_ field: String, from: String?, to: String?) {
            self.field = field
            self.from = from
            self.to = to
        }
    }

    /// Whether it changes nothing live: only what decides over a later plan that would destroy the object.
    public var isOfGuards: Bool {
        effect == .update && !differences.isEmpty
            && differences.allSatisfy { [Unit.Ownership.policyField, Unit.Ownership.protectMark].contains($0.field) }
    }

    /// The object.
    public let address: ResourceAddress
    /// The effect.
    public let effect: Effect
    /// Fields that differ, sorted; for a create the fields that are set.
    public let differences: [FieldDifference]
    /// Why, when it is not obvious; for people, never for control flow.
    public let reason: String?
    /// The group the object is derived from.
    public let group: String?

    /// A change of one object.
    public init(
        _ effect: Effect, _ address: ResourceAddress, differences: [FieldDifference] = [], reason: String? = nil,
        group: String? = nil
    ) {
        self.address = address
        self.effect = effect
        self.differences = differences
        self.reason = reason
        self.group = group
    }
}

/// Work that cannot run now and runs by itself in a later apply.
public struct DeferredWork: Hashable, Sendable, Codable {
    /// The object.
    public let address: ResourceAddress
    /// The effect it will have.
    public let effect: Change.Effect
    /// What it waits for: "west: unreachable: connect timed out".
    public let waitsFor: String

    /// Work that waits.
    public init(_ effect: Change.Effect, _ address: ResourceAddress, waitsFor: String) {
        self.address = address
        self.effect = effect
        self.waitsFor = waitsFor
    }
}

/// Something a plan refuses to do, with the way out.
public struct Refusal: Hashable, Sendable, Codable {
    /// The gate or policy that refuses.
    public enum Gate: String, Hashable, Sendable, Codable, CaseIterable {
        case identity = "Identity"
        case ownership = "Ownership"
        case partitions = "Partitions"
        case immutable = "Immutable"
        case linkMirrors = "LinkMirrors"
        case importMode = "ImportMode"
        case maxDeletions = "MaxDeletions"
        case protect = "Protect"
        case transition = "Transition"
        case unsupported = "Unsupported"
        case links = "Links"
        case holder = "Holder"
        case members = "Members"
        case stores = "Stores"
        case alive = "Alive"
        case candidate = "Candidate"
        case bestSurvivor = "BestSurvivor"
        case loss = "Loss"
        case fence = "Fence"
        case clients = "Clients"
        case readiness = "Readiness"
        case quietPeriod = "QuietPeriod"
        case openEpoch = "OpenEpoch"
        case health = "Health"
        case split = "Split"
    }

    /// The gate.
    public let gate: Gate
    /// The object or group that is refused.
    public let subject: String
    /// The failover group in whose manifest the cause stands.
    public let group: String?
    /// What is refused, and why.
    public let message: String
    /// An edit or flag that lets it pass.
    public let wayOut: String
    /// Where in the manifests the cause stands, as an object and a field path: `Topic orders-west`, `spec.partitions`.
    public let origin: ManifestOrigin?

    /// A refusal.
    public init(_ gate: Gate, subject: String, message: String, wayOut: String, origin: ManifestOrigin? = nil) {
        self.gate = gate
        self.subject = subject
        group = origin.flatMap { $0.kind == "FailoverGroup" ? $0.name : nil }
        self.message = message
        self.wayOut = wayOut
        self.origin = origin
    }
}

/// A field of a manifest, by kind, name and path; the manifest room turns it into file, line and column.
public struct ManifestOrigin: Hashable, Sendable, Codable {
    /// Kind: `Topic`.
    public let kind: String
    /// `metadata.name`.
    public let name: String
    /// Field path: `spec.partitions`.
    public let field: String

    /// A field of a manifest.
    public init(_ kind: String, _ name: String, _ field: String) {
        self.kind = kind
        self.name = name
        self.field = field
    }
}
