import Domain
import Execution
import Planning

/// Manifests, live systems, clients and a log of all that happened.
struct History {
    var workspace: Workspace
    var world = World()
    /// Flags of the next command; a run uses them up.
    var options = Self.plainly
    static let plainly = PlanOptions(overrides: [.importMode])
    var judge = Judge()
    var log: [Event] = []
    var coverage = Coverage()
    /// Changes the steps of every plan before they are run: for showing that predicates can fail.
    var mutation: (@Sendable ([Step]) -> [Step])?
    /// Changes what every plan is made from, likewise.
    var misreading: (@Sendable (inout PlanInput, World) -> Void)?
    /// Changes what live systems answer to the questions of plans, likewise.
    var misanswer: (@Sendable (Probe, ProbeAnswer) -> ProbeAnswer)?
    /// Whether flags that were given once stay given.
    var repeatsFlags = false
    /// What the last run was planned to do.
    var lastPlan: Plan?
    /// Whether every apply does what follows a move, as the command does.
    var endsAsCommands = false
    /// How the last apply ended; `nil` when it was killed.
    var lastExit: ExitCode?
    /// Whether every step of the last run succeeded.
    var wasClean = true
    /// Whether the last run took its own move back.
    var wasUndone = false
    let names: Appearance.Names
    var seen = Appearance()
    var clusterOfClient: [String: String] = [:]
    var lastRecord = 0
    private var lastSchema = 0
    var incidents = 0
    var runs = 0
    var actor = Event.Actor.people
    var olderLedgers: [Recorded] = []
    private var otherLedger: Recorded?
    private var ledgers = 1

    init(_ workspace: Workspace) {
        self.workspace = workspace
        world.addSites(of: workspace)
        names = Appearance.Names(world, workspace)
        note(.people)
    }

    // MARK: Log

    mutating func emit(_ what: Event.What, by actor: Event.Actor) {
        let event = Event(actor: actor, what: what)
        log.append(event)
        judge.see(event)
    }

    /// Logs what changed since the last look.
    mutating func note(_ actor: Event.Actor) {
        let now = Appearance(world, names)
        for what in now.events(since: seen) { emit(what, by: actor) }
        seen = now
    }

    // MARK: Planning

    func plan(_ options: PlanOptions? = nil) -> Plan {
        var draft = PlanDraft(input(options ?? self.options))
        while !draft.questions.isEmpty { draft.take(answers(to: draft.questions)) }
        return draft.plan
    }

    func input(_ options: PlanOptions) -> PlanInput {
        var input = Run(workspace, options).input(world)
        misreading?(&input, world)
        return input
    }

    func answers(to probes: [Probe]) -> [Probe: ProbeAnswer] {
        Dictionary(
            probes.map { probe in
                let answer = world.answer(probe, workspace)
                return (probe, misanswer?(probe, answer) ?? answer)
            }
        ) { $1 }
    }

    var families: [GroupFamily] { GroupFamily.all(in: workspace) }

    func facts(_ options: PlanOptions? = nil) -> [FamilyFacts] {
        families.map { family in
            FamilyFacts(
                family, workspace,
                left: (options ?? self.options).left.union(world.ledger.moves[family.name]?.open?.left ?? []),
                detached: (options ?? self.options).detached.union(
                    world.ledger.moves[family.name]?.open?.detached ?? []),
                consents: consents(to: family, options ?? self.options))
        }
    }

    /// Members that a flag, or a failover that is under way, says are lost.
    private func consents(to family: GroupFamily, _ options: PlanOptions) -> Set<String> {
        let open = world.ledger.moves[family.name]?.open.flatMap { $0.kind == .failover ? $0.from : nil }
        let flagged = options.failovers[family.name].map { flag in family.members.filter { $0 != flag.member } }
        return Set([open].compactMap(\.self) + (flagged ?? []))
    }

    // MARK: Runs

