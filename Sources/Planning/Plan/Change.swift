package import Domain

/// What a plan does to one object, for people; steps say how.
package struct Change: Hashable, Sendable {
    /// The effect on the object.
    package enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
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
    package struct FieldDifference: Hashable, Sendable, Codable {
        /// Field in the words of the manifest or the wire: `partitions`, `configs.retention.ms`.
        package let field: String
        /// Value now; `nil` = unset.
        package let from: String?
        /// Value wanted; `nil` = unset.
        package let to: String?

        package init(_ field: String, from: String?, to: String?) {
            self.field = field
            self.from = from
            self.to = to
        }
    }

    /// Whether it changes nothing live: only what decides over a later plan that would destroy the object.
    package var isOfGuards: Bool {
        effect == .update && !differences.isEmpty
            && differences.allSatisfy { [Unit.Ownership.policyField, Unit.Ownership.protectMark].contains($0.field) }
    }

    /// The object.
    package let address: ResourceAddress
    package let effect: Effect
    /// Fields that differ, sorted; for a create the fields that are set.
    package let differences: [FieldDifference]
    /// Why, when it is not obvious; Rendering makes the sentence.
    package let reason: ChangeReason?
    /// The group the object is derived from.
    package let group: String?

    package init(
        _ effect: Effect, _ address: ResourceAddress, differences: [FieldDifference] = [], reason: ChangeReason? = nil,
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
package struct DeferredWork: Hashable, Sendable, Codable {
    /// The object.
    package let address: ResourceAddress
    /// The effect it will have.
    package let effect: Change.Effect
    /// What it waits for: "west: unreachable: connect timed out".
    package let waitsFor: String

    package init(_ effect: Change.Effect, _ address: ResourceAddress, waitsFor: String) {
        self.address = address
        self.effect = effect
        self.waitsFor = waitsFor
    }
}

/// Something a plan refuses to do, with the way out.
package struct Refusal: Hashable, Sendable {
    /// The gate or policy that refuses.
    package enum Gate: String, Hashable, Sendable, Codable, CaseIterable {
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

    package let gate: Gate
    /// The object or group that is refused.
    package let subject: String
    /// The failover group in whose manifest the cause stands.
    package let group: String?
    /// Why; Rendering makes of it what is refused, and the edit or flag that lets it pass.
    package let reason: RefusalReason
    /// Where in the manifests the cause stands, as an object and a field path: `Topic orders-west`, `spec.partitions`.
    package let origin: ManifestOrigin?

    package init(_ gate: Gate, subject: String, _ reason: RefusalReason, origin: ManifestOrigin? = nil) {
        self.gate = gate
        self.subject = subject
        group = origin.flatMap { $0.kind == "FailoverGroup" ? $0.name : nil }
        self.reason = reason
        self.origin = origin
    }
}

/// A field of a manifest, by kind, name and path; the manifest room turns it into file, line and column.
package struct ManifestOrigin: Hashable, Sendable, Codable {
    /// Kind: `Topic`.
    package let kind: String
    /// `metadata.name`.
    package let name: String
    /// Field path: `spec.partitions`.
    package let field: String

    package init(_ kind: String, _ name: String, _ field: String) {
        self.kind = kind
        self.name = name
        self.field = field
    }
}
