import Domain

/// The plan for one object, before it is put in order with the others.
struct Unit {
    /// Why nothing is done about an object now.
    enum Hold {
        /// There is something to do, and it waits.
        case deferred(Change.Effect, waitsFor: String)
        /// There is nothing to do here, but what depends on it has to wait.
        case waiting(for: String)
        /// It is refused; the refusal itself is recorded apart.
        case refused
    }

    /// What the manifests say about owning an object.
    struct Ownership {
        var policy = DeletionPolicy.retain
        var isDerived = false
        var protect = false
        /// The manifest it comes from: `Topic orders`, `FailoverGroup payments`.
        var declaredBy: String?
        /// The family of groups it belongs to, where its own manifest is another one.
        var family: String?
    }

    let address: ResourceAddress
    /// What people see; `nil` when nothing changes.
    var change: Change?
    /// Verbs in the order they run.
    var steps: [Step] = []
    /// Steps with an order of their own; shown and run instead of ``steps``.
    var graph: [Step] = []
    /// Steps of the graph for which nothing outside of it waits: they are tried, and the rest goes on without them.
    var bestEffort: Set<Step.ID> = []
    /// Objects that have to be right before.
    var dependencies: [ResourceAddress] = []
    /// Why nothing is done; wins over `steps`.
    var hold: Hold?
    /// Whether the object is there already, so that what is held about it stops nobody else.
    var isThere = false
    /// What only the ledger learns, when there is nothing else to do.
    var ledgerOnly = Step.LedgerEffect.none
    /// What protects the object from a later plan, and changes with ``ledgerOnly``: that is never silent.
    var guards: [Change.FieldDifference] = []
    /// Labels of the manifest it comes from.
    var labels: [String: String] = [:]
    /// What the manifests say about owning it.
    var ownership = Ownership()

    init(
        _ address: ResourceAddress, after dependencies: [ResourceAddress] = [], labels: [String: String] = [:],
        ownership: Ownership = Ownership()
    ) {
        self.address = address
        self.dependencies = dependencies
        self.labels = labels
        self.ownership = ownership
    }
}

extension Unit {
    /// Nothing to do, to hold or to write down, but others may name it as a dependency.
    var isIdle: Bool { change == nil && !hasSteps && hold == nil && ledgerOnly == .none }
    /// The family of groups it belongs to.
    var family: String? {
        if address.kind == .group { return String(address.name.prefix { $0 != "/" }) }
        return ownership.family ?? change?.group
            ?? ownership.declaredBy.flatMap {
                $0.hasPrefix("FailoverGroup ") ? String($0.dropFirst("FailoverGroup ".count)) : nil
            }
    }
    /// The manifests with which it is refused as a whole: its own, and the family's.
    var owners: [String] { [ownership.declaredBy, family.map(LinkOwner.name(ofFamily:))].compactMap(\.self) }
    /// Whether there is something to do.
    var hasSteps: Bool { !steps.isEmpty || !graph.isEmpty }
}

extension Unit.Ownership {
    init(
        policy: DeletionPolicy = .retain, _ metadata: Metadata, declaredBy: String? = nil, family: String? = nil
    ) {
        self.init(policy: policy, protect: metadata.protect, declaredBy: declaredBy, family: family)
    }

    /// The fields of a ledger's row, with those that remember what the manifest said, for when it is gone.
    func marking(_ fields: [String: String]) -> [String: String] {
        var fields = fields
        if protect { fields[Self.protectMark] = "true" }
        if let declaredBy { fields[Self.declaredByMark] = declaredBy }
        if let family { fields[Self.familyMark] = family }
        return fields
    }

    static let protectMark = "metadata.protect"
    /// Field of plans in which the deletion policy is told.
    static let policyField = "deletionPolicy"
    static let declaredByMark = "declaredBy"
    static let familyMark = "family"
    static let marks: Set<String> = [
        protectMark, declaredByMark, familyMark, Recorded.Owned.fingerprintKeyMark, Recorded.Owned.unprovenMark,
    ]

    /// Whether a field of a row is one of the marks, and nothing of the live object.
    static func isMark(_ field: String) -> Bool { marks.contains(field) }
}

extension Recorded.Owned {
    /// The manifest it came from, when its address does not tell.
    var declaredBy: String? { applied[Unit.Ownership.declaredByMark] }
    /// The family of groups it belonged to when it was last applied.
    var family: String? { applied[Unit.Ownership.familyMark] }
    /// Whether the manifest asked for protection when it was last applied.
    var isProtected: Bool { applied[Unit.Ownership.protectMark] == "true" }
    /// Whether the object was read back under this workspace's ownership.
    var isConfirmed: Bool { origin != .creating }

    /// What decides over a later plan that would destroy the object, where it is to become something else.
    func guards(becoming wanted: Self) -> [Change.FieldDifference] {
        var guards: [Change.FieldDifference] = []
        if deletionPolicy != wanted.deletionPolicy {
            guards.append(
                .init(Unit.Ownership.policyField, from: deletionPolicy.rawValue, to: wanted.deletionPolicy.rawValue))
        }
        if isProtected != wanted.isProtected {
            guards.append(
                .init(Unit.Ownership.protectMark, from: String(isProtected), to: String(wanted.isProtected)))
        }
        return guards
    }
}
