import Domain
import Planning

/// What a performer and the ledger would do.
extension World {
    /// Performs a step, strictly: what the real services refuse, and what destroys data, is a violation.
    mutating func perform(_ step: Step, _ workspace: Workspace) throws {
        intend(step)
        try act(step, workspace)
        learn(step)
    }

    /// What the ledger learns before a step is sent.
    mutating func intend(_ step: Step) {
        guard step.creates, case .own(var row) = step.ledger else { return }
        row.origin = .creating
        ledger.owned[step.address] = row
    }

    /// What live systems do for a step, whatever the ledger learns of it.
    mutating func act(_ step: Step, _ workspace: Workspace) throws {
        if step.isEffectful { touched.append(step.address) }
        if case .hook(.runHook(let call)) = step.action {
            guard !failingHooks.contains(step.address) else { throw Refused("the workload does not restart") }
            announced[step.address, default: []].append(call.generation)
        }
        try act(step.action, workspace)
    }

    /// What the ledger learns of a step that succeeded.
    mutating func learn(_ step: Step) {
        ledger.sites.forgetHoldings(after: step.action)
        switch step.ledger {
        case .none: break
        case .disown: ledger.owned[step.address] = nil
        case .own(var row):
            if step.creates { row.origin = .created }
            ledger.owned[step.address] = row
        case .move(let family, let event):
            ledger.moves[family, default: RecordedMoves()].learn(event, at: time)
        case .announced(let generation): ledger.hooks[step.address] = generation
        }
    }

    /// What a command remembers of what it saw, before it performs steps.
    mutating func remember(_ workspace: Workspace, before steps: [Step] = []) {
        let observation = observation(workspace)
        var seen = observation.sites
        seen.learnHoldings(from: observation.clusters, remembering: ledger.sites)
        ledger.sites.clusters.merge(seen.clusters) { $1 }
        ledger.sites.environments.merge(seen.environments) { $1 }
        ledger.sites.beginCopies(in: steps, at: time)
    }

    private mutating func act(_ action: StepAction, _ workspace: Workspace) throws {
        switch action {
        case .cloud(.createEnvironment(let creation)):
            try answers(.controlPlane)
            guard let spec = workspace.environments[creation.environment] else {
                throw Violation("no such environment")
            }
            addEnvironment(spec)
            ledger.sites.environments[creation.environment] = nil
        case .cloud(.updateEnvironment(let update)): try perform(update, workspace)
        case .cloud(.deleteEnvironment(let site)):
            guard let id = ledger.owned[ResourceAddress(.environment, site.environment)]?.nativeID else {
                throw Violation("no id")
            }
            guard !clusters.values.contains(where: { $0.listed.environmentID == id }) else {
                throw Violation("environment \(site.environment) is not empty")
            }
            environments[id] = nil
            ledger.sites.environments[site.environment] = nil
        case .cloud(.createCluster(let creation)):
            try answers(.controlPlane)
            guard let spec = workspace.clusters[creation.cluster],
                let id = environment(creation.environment, workspace)?.id
            else { throw Violation("no environment for cluster \(creation.cluster)") }
            addCluster(spec, in: id)
            ledger.sites.clusters[creation.cluster] = nil
        case .cloud(.updateCluster(let update)): try perform(update, workspace)
        case .cloud(.deleteCluster(let site)):
            guard let id = ledger.owned[ResourceAddress(.cluster, site.cluster)]?.nativeID else {
                throw Violation("no id")
            }
            clusters[id] = nil
            ledger.sites.clusters[site.cluster] = nil
        case .cloud(.awaitRegistry(let site)): _ = try registry(site.environment, workspace)
        case .ledger(.adopt), .ledger(.release), .ledger(.record), .hook(.runHook): break
        case .binding(.withdraw(let withdrawal)): withdrawn.append(withdrawal)
        case .binding(.publish(let publication)): try perform(publication, workspace)
        default: try actOnData(action, workspace)
        }
    }

    private mutating func perform(_ update: EnvironmentUpdate, _ workspace: Workspace) throws {
        try answers(.controlPlane)
        let owned = ledger.owned[ResourceAddress(.environment, update.environment)]?.nativeID
        guard let id = environment(update.environment, workspace)?.id ?? owned else {
            throw Violation("no environment")
        }
        if let name = update.displayName { environments[id]?.displayName = name }
        if let governance = update.governance { environments[id]?.governance = governance }
    }

    private mutating func perform(_ update: ClusterUpdate, _ workspace: Workspace) throws {
        try answers(.controlPlane)
        let owned = ledger.owned[ResourceAddress(.cluster, update.cluster)]?.nativeID
        guard let id = cluster(update.cluster, workspace)?.listed.id ?? owned else { throw Violation("no cluster") }
        if let name = update.displayName { clusters[id]?.listed.displayName = name }
        if let cku = update.cku { clusters[id]?.listed.cku = cku }
        if let type = update.type { clusters[id]?.listed.kind = type.rawValue }
        if let protection = update.deletionProtection { clusters[id]?.listed.deletionProtection = protection }
    }

    private mutating func perform(_ publication: Publication, _ workspace: Workspace) throws {
        guard let binding = workspace.clientBindings[publication.binding] else { throw Violation("no binding") }
        let address = ResourceAddress(.binding, "\(publication.binding)/\(publication.targetIndex)")
        try answers(.store(address))
        let contents = binding.publish[publication.targetIndex].contents
        let values = BindingValues(
            cluster: publication.cluster, group: publication.group, workspace: workspace, sites: sites(workspace))
        var store = stores[address] ?? StoreSnapshot()
        for key in publication.dropped ?? [] {
            store.properties[key] = nil
            store.secrets[key] = nil
        }
        if contents.includesProperties { store.properties.merge(try values.properties(of: binding)) { $1 } }
        if contents.includesSecrets { store.secrets.merge(Self.secrets(of: binding, at: publication.cluster)) { $1 } }
        if let epoch = store.bookkeeping?.epoch, let own = publication.epoch, epoch > own {
            throw Refused("\(address) holds epoch \(epoch) already")
        }
        if let before = store.bookkeeping?.generation, publication.generation < before {
            throw Violation("generation of \(address) goes back")
        }
        store.bookkeeping = .init(
            primary: publication.cluster, epoch: publication.epoch, ledger: ledger.ledgerID,
            generation: publication.generation)
        stores[address] = store
    }

    /// Fingerprints of a binding's secrets: they differ by cluster.
    static func secrets(of binding: ClientBindingSpec, at cluster: String) -> [String: Fingerprint] {
        binding.secrets.reduce(into: [:]) { $0[$1.key] = Fingerprint(hexadecimal: "\($1.value)@\(cluster)") }
    }

    func answers(_ endpoint: Endpoint) throws {
        if silent[endpoint] != nil { throw Violation("a step touches \(endpoint), which does not answer") }
    }

    func registry(_ name: String, _ workspace: Workspace) throws -> RegistrySnapshot {
        try answers(.registry(name))
        guard let registry = environment(name, workspace)?.registry else { throw Violation("no registry in \(name)") }
        return registry
    }
}
