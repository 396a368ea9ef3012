import Domain
import Planning

/// One thing that happened, and who did it: all that the judge of a history is told.
struct Event {
    enum Actor: Hashable {
        case run(Int)
        case client(String)
        case server
        case people
        /// A link copies by itself, between two clusters.
        case link(from: String, to: String)
        /// An exporter copies by itself, between the registries of two environments.
        case exporter(from: String, to: String)
    }

    enum What {
        /// A run begins, with what its manifests say.
        case began([FamilyFacts], PlainFacts, [Step], decisions: [NeededDecision])
        /// A run ended; `isUndone` = it took its own move back.
        case ended(isKilled: Bool, isUndone: Bool)
        /// A step was sent; `didFail` = the run thinks that it failed.
        case called(Step, didFail: Bool)
        /// The ledger learned of a move.
        case learned(family: String, MoveEvent)
        /// The ledger's row of an object; `nil` = none.
        case owned(ResourceAddress, Recorded.Owned?)
        /// A run takes the lock, or renews its lease.
        case locked(run: Int, until: Timestamp)
        /// A call leaves, and is given up by its sender after a time.
        case sent(run: Int, Step, at: Timestamp, timeout: Duration)
        case appended(site: String, topic: String, record: Int)
        case copied(site: String, topic: String, records: [Int])
        case dropped(site: String, topic: String, records: [Int])
        case topic(site: String, topic: String, exists: Bool)
        /// The effective row of a topic changed; `nil` = none.
        case row(site: String, topic: String, MirrorStatus?)
        case entry(site: String, ACLBinding, exists: Bool)
        case allowance(site: String, ACLBinding, exists: Bool)
        case committed(site: String, World.Commit, offset: Int)
        /// Configs of a link changed; `nil` = it is gone.
        case link(site: String, name: String, [String: String]?)
        case hook(ResourceAddress, generation: Int)
        case mode(environment: String, RegistryContext, RegistryMode)
        /// An exporter's state; `nil` = gone.
        case exporter(environment: String, name: String, destination: String, state: String?)
        case schemas(environment: String, Set<SchemaVersionID>)
        case published(store: ResourceAddress, StoreSnapshot.Bookkeeping)
        case reach(World.Endpoint, Bool)
        /// What the ledger knew of moves is gone, or is not what it was; with what it owns now.
        case ledgerChanged([ResourceAddress: Recorded.Owned])
    }

    let actor: Actor
    let what: What
}

/// What the manifests of a run say about a family.
struct FamilyFacts {
    let name: String
    let members: [String]
    let primary: String
    let topics: Set<String>
    let left: Set<String>
    let bindings: Set<String>
    let fenced: Set<String>
    let isFenceDeclared: Bool
    let isBidirectional: Bool
    let reprotect: FailoverGroupSpec.Reprotect
    let discard: Set<String>
    let environments: [String: String]
    /// Links (`member/link`) that the run may delete by force.
    let detached: Set<String>
    let contexts: [RegistryContext]
    /// Members that a consent says are lost, with what only they hold.
    let consents: Set<String>

    var isFenceComplete: Bool { fenced.contains("User:*") }

    init(
        _ family: GroupFamily, _ workspace: Workspace, left: Set<String>, detached: Set<String> = [],
        consents: Set<String> = []
    ) {
        self.consents = consents.union([family.leader.failover?.from].compactMap(\.self))
        name = family.name
        members = family.members
        primary = family.primary
        let groups = Set(family.groups.map(\.name))
        topics = Set(
            workspace.topics.values.filter { spec in groups.contains { spec.home == .failoverGroup($0) } }
                .map(\.topicName))
        self.left = left
        self.detached = detached
        bindings = Set(
            workspace.clientBindings.values.filter { spec in groups.contains { spec.target == .failoverGroup($0) } }
                .map(\.name))
        fenced = Set(family.groups.flatMap { $0.fence?.denyWrites ?? [] })
        isFenceDeclared = family.groups.allSatisfy { $0.fence != nil }
        isBidirectional = family.linkSettings.mode == .bidirectional
        reprotect = family.leader.reprotect
        discard = Set(family.leader.discard)
        environments = family.members.reduce(into: [:]) { $0[$1] = workspace.clusters[$1]?.environment }
        contexts = family.groups.contains { $0.schemas != nil } ? [RegistryContext("")] : []
    }
}

/// What the manifests of a run say about topics outside of groups, and what its plan shows of them.
struct PlainFacts {
    /// Topics that manifests name.
    let declared: Set<ResourceAddress>
    let maxDeletions: Int
    /// Objects that the plan shows as deleted.
    let listed: Set<ResourceAddress>

    init(_ workspace: Workspace, _ plan: Plan) {
        declared = Set(
            workspace.topics.values.compactMap { spec in
                guard case .cluster(let cluster) = spec.home else { return nil }
                return ResourceAddress(.topic, in: cluster, spec.topicName)
            })
        maxDeletions = workspace.spec.policy.maxDeletions
        listed = Set(plan.changes.filter { $0.effect == .delete }.map(\.address))
    }
}
