import Domain
import Planning

/// Plans and applies one workspace against a world.
struct Run {
    let workspace: Workspace
    var options = PlanOptions()

    init(_ workspace: Workspace, _ options: PlanOptions = PlanOptions()) {
        self.workspace = workspace
        self.options = options
    }

    func input(_ world: World) -> PlanInput {
        PlanInput(
            workspace: workspace, observation: world.observation(workspace), recorded: world.ledger, secrets: secrets,
            options: options, toolVersion: "1.0.0")
    }

    /// The plan, with what live systems answer to its questions.
    func plan(_ world: World, _ edit: (inout PlanInput) -> Void = { _ in }) -> Plan {
        var input = input(world)
        edit(&input)
        var draft = PlanDraft(input)
        while !draft.questions.isEmpty {
            draft.take(Dictionary(draft.questions.map { ($0, world.answer($0, workspace)) }) { $1 })
        }
        return draft.plan
    }

    /// Every secret resolves.
    private var secrets: SecretFacts {
        var facts = SecretFacts()
        let credentials =
            workspace.clusters.values.compactMap(\.linkCredentials)
            + workspace.environments.values.compactMap(\.schemaRegistry.linkCredentials)
        for reference in credentials.flatMap(\.references) {
            facts.references[reference] = Fingerprint(hexadecimal: "mac of \(reference)")
        }
        for binding in workspace.clientBindings.values where !binding.secrets.isEmpty {
            let cluster: String? =
                switch binding.target {
                case .cluster(let cluster): cluster
                case .failoverGroup(let group): workspace.placement(ofGroup: group)?.primary
                }
            facts.bindings[binding.name] = World.secrets(of: binding, at: cluster ?? "")
        }
        return facts
    }

    /// Applies a plan in the order it gives.
    ///
    /// - Parameter id: The step before which the run is killed.
    @discardableResult
    func apply(to world: inout World, killedBefore id: String? = nil) throws -> Plan {
        let plan = plan(world)
        world.remember(workspace, before: plan.steps)
        for step in plan.steps {
            if step.id.description == id { return plan }
            try world.perform(step, workspace)
        }
        for step in plan.ledgerRefresh { world.learn(step) }
        return plan
    }

    /// Applies a plan in another valid order, of which some steps fail and with them all that depend on them.
    func apply(to world: inout World, failing oneIn: Int?, _ random: inout SplitMix) throws {
        let plan = plan(world)
        world.remember(workspace, before: plan.steps)
        var open = plan.steps
        var done: Set<Step.ID> = []
        while true {
            let ready = open.indices.filter { done.isSuperset(of: open[$0].after) }
            guard !ready.isEmpty else { break }
            let step = open.remove(at: random.pick(ready))
            if let oneIn, random.once(in: oneIn) { continue }
            try world.perform(step, workspace)
            done.insert(step.id)
        }
        guard oneIn != nil || open.isEmpty else { throw World.Violation("steps wait for ever: \(open.map(\.id))") }
        for step in plan.ledgerRefresh { world.learn(step) }
    }
}
