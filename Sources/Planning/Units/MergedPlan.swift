import Domain

/// The drafts of all phases as one, before it becomes a plan: what concerns objects of several phases is decided here.
struct MergedPlan: PlanningPhase {
    let facts: Facts
    let groups: GroupPlans
    var written: Draft

    /// What can be said only of all objects that manifests mean.
    mutating func check() {
        planResumes()
        refuseCollidingTopics()
        checkTopics()
    }

    /// The plan, with the questions that are still open.
    ///
    /// - Parameters:
    ///   - input: What it is made from.
    ///   - deletions: Objects that left the manifests and are deleted.
    mutating func finished(_ input: PlanInput, deleting deletions: [ResourceAddress]) -> (plan: Plan, probes: [Probe]) {
        renameRows()
        holdRefused()
        if options.adoptOnly { dropGuards() }
        dropIdleWaits()
        let selection = Selection(of: written.units, options)
        limitDeletions(deletions, in: selection)
        let assembly = PlanAssembly(of: selection.units(of: written.units))
        var plan = Plan(
            toolVersion: input.toolVersion, workspace: workspace.name, ledgerID: recorded.ledgerID,
            observedAt: observation.startedAt, observedIn: observation.duration)
        plan.flags = options.inWords
        plan.sites = sites(input.observation, selection)
        plan.lags = Dictionary(
            uniqueKeysWithValues: groups.all.compactMap { group in group.lag.map { (group.family.name, $0) } })
        plan.lossAges = lossAges
        plan.stores = stores(of: assembly.steps)
        plan.groups = groups.all.flatMap(\.states).sorted { $0.name < $1.name }
        plan.changes = assembly.changes
        plan.steps = assembly.steps
        plan.deferred = assembly.deferred
        plan.moves = groups.all.compactMap(\.move).sorted { $0.family < $1.family }.map { move in
            var move = move
            move.expected = ExpectedTime.untilClientsMove(move, in: assembly.steps)
            move.unmoved = unmovedClients(of: move)
            return move
        }
        plan.decisions = written.decisions.sorted { ($0.group, $0.member) < ($1.group, $1.member) }
        plan.ledgerRefresh = assembly.ledgerRefresh
        // Whether members answer is told first: what else is missing follows from it.
        let refusals = selection.refusals + written.refusals.filter(selection.includes).map(\.refusal)
        for (_, own) in Dictionary(grouping: refusals, by: \.subject).sorted(by: { $0.key < $1.key }) {
            plan.refusals += own.filter { $0.gate == .members } + own.filter { $0.gate != .members }
        }
        plan.notes = written.notes.sorted { ($0.subject ?? "") < ($1.subject ?? "") }
        return (plan, written.probes.sorted { "\($0)" < "\($1)" })
    }

    /// Nobody waits for a registry that no work needs.
    private mutating func dropIdleWaits() {
        let waits = workspace.environments.keys.map { ResourceAddress(.registry, $0) }
            .filter { !(written.units[$0]?.steps.isEmpty ?? true) }
        guard !waits.isEmpty else { return }
        let needed = Set(
            written.units.values.lazy.filter { !$0.steps.isEmpty }.flatMap(\.dependencies).filter {
                $0.kind == .registry
            })
        for address in waits where !needed.contains(address) { written.units[address]?.steps = [] }
    }

    private func stores(of steps: [Step]) -> [Plan.Store] {
        steps.filter { if case .binding(.publish) = $0.action { true } else { false } }.map(\.address).sorted()
            .map { Plan.Store($0, observation.stores[$0]?.snapshot?.seen ?? [:]) }
    }
}
