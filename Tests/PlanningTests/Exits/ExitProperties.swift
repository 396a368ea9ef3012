import Domain
import Execution
import Planning
import Rendering
import Testing

/// What an exit code says is held against the world that an apply leaves.
@Suite struct ExitProperties {
    /// Histories of one test.
    static let count = 36 * Scale.factor

    @Test(
        "exit 1: the world is as it was; exit 0: everything that is needed was seen, and there is nothing left to do",
        arguments: 0..<4)
    func anything(part: UInt64) async {
        var exits: [ExitCode: Int] = [:]
        for seed in stride(from: part, to: Self.count, by: 4) {
            var generator = HistoryGenerator(seed: 40_000 + seed)
            var history = HistoryGenerator.settled(generator.shape())
            history.endsAsCommands = true
            var story: [String] = []
            for deed in generator.script(for: history) {
                let before = Substance(history.world)
                story.append("  - \(deed.alone)")
                history.perform(deed.alone)
                guard case .apply = deed, let exit = history.lastExit else { continue }
                exits[exit, default: 0] += 1
                let untrue = history.untrue(exit, since: before)
                guard untrue.isEmpty else {
                    Issue.record("seed \(seed): exit \(exit), \(untrue)\n\(story.joined(separator: "\n"))")
                    break
                }
            }
            await Task.yield()
        }
        #expect(exits[.success] ?? 0 > 5)
    }

    @Test("a move that is said to be taken back, and left its fence, is caught")
    func fenceLeft() {
        var clean = Self.movedInVain { _ in }
        #expect(clean.exit == .error)
        #expect(clean.history.untrue(.error, since: clean.before) == [])
        clean = Self.movedInVain { history in
            history.mutation = { steps in
                Mutation.without(steps) { if case .move(.unfence) = $0.action { true } else { false } }
            }
        }
        #expect(clean.exit == .error)
        #expect(clean.history.untrue(.error, since: clean.before) != [])
    }

    private static func movedInVain(
        _ worsen: (inout History) -> Void
    ) -> (history: History, before: Substance, exit: ExitCode?) {
        var history = HistoryGenerator.settled(HistoryGenerator.Shape())
        history.endsAsCommands = true
        worsen(&history)
        history.perform(.setPrimary("east", consents: false))
        let before = Substance(history.world)
        let drain = history.plan().steps.firstIndex { if case .move(.drain) = $0.action { true } else { false } } ?? 0
        history.perform(.apply(.init(step: drain, manner: .before, kills: false), order: nil, []))
        return (history, before, history.lastExit)
    }

    @Test("a plan that takes a side that denies access for one that was seen is caught")
    func unseen() {
        var history = HistoryGenerator.settled(HistoryGenerator.Shape())
        history.endsAsCommands = true
        history.perform(.silence(.registry("env-east"), .denied))
        history.apply()
        #expect(history.lastExit == .incomplete || history.lastExit == .error)
        history.misreading = { input, world in
            var whole = world
            whole.silent = [:]
            input.observation = whole.observation(input.workspace)
        }
        history.misanswer = { probe, answer in
            if case .missingSchemas = probe { .schemas([]) } else { answer }
        }
        history.apply()
        #expect(history.lastExit == .success)
        #expect(history.untrue(.success, since: Substance(history.world)) != [])
    }

    @Test("a plan that takes what was accepted for done is caught")
    func accepted() {
        var history = HistoryGenerator.settled(HistoryGenerator.Shape())
        history.endsAsCommands = true
        history.world.changeRegistry("env-west", history.workspace) { west in
            for index in west.exporters.indices { west.exporters[index].state = .paused }
        }
        history.misreading = { input, _ in
            input.observation.registry("env-west") { west in
                for index in west.exporters.indices { west.exporters[index].state = .running }
            }
        }
        history.apply()
        #expect(history.lastExit == .success)
        #expect(history.untrue(.success, since: Substance(history.world)) != [])
    }
}

/// What of a world is there by somebody's decision: what mirrors, exporters and clients do by themselves is left out.
struct Substance {
    private let lines: Set<String>

