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
        /// Whether the second group is primary where the first one is not.
        var isOpposed = false
        var hasFollower = false
        var allowsACLSync = false
        /// Restart hooks of every binding.
        var hooks = 0
        /// Whether links were there before the group was declared, made by somebody else.
        var adoptsLinks = false
        /// Whether there are topics outside of groups.
        var hasPlainTopics = false
    }

    mutating func shape() -> Shape {
        var shape = anyShape()
        // A link of somebody else is the one that is meant only where a single group could mean it.
        if shape.groups > 1 {
            shape.adoptsLinks = false
            shape.isOpposed = random.once(in: 2)
        }
        return shape
    }

    /// Two groups of the same members, each of which is primary where the other one is not.
    mutating func opposedShape() -> Shape {
        var shape = anyShape()
        (shape.groups, shape.isOpposed, shape.adoptsLinks) = (2, true, false)
        return shape
    }

    private mutating func anyShape() -> Shape {
        Shape(
            members: random.pick([2, 2, 3]), isBidirectional: random.once(in: 2),
            denied: random.pick([nil, [], ["User:app"], ["User:*"], ["User:*"], ["User:*"]]),
            reprotect: random.pick([.manual, .recreate, .recreate, .restore, .restore, .retire]),
            movesSchemas: random.once(in: 2), objective: random.pick([nil, nil, 0, 3]), canary: random.once(in: 2),
            stores: random.pick([1, 1, 2]), groups: random.pick([1, 1, 1, 2]), hasFollower: random.once(in: 6),
            allowsACLSync: random.once(in: 4), hooks: random.pick([0, 0, 2]), adoptsLinks: random.once(in: 6),
            hasPlainTopics: random.once(in: 3))
    }

    static let sites = ["west", "east", "north"]
    static let plainTopics = ["plain-0", "plain-1", "plain-2"]

    static func workspace(_ shape: Shape) -> Workspace {
        Manifests.workspace { workspace in
            workspace.spec.policy.quietPeriod = .zero
            // Copies that moves replace do not count among deletions.
            workspace.spec.policy.maxDeletions = 0
            workspace.spec.policy.wave = 1
            workspace.spec.policy.allowCommands = true
            let members = Array(sites.prefix(shape.members))
            for site in members { workspace.addSite(site) }
            for number in 0..<shape.groups {
                let name = "g\(number)"
                workspace.addGroup(name, primary: shape.isOpposed && number > 0 ? "east" : "west", members) { group in
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
                ) { binding in
                    binding.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
                    binding.restart = (0..<shape.hooks).map { .init(action: .command(["restart", "\($0)"])) }
                }
            }
            for name in shape.hasPlainTopics ? plainTopics : [] {
                workspace.addTopic(name, .cluster("west")) { $0.deletionPolicy = .delete }
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
    ///
    /// - Parameter prepare: What is done before anything else.
    static func settled(_ shape: Shape, _ prepare: (inout History) -> Void = { _ in }) -> History {
        var history = History(workspace(shape))
        prepare(&history)
        if shape.adoptsLinks { history.addLinks(of: shape) }
        for _ in 0..<3 { history.apply() }
        history.perform(.settle)
        for topic in history.groupTopics {
            for _ in 0..<3 { history.perform(history.writeDeed(topic, isStale: false)) }
        }
        if shape.movesSchemas { history.perform(.registerSchema("env-west")) }
        for number in 0..<shape.groups { history.perform(.commit(binding: "b\(number)", topic: "g\(number).t0")) }
        history.perform(.replicate(.max))
        history.perform(.background)
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
        if history.families.count > 1, random.once(in: 3) { return crossing(history) }
        let members = history.families[0].members
        let site = random.pick(members)
        switch random.pick(0...19) {
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
        case 16: return plainScene(history) + [apply(history)]
        case 17:
            return [
                .failHook("b0", number: random.pick(0...1)), .setPrimary(site, consents: false), apply(history),
                .repairHooks, apply(history),
            ]
        case 18:
            return [.leave(topic: topic(history)), .setPrimary(site, consents: random.once(in: 2)), apply(history)]
        case 19: return [.detach("\(site)/g0-west-east"), .setPrimary(site, consents: true), apply(history)]
        default: return [.takeWaysOut, apply(history)] + members.map { .revive($0) } + [apply(history)]
        }
    }

    /// Two groups change sides at once: one goes where the other one comes from.
    mutating func crossing(_ history: History) -> [Deed] {
        let families = history.families
        let site = random.pick(families[0].members)
        let other = random.pick(families[0].members.filter { $0 != site })
        var deeds: [Deed] = []
        for sides in [[site, other], [other, site]] {
            for (family, side) in zip(families, sides) {
                deeds.append(.setPrimary(side, of: family.name, consents: random.once(in: 5)))
            }
            if random.once(in: 3) { deeds.append(.override([.alive])) }
            deeds += traffic(history) + [apply(history)]
            if random.once(in: 3) { deeds += [.giveTokens, apply(history)] }
        }
        return deeds
    }

    private mutating func plainScene(_ history: History) -> [Deed] {
        let name = random.pick(Self.plainTopics)
        let edit: Deed =
            random.once(in: 2)
            ? .undeclare(topic: name)
            : .declare(topic: name, random.pick([.retain, .delete]), isProtected: random.once(in: 3))
        return [edit, .limitDeletions(random.pick([0, 1, 100]))]
            + (random.once(in: 2) ? [.undeclare(topic: random.pick(Self.plainTopics))] : [])
    }

    private mutating func topic(_ history: History) -> String {
        random.pick(history.groupTopics)
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
            switch random.pick(0...5) {
            case 0...1: .replicate(random.pick([1, 2, .max]))
            case 2: .background
            default: random.once(in: 4) ? history.commitDeed(topic(history)) : writeDeed(history)
            }
        }
    }

    private mutating func writeDeed(_ history: History) -> Deed {
        history.writeDeed(topic(history), isStale: random.once(in: 2))
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
        .write(binding: binding(of: topic), isStale: isStale, topic: topic)
    }

    /// A consumer of the binding of a topic's group commits.
    func commitDeed(_ topic: String) -> Deed { .commit(binding: binding(of: topic), topic: topic) }

    private func binding(of topic: String) -> String {
        topic.hasPrefix("f.") ? "bf" : "b" + topic.dropFirst().prefix { $0 != "." }
    }

    /// Topics of groups.
    var groupTopics: [String] {
        workspace.topics.values.filter { if case .failoverGroup = $0.home { true } else { false } }.map(\.topicName)
            .sorted()
    }

    /// Links into the secondaries that somebody made before, with features that manifests do not mention.
    fileprivate mutating func addLinks(of shape: HistoryGenerator.Shape) {
        let source = world.cluster("west", workspace)?.listed.id
        for site in HistoryGenerator.sites.prefix(shape.members).dropFirst() where !shape.isBidirectional {
            world.change(site, workspace) { cluster in
                cluster.links["legacy"] = ObservedLink(
                    name: "legacy", clusterLinkID: "legacy-\(site)", remoteClusterID: source, mode: .destination,
                    configs: [
                        "acl.sync.enable": "true", "acl.filters": #"{"aclFilters":[{"permissionType":"ANY"}]}"#,
                    ])
            }
        }
        note(.people)
    }
}
