import Domain

/// Computes plans. Pure: equal inputs give equal plans, and nothing is read or sent.
public struct Planner {
    let workspace: Workspace
    var observation: Observation
    let recorded: Recorded
    let secrets: SecretFacts
    let options: PlanOptions
    let answers: [Probe: ProbeAnswer]
    let index: PlanningIndex
    /// Under which id every environment and cluster is known.
    let siteIdentities: SiteIdentities
    /// Which live object each row of the ledger is about.
    let ownership: LiveOwnership
    /// Ids of the live sites that the manifests' names mean.
    let liveIDs: LiveIDs
    /// Manifests that do not mean the one live site they should, by address.
    let conflicts: [ResourceAddress: IdentityConflict]
    let families: [GroupFamily]
    /// The topics of every family, by its name.
    let familyTopics: [String: FamilyTopics]
    /// Primaries that manifests declare, of families that a flag directs elsewhere.
    let undeclared: [String: String]
    /// Desired link halves of every family, by its name.
    let familyLinks: [String: [DesiredLink]]

    var units: [ResourceAddress: Unit] = [:]
    var refusals: [RefusedWork] = []
    var notes: [Plan.Note] = []
    var groups: [Plan.GroupState] = []
    /// How far the copies of every family are behind, by its name.
    var lags: [String: SeenLag] = [:]
    /// Topics that a move left behind, by the name of the family.
    var leftBehind: [String: Set<String>] = [:]
    /// What the ledger owns of groups that are refused: it has not left the manifests, though nothing is planned for it.
    var spared: Set<ResourceAddress> = []
    /// What the evidence says about every family that is not refused, by the name of each of its groups.
    var situations: [String: FamilySituation] = [:]
    /// Moves that this plan makes, by the name of the family.
    var moves: [String: Plan.Move] = [:]
    /// Families that this plan does not move.
    var settledFamilies: [SettledFamily] = []
    /// Consents to destroy copies that this plan asks for or uses.
    var tokens: Set<String> = []
    /// What consents name that this plan uses, by family and member.
    var consented: [String: Set<String>] = [:]
    /// Work on families that somebody has to consent to.
    var decisions: [NeededDecision] = []
    /// Questions that have to be answered before the plan is complete.
    var probes: Set<Probe> = []
    /// Groups that are refused as a whole: nothing of them is touched.
    var refusedGroups: Set<String> = []
    /// Which live link every link of a manifest means.
    var links = LinkMatches()
    /// Who wants a link half, so that a second one who wants it differently is refused.
    var linkOwners: [ResourceAddress: (link: DesiredLink, owner: LinkOwner)] = [:]
    /// Who wants a registry mode, likewise.
    var modeOwners: [ResourceAddress: (mode: RegistryMode, owner: LinkOwner)] = [:]
    /// Topics in which mirrors tell no position, by the cluster they are read from.
    let unplacedTopics: [String: [String]]
    /// What links and groups read, to be spared from deletion.
    var mirroredTopics: [(source: String, topics: Set<String>, owner: LinkOwner)] = []
    /// Names of mirrors that links and groups want, by the cluster that holds them.
    var plannedMirrors: [String: Set<String>] = [:]
    /// Objects that left the manifests and are deleted.
    var deletions: [ResourceAddress] = []
    /// Paused mirrors by the link that holds them.
    var pausedMirrors: [ResourceAddress: [String]] = [:]

