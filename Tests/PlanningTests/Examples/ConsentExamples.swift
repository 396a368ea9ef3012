import Domain
import Planning
import Rendering
import Testing

/// A consent names what it kills: a member, an epoch, a ledger and the very topics.
@Suite struct ConsentExamples {
    private static func settled(
        topics: [String] = ["shop.a", "shop.b"], _ edit: @escaping (inout Workspace) -> Void = { _ in }
    ) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.reprotect = .recreate
            }
            for topic in topics { workspace.addTopic(topic, .failoverGroup("shop")) }
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
            edit(&workspace)
        }
        for topic in topics { example.write(topic, on: "west", 3) }
        example.world.replicate(example.workspace)
        return example
    }

    /// West is lost, east serves, `shop.b` stays behind, and west is back.
    private static func failedOverWithout(_ left: Set<String>) throws -> Example {
        var example = try settled()
        let west = try #require(example.world.cluster("west", example.workspace)).listed.id
        example.world.dead = [west]
        example.world.silent = [.controlPlane: .unreachable, .cluster("west"): .unreachable]
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        var options = PlanOptions()
        options.left = left
        try example.apply(options)
        example.world.dead = []
        example.world.silent = [:]
        try example.apply()
        return example
    }

    @Test("a topic that was left and is ended by hand later needs a token of its own, and is fenced before it is given")
    func leftTopic() throws {
        var example = try Self.failedOverWithout(["shop.b"])
        var leaving = PlanOptions()
        leaving.left = ["shop.b"]
        let first = try #require(example.plan().decisions.first)
        #expect(first.topics == ["shop.a"])
        let spent = try #require(first.token)
        example.edit { $0.discard = [spent] }
        try example.apply(leaving)
        try example.apply(leaving)
        #expect(example.world.cluster("west", example.workspace)?.mirrors.contains { $0.topic == "shop.a" } ?? false)
        example.world.settle(example.workspace)
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.b" {
                cluster.mirrors[index].status = .stopped
            }
        }
        let plan = example.plan()
        let second = try #require(plan.decisions.first, "\(plan.inWords)")
        #expect(second.topics == ["shop.b"])
        #expect(second.token != spent)
        #expect(!plan.steps.contains { if case .kafka(.deleteTopic) = $0.action { true } else { false } })
        let fence = example.world.cluster("west", example.workspace)?.denials ?? []
        #expect(Set(fence.map(\.resourceName)) == ["shop.b"], "as long as it is left, and since")
        #expect(plan.notes.map(\.reason).contains(.inertDiscard(token: spent, isUsed: true)), "\(plan.notes)")
        try example.apply()
        example.edit { $0.discard = [second.token ?? ""] }
        try example.apply()
        example.world.settle(example.workspace)
        try example.apply()
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
        #expect(example.world.cluster("west", example.workspace)?.denials == [])
    }

    @Test("a token that names other topics than those that would be destroyed is inert, and is told")
    func otherTopics() throws {
        var example = try Self.failedOverWithout(["shop.b"])
        let whole = try #require(try Self.failedOverWithout([]).plan().decisions.first?.token)
        example.edit { $0.discard = [whole] }
        let plan = example.plan()
        #expect(plan.decisions.map(\.topics) == [["shop.a"]])
        #expect(plan.notes.map(\.reason).contains(.inertDiscard(token: whole, isUsed: false)), "\(plan.notes)")
    }

    @Test("a consent that is in use goes on when the run that used it was killed, and is spent when all follow")
    func killed() throws {
        var example = try Self.failedOverWithout([])
        let token = try #require(example.plan().decisions.first?.token)
        example.edit { $0.discard = [token] }
        var moves = RecordedMoves()
        moves.learn(
            .discarding(token: token, copies: DiscardedCopies(of: ["b", "a"], on: "west")),
            at: Timestamp(milliseconds: 1))
        #expect(moves.discards == ["west": ["a", "b"]])
        let next = moves.token(for: ["a", "b"], on: "west", epoch: 1, ledger: "l")
        #expect(
            next != RecordedMoves().token(for: ["a", "b"], on: "west", epoch: 1, ledger: "l")
                || !token.hasPrefix("west@1-"))
        moves.learn(.returned(member: "west"), at: Timestamp(milliseconds: 2))
        #expect(moves.discards == [:])
        #expect(moves.discarded == [token])
        try example.apply()
        example.world.settle(example.workspace)
        try example.apply()
        #expect(example.world.ledger.moves["shop"]?.discards?["west"] == nil)
        #expect(example.plan().decisions.isEmpty)
    }

    @Test("tokens differ by member, epoch, ledger, topics and what was used before, and not by order")
    func distinct() {
        let moves = RecordedMoves()
        var used = RecordedMoves()
        used.discarded = ["west@1-0"]
        let tokens = [
            moves.token(for: ["a"], on: "west", epoch: 1, ledger: "l"),
            moves.token(for: ["a"], on: "east", epoch: 1, ledger: "l"),
            moves.token(for: ["a"], on: "west", epoch: 2, ledger: "l"),
            moves.token(for: ["a"], on: "west", epoch: 1, ledger: "m"),
            moves.token(for: ["a", "b"], on: "west", epoch: 1, ledger: "l"),
            moves.token(for: ["ab"], on: "west", epoch: 1, ledger: "l"),
            used.token(for: ["a"], on: "west", epoch: 1, ledger: "l"),
        ]
        #expect(Set(tokens).count == tokens.count)
        #expect(
            moves.token(for: ["b", "a"], on: "west", epoch: 1, ledger: "l")
                == moves.token(for: ["a", "b"], on: "west", epoch: 1, ledger: "l"))
    }

    @Test("copies without lineage are mirrored anew by the token that the plan with the flag prints, of epoch 0")
    func withoutLineage() throws {
        var example = try Self.settled()
        example.change("east") { cluster in
            cluster.mirrors = []
            cluster.links = [:]
        }
        #expect(example.plan().refusals.map(\.gate) == [.transition])
        var options = PlanOptions()
        options.withoutLineage = ["east"]
        let asked = example.plan(options)
        let token = try #require(asked.decisions.first?.token, "\(asked.inWords)")
        #expect(token.hasPrefix("east@0-"))
        try example.apply(options)
        example.edit { $0.discard = [token] }
        #expect(example.plan(options).decisions.isEmpty)
        try example.apply(options)
        example.world.settle(example.workspace)
        #expect(
            Set(example.world.cluster("east", example.workspace)?.mirrors.map(\.topic) ?? []) == ["shop.a", "shop.b"])
    }

    // MARK: Leaving

    @Test("leaving every topic behind is no move, and neither is leaving one without a copy that clients use")
    func leaveEverything() throws {
        var example = try Self.settled()
        example.setPrimary("east")
        var options = PlanOptions()
        options.left = ["shop.a", "shop.b"]
        let all = example.plan(options)
        #expect(all.refusals.map(\.gate) == [.candidate])
        #expect(all.refusals.first?.message.contains("every topic would be left behind") ?? false)
        #expect(all.moves.isEmpty)
        options.left = ["shop.a"]
        #expect(example.plan(options).refusals.map(\.message) == [])
        example.change("east") { cluster in
            cluster.topics["shop.a"] = nil
            cluster.mirrors.removeAll { $0.topic == "shop.a" }
        }
        let absent = example.plan(options)
        #expect(absent.refusals.first?.message.contains("shop.a has no copy, and --leave would send") ?? false)
        #expect(absent.refusals.first?.wayOut.hasPrefix("put `primary` back to west") ?? false)
        let plain = example.plan()
        #expect(plain.refusals.first?.wayOut.hasPrefix("put `primary` back to west") ?? false)
        #expect(!(plain.refusals.first?.wayOut.contains("--leave") ?? true))
        example.setPrimary("west")
        try example.apply()
        example.world.settle(example.workspace)
        example.setPrimary("east")
        #expect(example.plan().refusals.map(\.message) == [], "as printed: back, apply, and then again")
    }

    @Test("a stale copy and a stranger stay refused when they are left behind")
    func leaveJudged() throws {
        var example = try Self.settled()
        example.setPrimary("east")
        var options = PlanOptions()
        options.left = ["shop.a"]
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.a" {
                cluster.mirrors[index].status = .stopped
            }
        }
        #expect(example.plan(options).refusals.map(\.gate) == [.candidate])
        example.change("east") { cluster in cluster.mirrors.removeAll { $0.topic == "shop.a" } }
        #expect(example.plan(options).refusals.map(\.gate) == [.candidate])
    }

    @Test("a move without any topic is fenced, compared and recorded as past before it serves")
    func emptySet() throws {
        var example = try Self.settled(topics: [])
        example.setPrimary("east")
        let plan = example.plan()
        let served = try #require(plan.step("group/shop#served"), "\(plan.inWords)")
        let publish = try #require(plan.step("binding/checkout/0#publish"))
        #expect(served.after.map(\.description).contains("group/shop#past"))
        #expect(publish.after.map(\.description).contains("group/shop#served"))
        #expect(
            plan.step("group/shop#past")?.after.map(\.description).contains("group/shop#verify-fence-west") ?? false)
    }

    // MARK: Ways out

    @Test("a fence that a follower lacks is told of the follower, at its place")
    func followerWithoutFence() throws {
        var example = try Self.settled { workspace in
            workspace.addGroup("orders", primary: "west", ["west", "east"])
            workspace.failoverGroups["orders"]?.placement = .follows("shop")
            workspace.addTopic("orders.a", .failoverGroup("orders"))
        }
        example.world.settle(example.workspace)
        example.setPrimary("east")
        let refusal = try #require(example.plan().refusals.first { $0.gate == .fence })
        #expect(refusal.message.contains("group orders: nothing keeps its producers"))
        #expect(refusal.origin == ManifestOrigin("FailoverGroup", "orders", "spec.fence"))
        example.edit("orders") { group in
            group.fence = FailoverGroupSpec.Fence()
            group.fence?.denyWrites = ["User:*"]
        }
        #expect(example.plan().refusals.map(\.message) == [])
    }

    @Test("a throttled primary is alive, one that answers what cannot be used is in doubt, and silence is death")
    func alive() throws {
        var example = try Self.settled()
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        example.world.silent = [.cluster("west"): .throttled]
        let throttled = example.plan()
        #expect(throttled.refusals.map(\.gate) == [.alive])
        #expect(throttled.refusals.first?.message.contains("asks to be asked later (429)") ?? false)
        #expect(throttled.refusals.first?.wayOut.hasPrefix("plan with --override Alive") ?? false)
        #expect(example.plan(PlanOptions(overrides: [.alive])).moves.map(\.kind) == [.failover])
        example.world.silent = [.cluster("west"): .denied]
        let denied = example.plan()
        #expect(denied.refusals.map(\.message) == [])
        #expect(denied.moves.first?.warnings.contains("west answers HTTP 403, and nothing arrives from it") ?? false)
        example.write("shop.a", on: "west", 1)
        #expect(example.plan().refusals.map(\.gate) == [.alive], "records arrive from it")
        example.world.replicate(example.workspace)
        example.world.silent = [.cluster("west"): .unreachable]
        #expect(example.plan().refusals.map(\.message) == [])
    }

    @Test("a switchover that only the old registry hinders is led out of by a consent and an override, as printed")
    func darkRegistry() throws {
        var example = try Self.settled { workspace in
            workspace.failoverGroups["shop"]?.schemas = SchemaSettings(subjects: ["*"])
        }
        example.world.silent = [.registry("env-west"): .unreachable]
        example.setPrimary("east")
        let refused = try #require(example.plan().refusals.first { $0.gate == .members })
        #expect(refused.wayOut.contains("`failover: {from: west, incident: …}`"))
        #expect(refused.wayOut.contains("--override Alive"))
        example.edit { $0.failover = .init(from: "west", incident: "INC-1") }
        let circle = try #require(example.plan().refusals.first)
        #expect(circle.gate == .alive)
        #expect(circle.wayOut.hasPrefix("plan with --override Alive"), "a switchover is not possible: \(circle.wayOut)")
        #expect(example.plan(PlanOptions(overrides: [.alive])).refusals.map(\.message) == [])
        example.edit { $0.failover = nil }
        example.world.silent = [.registry("env-east"): .unreachable]
        let target = try #require(example.plan().refusals.first { $0.gate == .members })
        #expect(!target.wayOut.contains("failover:"), "a failover needs the new side as well: \(target.wayOut)")
    }

    @Test("a consent on the command line directs the failover without an edit, and says what to commit")
    func failoverByFlag() throws {
        var example = try Self.settled()
        let west = try #require(example.world.cluster("west", example.workspace)).listed.id
        example.world.dead = [west]
        example.world.silent = [.controlPlane: .unreachable, .cluster("west"): .unreachable]
        var options = PlanOptions()
        options.failovers["shop"] = .init(member: "east", incident: "INC-1")
        let plan = example.plan(options)
        #expect(plan.moves.map(\.kind) == [.failover])
        #expect(plan.moves.first?.followedBy.first?.contains("commit `primary: east`") ?? false)
        try example.apply(options)
        #expect(example.world.stores[ResourceAddress(.binding, "checkout/0")]?.bookkeeping?.primary == "east")
        #expect(example.plan(options).moves.isEmpty)
        let back = example.plan()
        #expect(back.refusals.first?.gate == .members)
        #expect(back.refusals.first?.wayOut.contains("`primary` back to east") ?? false)
    }

    @Test("promotions that a killed run named are waited for, without a fence or a drain that nothing can prove")
    func underWay() throws {
        var shape = HistoryGenerator.Shape()
        (shape.movesSchemas, shape.canary) = (false, false)
        var history = HistoryGenerator.settled(shape)
        history.perform(.setPrimary("east", consents: false))
        let end =
            history.plan().steps.firstIndex { if case .move(.endMirrors) = $0.action { true } else { false } } ?? 0
        history.perform(.apply(.init(step: end, manner: .before, kills: true), order: nil, []))
        for topic in ["g0.t0", "g0.t1"] { history.perform(.status("east", topic, .pendingStopped)) }
        let plan = history.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.steps.contains { if case .move(.endMirrors) = $0.action { true } else { false } })
        #expect(!plan.steps.contains { if case .move(.drain) = $0.action { true } else { false } })
        #expect(!plan.steps.contains { if case .move(.verifyFence) = $0.action { true } else { false } })
        #expect(!plan.stepIDs.contains("group/g0#past"), "an earlier run passed it")
        history.perform(.apply(nil, order: nil, []))
        #expect(history.world.stores[ResourceAddress(.binding, "b0/0")]?.bookkeeping?.primary == "east")
    }

    @Test("after the claim to a store was given up, the epoch that another ledger published is taken over")
    func forgotten() throws {
        var example = try Self.settled()
        example.setPrimary("east")
        try example.apply()
        let address = ResourceAddress(.binding, "checkout/0")
        example.world.stores[address]?.bookkeeping?.ledger = "another"
        let refused = try #require(example.plan().refusals.first)
        #expect(refused.gate == .ownership)
        #expect(refused.wayOut.contains("spillway state adopt-epoch \(address)"))
        example.world.ledger.owned[address] = nil
        #expect(example.plan().refusals.map(\.message) == [])
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
            #expect(example.plan().refusals.map(\.message) == [])
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
    }
}