    /// Begins a run.
    ///
    /// - Returns: Its steps.
    mutating func begin(_ plan: Plan, _ facts: [FamilyFacts]? = nil) -> [Step] {
        runs += 1
        actor = .run(runs)
        let steps = mutation.map { $0(plan.steps) } ?? plan.steps
        emit(.began(facts ?? self.facts(), PlainFacts(workspace, plan), steps, decisions: plan.decisions), by: actor)
        world.remember(workspace, before: steps)
        return steps
    }

    mutating func end(_ plan: Plan, isKilled: Bool, isUndone: Bool = false, isClean: Bool = false) {
        if !repeatsFlags { options = Self.plainly }
        if isKilled { wasClean = false } else { for step in plan.ledgerRefresh { learn(step, actor) } }
        note(actor)
        emit(.ended(isKilled: isKilled || !isClean, isUndone: isUndone), by: actor)
    }

    mutating func learn(_ step: Step, _ actor: Event.Actor) {
        world.learn(step)
        if case .move(let family, let event) = step.ledger { emit(.learned(family: family, event), by: actor) }
    }

    /// Performs a step.
    ///
    /// - Returns: Whether it succeeded.
    mutating func attempt(_ step: Step, isSurprised: Bool) -> Bool {
        world.time = world.time.advanced(by: .seconds(1))
        let before = world
        do {
            try world.perform(step, workspace)
            emit(.called(step, didFail: false), by: actor)
            note(actor)
            if case .move(let family, let event) = step.ledger { emit(.learned(family: family, event), by: actor) }
            return true
        } catch let error as World.Violation where !isSurprised {
            world = before
            judge.find("strict", "\(step.id): \(error.description)")
        } catch {
            world = before
        }
        emit(.called(step, didFail: true), by: actor)
        return false
    }

    /// Performs a step of which nobody hears, or a part of it, or nothing.
    mutating func disturb(_ step: Step, _ manner: Deed.Disturbance.Manner) {
        coverage.interrupt(step, manner)
        let ledger = world.ledger
        if !step.isEffectful {
            if manner != .before { learn(step, actor) }
            return
        }
        world.intend(step)
        guard manner != .before else { return emit(.called(step, didFail: true), by: actor) }
        let remembered = world.ledger
        let before = world
        do {
            if manner == .half, case .move(.endMirrors(let verb, let mirrors)) = step.action {
                try endHalf(verb, mirrors)
            } else {
                try world.perform(step, workspace)
            }
            world.ledger = step.creates ? remembered : ledger
        } catch {
            world = before
        }
        emit(.called(step, didFail: true), by: actor)
        note(actor)
    }

    /// Some mirrors end, the next one is on its way, the rest was never reached.
    private mutating func endHalf(_ verb: MirrorPromotion, _ mirrors: LinkedMirrors) throws {
        let half = Array(mirrors.topics.prefix(mirrors.topics.count / 2))
        if !half.isEmpty {
            let part = LinkedMirrors(cluster: mirrors.cluster, link: mirrors.link, topics: half)
            try world.move(.move(.endMirrors(verb, part)), workspace)
        }
        guard let next = mirrors.topics.dropFirst(half.count).first else { return }
        world.change(mirrors.cluster, workspace) { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == next {
                guard cluster.mirrors[index].status == .active else { continue }
                cluster.mirrors[index].status = verb == .reverse ? .pendingSynchronize : .pendingStopped
            }
        }
    }

    // MARK: Deeds

    mutating func perform(_ deed: Deed) {
        switch deed {
        case .apply(let disturbance, let order, let meanwhile): apply(disturbance, order: order, meanwhile)
        case .write(let binding, let isStale, let topic): write(topic, binding, isStale: isStale)
        case .commit(let binding, let topic): commit(topic, binding)
        case .background: work()
        case .restartClients: clusterOfClient = [:]
        case .loseLedger, .returnToOldLedger, .swapLedger: changeLedger(deed)
        case .setPrimary, .flagFailover, .reprotect, .giveTokens, .takeWaysOut, .override, .declare, .undeclare,
            .limitDeletions, .leave, .detach, .rerunHooks:
            edit(deed)
        default:
            happen(deed)
            note(.server)
        }
    }

