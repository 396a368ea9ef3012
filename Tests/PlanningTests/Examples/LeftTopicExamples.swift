import Domain
import Planning
import Rendering
import Testing

/// What a move left behind is written by nobody, and comes with the first plan that nothing keeps from bringing it.
@Suite struct LeftTopicExamples {
    /// East serves; `shop.b` was left on west, from where east mirrors it.
    private static func left(bidirectional: Bool = false) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.reprotect = .recreate
                if bidirectional { group.link.mode = .bidirectional }
            }
            for topic in ["shop.a", "shop.b"] { workspace.addTopic(topic, .failoverGroup("shop")) }
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
        for topic in ["shop.a", "shop.b"] { example.write(topic, on: "west", 3) }
        example.world.replicate(example.workspace)
        example.setPrimary("east")
        for _ in 0..<3 {
            try example.apply(Self.leaving)
            example.world.settle(example.workspace)
        }
        return example
    }

    private static var leaving: PlanOptions {
        var options = PlanOptions()
        options.left = ["shop.b"]
        return options
    }

    private static let move = RefusedMove(.switchover, from: "west", to: "east")

    private static func fenced(_ example: Example) -> Set<String> {
        Set(example.world.cluster("west", example.workspace)?.denials.map(\.resourceName) ?? [])
    }

    private static func live(_ example: Example, on cluster: String) -> Set<String> {
        Set(
            example.world.cluster(cluster, example.workspace)?.mirrors.filter { $0.status != .stopped }.map(\.topic)
                ?? [])
    }

    @Test("writers are kept from the topic, and from no other, while it is left", arguments: [false, true])
    func fence(isBidirectional: Bool) throws {
        let example = try Self.left(bidirectional: isBidirectional)
        #expect(Self.live(example, on: "west") == ["shop.a"])
        #expect(Self.live(example, on: "east") == ["shop.b"])
        #expect(Self.fenced(example) == ["shop.b"])
        let again = example.plan(Self.leaving)
        #expect(again.isEmpty, "\(again.inWords)")
        #expect(again.notes.map(\.reason).contains(.leftBehind(["shop.b"], by: Self.move, .option)))
    }

    @Test("consumers that are active where clients are keep it from nothing; another failing task does")
    func brokenTasks() throws {
        var example = try Self.left()
        for (code, isBrought) in [("CONSUMER_GROUP_IN_USE_ERROR", true), ("POLICY_VIOLATION_ERROR", false)] {
            example.change("east") { east in
                for name in east.links.keys {
                    east.links[name]?.tasks = [
                        .init(name: "ConsumerOffsetSync", state: .inError, errors: ["\(code): no"], codes: [code])
                    ]
                }
            }
            #expect(example.plan().moves.isEmpty != isBrought, "\(example.plan().inWords)")
        }
    }

    @Test("the next plan brings it like any switchover, and it is protected afterwards", arguments: [false, true])
    func brought(isBidirectional: Bool) throws {
        var example = try Self.left(bidirectional: isBidirectional)
        let plan = example.plan()
        let move = try #require(plan.moves.first, "\(plan.inWords)")
        #expect(move.from == "west" && move.to == "east" && move.kind == .switchover && move.bringsTheRest)
        let verbs = plan.steps.map(\.verb)
        let order = ["open", "verify-fence-west", "past", "served"].map { verbs.firstIndex(of: $0) ?? -1 }
        #expect(order == order.sorted() && !order.contains(-1), "\(verbs)")
        #expect(!plan.steps.contains { if case .registry(.setRegistryMode) = $0.action { true } else { false } })
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
        #expect(Self.live(example, on: "west") == ["shop.a", "shop.b"])
        #expect(Self.live(example, on: "east") == [])
        #expect(Self.fenced(example) == [])
        #expect(example.plan().groups.first?.left == [])
    }

    @Test(
        "while it does not follow, it stays, the others are worked on, and the plan says what keeps it",
        arguments: [MirrorStatus.failed, .pendingStopped, .sourceUnavailable])
    func kept(status: MirrorStatus) throws {
        var example = try Self.left()
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.b" {
                cluster.mirrors[index].status = status
            }
        }
        let plan = example.plan()
        #expect(plan.isEmpty, "\(plan.inWords)")
        #expect(
            plan.notes.map(\.reason).contains(.leftBehind(["shop.b"], by: Self.move, .stuck(["shop.b": status]))),
            "\(plan.notes)")
        #expect(plan.groups.first?.left == ["shop.b"])
        #expect(plan.groups.first?.stuck == ["shop.b": status])
    }

    @Test("one that is being made goes on by itself, and nobody is asked to mend it")
    func onItsWay() throws {
        var example = try Self.left()
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.b" {
                cluster.mirrors[index].status = .pendingMirror
            }
        }
        let plan = example.plan()
        #expect(
            plan.notes.map(\.reason).contains(
                .leftBehind(["shop.b"], by: Self.move, .unsettled(["shop.b": .pendingMirror]))))
        #expect(plan.groups.first?.stuck == [:])
    }

    @Test("where clients have nothing else to write to, what keeps it is refused with its way out, not noted")
    func everything() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                group.fence = FailoverGroupSpec.Fence()
                group.fence?.denyWrites = ["User:*"]
                group.link.mode = .bidirectional
            }
            workspace.addTopic("shop.a", .failoverGroup("shop"))
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
        // The switchover to east was killed before clients moved, and the ledger was lost with it.
        example.setPrimary("east")
        try Run(example.workspace).apply(to: &example.world, killedBefore: "group/shop#served")
        example.world.settle(example.workspace)
        example.world.ledger = Recorded(ledgerID: "ledger-2")
        example.setPrimary("west")
        let refused = try (0..<3).map { _ in try example.apply() }
        #expect(refused.allSatisfy { $0.refusals.map(\.gate) == [.clients] }, "\(refused.map(\.inWords))")
        example.change("west") { $0.denials = [] }
        #expect(example.plan().moves.first?.bringsTheRest == true, "\(example.plan().inWords)")
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
    }

    @Test("one that somebody paused is resumed, drained and brought like any other")
    func paused() throws {
        var example = try Self.left()
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.b" {
                cluster.mirrors[index].status = .paused
            }
        }
        example.write("shop.b", on: "west", 2)
        let plan = example.plan()
        #expect(plan.moves.first?.bringsTheRest == true, "\(plan.inWords)")
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
        #expect(Self.live(example, on: "east") == [])
        #expect(example.world.cluster("east", example.workspace)?.records["shop.b"]?.count == 5)
    }

    @Test("what the move did to mirrors and links is no drift, and what somebody did is", arguments: [false, true])
    func drift(isBidirectional: Bool) throws {
        var example = try Self.left(bidirectional: isBidirectional)
        func drifted() -> [String] {
            Drift.compare(example.world.ledger, with: example.world.observation(example.workspace)).findings
                .map(\.address.description)
        }
        #expect(drifted() == [])
        example.change("west") { west in
            for index in west.mirrors.indices { west.mirrors[index].status = .stopped }
        }
        #expect(drifted() == ["mirror/west/shop.a"])
    }

    @Test("while the side that serves is not seen, nothing is unfenced and nobody is told to destroy the only copy")
    func unseen() throws {
        var example = try Self.left()
        example.world.silent = [.cluster("east"): .unreachable]
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.steps.isEmpty, "\(plan.inWords)")
        try example.apply()
        #expect(Self.fenced(example) == ["shop.b"])
    }

    @Test("the way back is open: the topic is at home there")
    func back() throws {
        var example = try Self.left()
        example.setPrimary("west")
        #expect(example.plan().refusals.map(\.message) == [])
        for _ in 0..<3 {
            try example.apply()
            example.world.settle(example.workspace)
        }
        #expect(example.plan().isEmpty, "\(example.plan().inWords)")
        #expect(Self.live(example, on: "east") == ["shop.a", "shop.b"])
        #expect(Self.live(example, on: "west") == [])
        #expect(Self.fenced(example) == [])
    }

    @Test("bringing it is taken back by leaving it where it is, and never by moving the others")
    func takenBack() throws {
        var example = try Self.left()
        example.world.learn(try #require(example.plan().steps.first { $0.verb == "open" }))
        var options = PlanOptions()
        options.reverted = ["shop"]
        let plan = example.plan(options)
        #expect(plan.moves.isEmpty && plan.refusals.isEmpty, "\(plan.inWords)")
        try example.apply(options)
        #expect(example.world.ledger.moves["shop"]?.open == nil)
        #expect(Self.live(example, on: "east") == ["shop.b"])
        #expect(Self.fenced(example) == ["shop.b"])
    }
}