    private init(_ original: PlanInput) {
        var input = original
        input.workspace = original.workspace.under(original.options, original.recorded)
        conflicts = IdentityConflict.all(in: input)
        for (address, conflict) in conflicts { input.observation.silence(address, conflict) }
        ownership = LiveOwnership(input)
        liveIDs = LiveIDs(input.workspace, input.observation.sites)
        input.recorded = ownership.recorded
        siteIdentities = SiteIdentities(input.workspace, input.recorded)
        workspace = input.workspace
        observation = input.observation
        observation.sites.learnHoldings(from: observation.clusters, remembering: input.recorded.sites)
        unplacedTopics = observation.unplacedTopics
        recorded = input.recorded
        secrets = input.secrets
        options = input.options
        answers = input.answers
        index = PlanningIndex(input)
        families = GroupFamily.all(in: input.workspace)
        undeclared = original.workspace.primariesOverridden(by: original.options)
        let topicsOfGroups = index.topicsOfGroups
        familyTopics = Dictionary(
            uniqueKeysWithValues: families.map { family in
                let declared = family.groups.flatMap { topicsOfGroups[$0.name] ?? [] }.map(\.topicName)
                return (
                    family.name,
                    FamilyTopics(declared: Set(declared), selectors: family.groups.compactMap(\.topics))
                )
            })
        familyLinks = Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0.links) })
        units.reserveCapacity(recorded.owned.count + workspace.topics.count)
    }

    /// The plan for an input.
    ///
    /// Without answers to its ``probes(_:)`` a plan is complete, and as careful as it can be without them.
    public static func plan(_ input: PlanInput) -> Plan {
        planned(input).plan
    }

    /// The plan for an input, with the questions that are still open.
    public static func planned(_ input: PlanInput) -> (plan: Plan, probes: [Probe]) {
        var planner = Planner(input)
        planner.matchLinks()
        planner.planSites()
        planner.planTopicsOfClusters()
        planner.planFamilies()
        planner.planClusterLinks()
        planner.planResumes()
        planner.planSchemaLinks()
        planner.planCompatibility()
        planner.planBindings()
        planner.planWithdrawals()
        planner.planHooks()
        planner.closeMoves()
        planner.refuseCollidingTopics()
        planner.checkTopics()
        planner.planLeftBehind()
        planner.renameRows()
        let plan = planner.assemble(input)
        return (plan, planner.probes.sorted { "\($0)" < "\($1)" })
    }

    private mutating func assemble(_ input: PlanInput) -> Plan {
        holdRefused()
        if options.adoptOnly { dropGuards() }
        dropIdleWaits()
        let selection = Selection(of: units, options)
        limitDeletions(in: selection)
        let assembly = PlanAssembly(of: selection.units(of: units))
        var plan = Plan(
            toolVersion: input.toolVersion, workspace: workspace.name, ledgerID: recorded.ledgerID,
            observedAt: observation.startedAt, observedIn: observation.duration)
        plan.flags = options.inWords
        plan.sites = sites(input.observation, selection)
        plan.lags = lags
        plan.lossAges = lossAges
        plan.stores = stores(of: assembly.steps)
        plan.groups = groups.sorted { $0.name < $1.name }
        plan.changes = assembly.changes
        plan.steps = assembly.steps
        plan.deferred = assembly.deferred
        plan.moves = moves.values.sorted { $0.family < $1.family }.map { move in
            var move = move
            move.expected = ExpectedTime.untilClientsMove(move, in: assembly.steps)
            move.unmoved = unmovedClients(of: move)
            return move
        }
        plan.decisions = decisions.sorted { ($0.group, $0.member) < ($1.group, $1.member) }
        plan.ledgerRefresh = assembly.ledgerRefresh
        plan.refusals = (selection.refusals + refusals.filter(selection.includes).map(\.refusal))
            .sorted { ($0.subject, $0.gate.rank, $0.message) < ($1.subject, $1.gate.rank, $1.message) }
        plan.notes = notes.sorted { ($0.subject ?? "", $0.text) < ($1.subject ?? "", $1.text) }
        return plan
    }

    private func stores(of steps: [Step]) -> [Plan.Store] {
        steps.filter { if case .publish = $0.action { true } else { false } }.map(\.address).sorted()
            .map { Plan.Store($0, observation.stores[$0]?.snapshot?.seen ?? [:]) }
    }
}

extension Refusal.Gate {
    /// Whether members answer is told first: what else is missing follows from it.
    fileprivate var rank: Int { self == .members ? 0 : 1 }
}