    init(_ world: World) {
        var lines: [String] = []
        for (id, environment) in world.environments {
            lines.append("\(id) \(environment.displayName) \(environment.governance.map { "\($0)" } ?? "-")")
            guard let registry = environment.registry else { continue }
            lines += registry.modes.filter { $0.value != .readWrite }.map { "\(id) \($0.key) is \($0.value)" }
            lines.append("\(id) compatibility \(registry.compatibility.map { "\($0)" } ?? "-")")
            lines += registry.exporters.map { exporter in
                "\(id) exporter \(exporter.name) \(exporter.subjects.sorted()) to \(exporter.destinationURL ?? "-") "
                    + (exporter.state == .paused ? "paused" : "running")
            }
        }
        for (id, cluster) in world.clusters {
            lines.append("\(id) \(cluster.listed)")
            lines += cluster.topics.keys.map { topic in
                let configs = (cluster.configs[topic] ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return "\(id) topic \(topic) \(configs)"
            }
            lines += cluster.mirrors.map { "\(id) mirror \($0.topic) over \($0.link) \($0.status.substance)" }
            lines += cluster.links.values.map { link in
                let configs = link.configs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                return "\(id) link \(link.name) \(link.mode) \(configs)"
            }
            lines += cluster.denials.map { "\(id) \($0)" }
        }
        lines += world.stores.map { "\($0.key) \($0.value)" }
        lines += world.announced.map { "\($0.key) announced \($0.value)" }
        self.lines = Set(lines)
    }

    /// What is there in only one of two worlds.
    func differences(from other: Substance) -> [String] {
        lines.subtracting(other.lines).map { "+ \($0)" }.sorted()
            + other.lines.subtracting(lines).map { "- \($0)" }.sorted()
    }
}

extension MirrorStatus {
    /// What somebody wanted of a mirror; how far it is in it changes by itself.
    fileprivate var substance: String {
        switch self {
        case .stopped, .pendingStopped, .pendingSynchronize: "ends"
        case .paused: "paused"
        default: "mirrors"
        }
    }
}

extension Deed {
    /// The same with nothing going on meanwhile, and to its end.
    fileprivate var alone: Deed {
        guard case .apply(let disturbance, let order, _) = self else { return self }
        let failing = disturbance.map { Disturbance(step: $0.step, manner: $0.manner, kills: false) }
        return .apply(failing, order: order, [])
    }
}

extension History {
    /// What is not so although an exit code says it.
    fileprivate func untrue(_ exit: ExitCode, since before: Substance) -> [String] {
        switch exit {
        case .error: Substance(world).differences(from: before)
        case .success: unseenSides + openWork + untrueProtection
        default: []
        }
    }

    /// Sides that did not answer and that no consent names.
    private var unseenSides: [String] {
        let left = Set(workspace.failoverGroups.values.compactMap(\.failover?.from))
        let excused = Set(
            left.flatMap { site in
                [World.Endpoint.cluster(site)] + (workspace.clusters[site]?.environment.map { [.registry($0)] } ?? [])
            })
        return world.silent.keys.filter { !excused.contains($0) }.map { "\($0) was not seen" }.sorted()
    }

    /// What a plan that sees everything as it is still finds to do.
    private var openWork: [String] {
        var honest = self
        honest.misreading = nil
        honest.misanswer = nil
        honest.mutation = nil
        let plan = honest.plan()
        let isDone = plan.steps.isEmpty && plan.refusals.isEmpty && plan.deferred.isEmpty && plan.decisions.isEmpty
        return isDone && plan.changes.isEmpty ? [] : [plan.inWords]
    }

    private var untrueProtection: [String] {
        var honest = self
        honest.misreading = nil
        honest.misanswer = nil
        let plan = honest.plan()
        let unprotected = plan.groups.filter { group in
            !group.isProtected && (group.gaps.isEmpty || !group.gaps.allSatisfy(\.isIntended))
        }
        return unprotected.map { "\($0.name) is not protected: \($0.findings)" }
            + Statements(self).untrueProtection(plan)
    }
}
