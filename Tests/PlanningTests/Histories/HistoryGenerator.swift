import Domain
import Planning

/// Random groups, and random scripts of what happens to them.
struct HistoryGenerator {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    // MARK: Manifests

    /// What a workspace of histories can differ in.
    struct Shape {
        var members = 2
        var isBidirectional = false
        var denied: [String]? = ["User:*"]
        var reprotect = FailoverGroupSpec.Reprotect.recreate
        var movesSchemas = true
        var objective: Int?
        var canary = true
        var stores = 1
        var groups = 1
        var hasFollower = false
        var allowsACLSync = false
    }

    mutating func shape() -> Shape {
        Shape(
            members: random.pick([2, 2, 3]), isBidirectional: random.once(in: 2),
            denied: random.pick([nil, [], ["User:app"], ["User:*"], ["User:*"], ["User:*"]]),
            reprotect: random.pick([.manual, .recreate, .recreate, .restore, .restore, .retire]),
            movesSchemas: random.once(in: 2), objective: random.pick([nil, nil, 0, 3]), canary: random.once(in: 2),
            stores: random.pick([1, 1, 2]), groups: random.pick([1, 1, 1, 2]), hasFollower: random.once(in: 6),
            allowsACLSync: random.once(in: 4))
    }

    static let sites = ["west", "east", "north"]

    static func workspace(_ shape: Shape) -> Workspace {
        Manifests.workspace { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.spec.policy.maxDeletions = 100
            workspace.spec.policy.wave = 1
            let members = Array(sites.prefix(shape.members))
            for site in members { workspace.addSite(site) }
            for number in 0..<shape.groups {
                let name = "g\(number)"
                workspace.addGroup(name, primary: "west", members) { group in
                    group.fence = fence(shape)
                    group.reprotect = shape.reprotect
                    group.link.mode = shape.isBidirectional ? .bidirectional : .unidirectional
                    if shape.movesSchemas, number == 0 { group.schemas = SchemaSettings(subjects: ["*"]) }
                    group.objectives.recordsLost = shape.objective
                    if shape.canary { group.canary = "\(name).t0" }
                    if shape.allowsACLSync, !shape.isBidirectional {
                        group.link.aclSync = ACLSyncSpec(enabled: true, filters: [.init()])
                    }
                }
                for topic in 0..<(number == 0 ? 2 : 1) { workspace.addTopic("\(name).t\(topic)", .failoverGroup(name)) }
                workspace.addBinding(
                    "b\(number)", .failoverGroup(name), files: Array(repeating: .properties, count: shape.stores)
                ) { $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"] }
            }
            guard shape.hasFollower else { return }
            var follower = FailoverGroupSpec(metadata: Metadata(name: "g0-f"), placement: .follows("g0"))
            follower.fence = fence(shape)
            workspace.failoverGroups[follower.name] = follower
            workspace.addTopic("f.t0", .failoverGroup("g0-f"))
            workspace.addBinding("bf", .failoverGroup("g0-f")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
    }

    private static func fence(_ shape: Shape) -> FailoverGroupSpec.Fence? {
        shape.denied.map { principals in
            var fence = FailoverGroupSpec.Fence()
            fence.denyWrites = principals
            return fence
        }
    }

    /// A workspace that is in place, with records that are replicated.
    static func settled(_ shape: Shape) -> History {
        var history = History(workspace(shape))
        for _ in 0..<3 { history.apply() }
        history.perform(.settle)
        for topic in history.workspace.topics.values.map(\.topicName).sorted() {
            for _ in 0..<3 { history.perform(history.writeDeed(topic, isStale: false)) }
        }
        if shape.movesSchemas { history.perform(.registerSchema("env-west")) }
        history.perform(.replicate(.max))
        history.perform(.settle)
        history.apply()
        return history
    }

    // MARK: Scripts

    mutating func script(for history: History) -> [Deed] {
        var deeds: [Deed] = []
        for _ in 0..<random.pick(3...7) { deeds += scene(history) }
        return deeds
    }

    private mutating func scene(_ history: History) -> [Deed] {
        let members = history.families[0].members
        let site = random.pick(members)
        switch random.pick(0...15) {
        case 0...3: return [.setPrimary(site, consents: false), apply(history)]
        case 4...5:
            let victim = random.pick(members)
            return [
                .die(victim), .setPrimary(random.pick(members.filter { $0 != victim }), consents: true), apply(history),
            ]
        case 6: return [.setPrimary(site, consents: true), .override([.alive]), apply(history)]
        case 7: return [.revive(site), apply(history)]
        case 8: return [.giveTokens, apply(history)]
        case 9: return [silence(history), apply(history)]
        case 10:
            let status = random.pick([
                MirrorStatus.paused, .linkPaused, .sourceUnavailable, .linkFailed, .failed, .pendingMirror,
                .pendingStopped, .pendingSynchronize, .pendingRestore, .pendingSetupForRestore, .other("MYSTERY"),
            ])
            return [.status(site, topic(history), status), apply(history)]
        case 11: return [.endByHand(site, topic(history)), apply(history)]
        case 12: return [random.pick([.loseLedger, .returnToOldLedger, .loseLedger, .swapLedger]), apply(history)]
        case 13: return [.reprotect(random.pick(FailoverGroupSpec.Reprotect.allCases)), apply(history)]
        case 14: return [.flagFailover(site), apply(history)]
        default: return [.takeWaysOut, apply(history)] + members.map { .revive($0) } + [apply(history)]
        }
    }

    private mutating func topic(_ history: History) -> String {
        random.pick(history.workspace.topics.values.map(\.topicName).sorted())
    }

    private mutating func silence(_ history: History) -> Deed {
        let members = history.families[0].members
        let endpoints: [World.Endpoint] =
            [.controlPlane] + members.flatMap { [.cluster($0), .registry("env-\($0)")] }
            + history.workspace.clientBindings.keys.sorted().map { .store(ResourceAddress(.binding, "\($0)/0")) }
        return .silence(random.pick(endpoints), random.pick(World.Silence.allCases))
    }

    mutating func traffic(_ history: History) -> [Deed] {
        (0..<random.pick(1...3)).map { _ in
            random.once(in: 3)
                ? .replicate(random.pick([1, 2, .max])) : history.writeDeed(topic(history), isStale: random.once(in: 2))
        }
    }

    mutating func apply(_ history: History) -> Deed {
        let disturbance =
            random.once(in: 2)
            ? Deed.Disturbance(
                step: random.pick(0...24), manner: random.pick(Deed.Disturbance.Manner.allCases),
                kills: random.once(in: 2)) : nil
        var meanwhile = (0..<random.pick(0...2)).map { _ in
            Deed.Meanwhile(step: random.pick(0...20), deeds: traffic(history))
        }
        if random.once(in: 4) {
            let site = random.pick(history.families[0].members)
            meanwhile.append(.init(step: random.pick(0...20), deeds: [random.once(in: 2) ? .die(site) : .revive(site)]))
        }
        return .apply(disturbance, order: random.once(in: 3) ? nil : random.next(), meanwhile)
    }
}

extension History {
    /// A client of the binding of a topic's group writes to it.
    func writeDeed(_ topic: String, isStale: Bool) -> Deed {
        let binding = topic.hasPrefix("f.") ? "bf" : "b" + topic.dropFirst().prefix { $0 != "." }
        return .write(binding: binding, isStale: isStale, topic: topic)
    }
}
