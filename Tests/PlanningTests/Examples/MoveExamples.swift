import Domain
import Planning
import Rendering
import Testing

/// Moves of one group between two members, step by step.
@Suite struct MoveExamples {
    private static func shop(
        _ edit: @escaping (inout FailoverGroupSpec) -> Void = { _ in }
    ) -> (inout Workspace) -> Void {
        { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { group in
                var fence = FailoverGroupSpec.Fence()
                fence.denyWrites = ["User:*"]
                group.fence = fence
                group.reprotect = .recreate
                group.schemas = SchemaSettings(subjects: ["*"])
                group.canary = "shop.orders"
                edit(&group)
            }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
            workspace.addTopic("shop.carts", .failoverGroup("shop"))
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            }
        }
    }

    private static func settled(
        _ edit: @escaping (inout FailoverGroupSpec) -> Void = { _ in }
    ) throws -> Example {
        var example = try Example.applied(shop(edit))
        example.write("shop.orders", on: "west", 3)
        example.world.replicate(example.workspace)
        return example
    }

    @Test("a switchover fences, drains, promotes, opens the registry, publishes, and then mirrors the old side anew")
    func switchover() throws {
        var example = try Self.settled()
        example.setPrimary("east")
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.moves.map(\.kind) == [.switchover])
        #expect(
            plan.stepIDs.map { $0.replacing("group/shop#", with: "") } == [
                "cross-shop.orders", "open", "fencing-west", "fence-west", "registry-readonly-env-west.",
                "verify-fence-west",
                "drain-shop-west-east", "compare-schemas", "pause-exporter-shop", "past", "promote-shop-west-east",
                "quieten-offsets-shop-west-east", "registry-readwrite-env-east.", "canary-shop.orders", "served",
                "binding/checkout/0#publish",
            ])
        try example.apply()
        #expect(example.world.stores[ResourceAddress(.binding, "checkout/0")]?.bookkeeping?.primary == "east")
        #expect(example.world.stores[ResourceAddress(.binding, "checkout/0")]?.bookkeeping?.epoch == 1)
        #expect(
            example.plan().effects == [
                "delete link/east/shop-west-east", "create link/west/shop-east-west",
                "replace mirror/west/shop.carts", "replace mirror/west/shop.orders", "update mode/env-west/.",
                "create exporter/env-east/shop", "delete exporter/env-west/shop", "delete fence/west/shop/lift",
            ])
        try example.apply()
        #expect(example.plan().isEmpty)
        #expect(example.world.ledger.moves["shop"]?.open == nil)
        #expect(example.world.ledger.moves["shop"]?.fences == [:])
    }

    @Test("a complete fence is tried with the keys of the applications, where a canary and keys are declared")
    func attempts() throws {
        func attempts(_ principals: [String], canary: String?) throws -> [FenceProof.Attempt] {
            var example = try Self.settled { group in
                group.fence?.denyWrites = principals
                group.canary = canary
            }
            let key = Credentials(signIn: .apiKey(key: .environment("K"), secret: .environment("S")))
            for member in ["west", "east"] {
                example.workspace.clientBindings["checkout"]?.credentials[member] = .init(kafka: key)
            }
            example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: ["west", "east"])
            return example.plan().steps.compactMap { step -> [FenceProof.Attempt]? in
                if case .move(.verifyFence(let proof)) = step.action { proof.attempts } else { nil }
            }.flatMap { $0 }
        }
        let all = [FenceProof.Attempt(binding: "checkout", topic: "shop.orders")]
        #expect(try attempts(["User:*"], canary: "shop.orders") == all)
        #expect(try attempts(["User:sa-1"], canary: "shop.orders") == [], "whose key it is, is not known")
        #expect(try attempts(["User:*"], canary: nil) == [])
    }

    @Test("a failover goes on with the survivor alone; the old side is left until it answers, and then until a token")
    func failover() throws {
        var example = try Self.settled()
        let west = try #require(example.world.cluster("west", example.workspace)).listed.id
        example.world.dead = [west]
        example.world.silent = [
            .controlPlane: .unreachable, .cluster("west"): .unreachable, .registry("env-west"): .unreachable,
        ]
        example.setPrimary("east") { $0.failover = .init(from: "west", incident: "INC-1") }
        let plan = example.plan()
        #expect(plan.refusals.map(\.message) == [])
        #expect(plan.moves.map(\.kind) == [.failover])
        #expect(
            plan.stepIDs.map { $0.replacing("group/shop#", with: "") } == [
                "open", "past", "failover-shop-west-east", "quieten-offsets-shop-west-east",
                "registry-readwrite-env-east.", "canary-shop.orders", "served", "binding/checkout/0#publish",
            ])
        try example.apply()
        #expect(example.plan().effects == [])
        #expect(example.plan().deferred.map(\.address.description) == ["group/shop/return-west"])
        example.world.silent = [:]
        let token = try #require(example.plan().decisions.first?.token)
        #expect(token.hasPrefix("west@1-"))
        #expect(example.plan().decisions.map(\.wayOut) == ["to destroy them: `discard: [\(token)]`"])
        #expect(
            example.plan().effects == [
                "update mode/env-west/.", "update exporter/env-west/shop", "create fence/west/shop",
            ])
        try example.apply()
        #expect(example.plan().effects == [])
        #expect(example.plan().decisions.count == 1)
        example.edit { $0.discard = [token] }
        #expect(example.plan().effects.filter { $0.hasPrefix("replace") }.count == 2)
        try example.apply()
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("mirrors whose source has lost its half of the link are promoted, for a reverse needs both")
    func lostHalf() throws {
        var example = try Self.settled {
            $0.link.mode = .bidirectional
            $0.reprotect = .restore
        }
        example.change("west") { $0.links = [:] }
        example.setPrimary("east")
        #expect(example.plan().refusals.map(\.message) == [])
        #expect(example.plan().stepIDs.contains("group/shop#promote-shop-east-west"))
        try example.apply()
        #expect(example.plan().stepIDs.contains("link/west/shop-east-west#create"))
        for _ in 0..<2 { try example.apply() }
        #expect(example.plan().isEmpty)
    }

    @Test("a bidirectional switchover reverses, and both ways keep every record")
    func reverse() throws {
        var example = try Self.settled { $0.link.mode = .bidirectional }
        example.setPrimary("east")
        #expect(example.plan().refusals.map(\.message) == [])
        #expect(example.plan().stepIDs.contains("group/shop#reverse-shop-east-west"))
        try example.apply()
        #expect(
            example.plan().effects == [
                "update mode/env-west/.", "create exporter/env-east/shop", "delete exporter/env-west/shop",
                "delete fence/west/shop/lift",
            ])
        try example.apply()
        #expect(example.plan().isEmpty)
        example.setPrimary("west")
        #expect(example.plan().refusals.map(\.message) == [])
        try example.apply()
        try example.apply()
        #expect(example.plan().isEmpty)
    }
}

extension Example {
    /// Records that a client writes.
    mutating func write(_ topic: String, on cluster: String, _ count: Int) {
        change(cluster) { cluster in
            for _ in 0..<count { cluster.records[topic, default: []].append((cluster.records[topic]?.count ?? 0) + 1) }
        }
    }

    mutating func edit(_ group: String = "shop", _ edit: (inout FailoverGroupSpec) -> Void) {
        guard var spec = workspace.failoverGroups[group] else { return }
        edit(&spec)
        workspace.failoverGroups[group] = spec
    }

    mutating func setPrimary(_ member: String, _ edit: (inout FailoverGroupSpec) -> Void = { _ in }) {
        self.edit { group in
            group.failover = nil
            if case .declared(_, let members) = group.placement {
                group.placement = .declared(primary: member, members: members)
            }
            edit(&group)
        }
    }
}

extension Plan {
    /// Changes by what they do, without fields.
    var effects: [String] { changes.map { "\($0.effect.rawValue) \($0.address)" } }
}