    private mutating func changeLedger(_ deed: Deed) {
        defer {
            let topics = world.ledger.owned.filter { $0.key.kind == .topic }
            emit(.ledgerChanged(topics), by: .people)
            seen.owned = topics
        }
        switch deed {
        case .loseLedger:
            ledgers += 1
            world.ledger = Recorded(ledgerID: "ledger-\(ledgers)")
        case .returnToOldLedger:
            if let old = olderLedgers.dropLast(2).last { world.ledger = old }
        default:
            ledgers += 1
            let other = otherLedger ?? Recorded(ledgerID: "ledger-\(ledgers)")
            otherLedger = world.ledger
            world.ledger = other
        }
    }

    private mutating func happen(_ deed: Deed) {
        switch deed {
        case .replicate(let count):
            world.replicate(workspace, atMost: count)
            if count == .max { world.export(workspace) }
        case .settle: world.settle(workspace)
        case .die(let site): die(site)
        case .revive(let site):
            if let id = world.cluster(site, workspace)?.listed.id { world.dead.remove(id) }
            for endpoint in endpoints(of: site) { hear(endpoint) }
        case .silence(let endpoint, let how):
            world.silent[endpoint] = how
            emit(.reach(endpoint, false), by: .server)
        case .hear(let endpoint): hear(endpoint)
        case .status(let site, let topic, let status):
            world.change(site, workspace) { cluster in
                for index in cluster.mirrors.indices
                where cluster.mirrors[index].topic == topic && cluster.mirrors[index].status != .stopped {
                    cluster.mirrors[index].status = status
                }
            }
        case .endByHand(let site, let topic):
            let now = world.time
            world.change(site, workspace) { cluster in
                for index in cluster.mirrors.indices where cluster.mirrors[index].topic == topic {
                    cluster.mirrors[index].status = .stopped
                    cluster.mirrors[index].stateTime = now
                }
            }
        case .registerSchema(let environment, let id): register(in: environment, id)
        case .allow(let site, let topic):
            let entry = ACLBinding(
                resourceType: "TOPIC", resourceName: topic, principal: "User:reader\(log.count)", operation: "READ",
                permission: "ALLOW")
            world.change(site, workspace) { $0.allowances.insert(entry) }
        case .createByHand(let site, let topic):
            world.change(site, workspace) { cluster in
                guard cluster.topics[topic] == nil else { return }
                cluster.topics[topic] = ObservedTopic(partitions: 6, replicationFactor: 3)
                cluster.configs[topic] = [:]
            }
        case .failHook(let binding, let number):
            world.failingHooks.insert(ResourceAddress(.hook, "\(binding)/\(number)"))
        case .repairHooks: world.failingHooks = []
        default: break
        }
    }

    private mutating func register(in environment: String, _ id: Int?) {
        guard let found = world.environment(environment, workspace), let registry = found.registry,
            registry.modes[RegistryContext("")] ?? .readWrite == .readWrite
        else { return }
        lastSchema += 1
        world.schemas[found.id, default: []].insert(
            SchemaVersionID(subject: "s\(lastSchema)", version: 1, id: id ?? lastSchema))
    }

    private func endpoints(of site: String) -> [World.Endpoint] {
        [.cluster(site)] + (workspace.clusters[site]?.environment.map { [.registry($0)] } ?? [])
    }

    private mutating func die(_ site: String) {
        if let id = world.cluster(site, workspace)?.listed.id { world.dead.insert(id) }
        for endpoint in endpoints(of: site) {
            world.silent[endpoint] = .unreachable
            emit(.reach(endpoint, false), by: .server)
        }
    }

    private mutating func hear(_ endpoint: World.Endpoint) {
        guard world.silent.removeValue(forKey: endpoint) != nil else { return }
        emit(.reach(endpoint, true), by: .server)
    }
}
