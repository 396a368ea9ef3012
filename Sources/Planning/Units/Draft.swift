import Domain

/// What one phase of planning writes: units of the objects that are its own, and what a plan says beside them.
struct Draft {
    var units: [ResourceAddress: Unit] = [:]
    var refusals: [RefusedWork] = []
    /// Groups that are refused as a whole: nothing of them is touched.
    var refusedGroups: Set<String> = []
    var notes: [Plan.Note] = []
    /// Work on families that somebody has to consent to.
    var decisions: [NeededDecision] = []
    /// Questions that have to be answered before the plan is complete.
    var probes: Set<Probe> = []
    var claims: Claims

    init(_ claims: Claims = Claims()) {
        self.claims = claims
    }

    /// Takes over what another phase wrote, which began with the claims of this draft. An object is planned by one phase:
    /// two that write one address are a mistake in a phase, which tests find, unless one of them was refused it.
    mutating func add(_ other: consuming Draft) {
        // The smaller one is taken over into the larger one, in place: groups may have all the topics there are.
        if other.units.count > units.count { swap(&units, &other.units) }
        units.merge(other.units) { one, other in
            if case .refused? = one.hold { return other }
            if case .refused? = other.hold { return one }
            assertionFailure("\(one.address) is planned twice")
            return one
        }
        refusals += other.refusals
        refusedGroups.formUnion(other.refusedGroups)
        notes += other.notes
        decisions += other.decisions
        probes.formUnion(other.probes)
        claims = other.claims
    }

    /// Lets the next phase go on with the claims so far.
    mutating func handOverClaims() -> Claims {
        defer { claims = Claims() }
        return claims
    }

    /// Manifests that are refused as a whole.
    var refusedOwners: Set<String> {
        Set(refusals.compactMap(\.owner)).union(refusedGroups.map(LinkOwner.name(ofFamily:)))
    }
}

/// What manifests want of objects that several of them may want.
struct Claims {
    /// Who wants a mirror, and over which link.
    struct MirrorClaim: Equatable {
        let link: String
        let owner: String
    }

    /// Who wants a link half, so that a second one who wants it differently is refused.
    var linkOwners: [ResourceAddress: (link: DesiredLink, owner: LinkOwner)] = [:]
    /// Who wants a registry mode, likewise.
    var modeOwners: [ResourceAddress: (mode: RegistryMode, owner: LinkOwner)] = [:]
    /// What links and groups read, to be spared from deletion.
    var mirroredTopics: [(source: String, topics: Set<String>, owner: LinkOwner)] = []
    /// Who mirrors a topic, so that nobody else does.
    var mirrors: [ResourceAddress: MirrorClaim] = [:]
    /// Names of mirrors that links and groups want, by the cluster that holds them.
    var plannedMirrors: [String: Set<String>] = [:]
    /// Paused mirrors by the link that holds them.
    var pausedMirrors: [ResourceAddress: [String]] = [:]
    /// What the ledger owns of groups that are refused: it has not left the manifests, though nothing is planned for it.
    var spared: Set<ResourceAddress> = []
}

/// A phase of planning: it reads facts, and the plans of earlier phases that its initializer names.
protocol PlanningPhase {
    var facts: Facts { get }
    /// What it has written so far.
    var written: Draft { get set }
}

extension PlanningPhase {
    var workspace: Workspace { facts.workspace }
    var observation: Observation { facts.observation }
    var recorded: Recorded { facts.recorded }
    var secrets: SecretFacts { facts.secrets }
    var options: PlanOptions { facts.options }
    var answers: [Probe: ProbeAnswer] { facts.answers }
    var index: PlanningIndex { facts.index }
    var siteIdentities: SiteIdentities { facts.siteIdentities }
    var ownership: LiveOwnership { facts.ownership }
    var liveIDs: LiveIDs { facts.liveIDs }
    var conflicts: [ResourceAddress: IdentityConflict] { facts.conflicts }
    var families: [GroupFamily] { facts.families }
    var familyLinks: [String: [DesiredLink]] { facts.familyLinks }
    var situations: [String: FamilySituation] { facts.situations }
    var links: LinkMatches { facts.links }
}
