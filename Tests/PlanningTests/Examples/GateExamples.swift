import Domain
import Planning
import Rendering
import Testing

/// Gates of a move: each refuses with its own message, place and way out, and the way out works.
@Suite struct GateExamples {
    private static func example(
        _ edit: @escaping (inout Workspace) -> Void = { _ in }
    ) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            for group in ["shop", "audit"] {
                workspace.addGroup(group, primary: "west", ["west", "east"]) { spec in
                    var fence = FailoverGroupSpec.Fence()
                    fence.denyWrites = ["User:*"]
                    spec.fence = fence
                }
                workspace.addTopic("\(group).a", .failoverGroup(group))
            }
            workspace.addBinding("checkout", .failoverGroup("shop")) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
                $0.uses = ["audit"]
            }
            edit(&workspace)
        }
        example.world.replicate(example.workspace)
        return example
    }

    private static func move(_ groups: [String], in example: inout Example) {
        for group in groups {
            example.workspace.failoverGroups[group]?.placement = .declared(primary: "east", members: ["west", "east"])
        }
    }

    @Test("an application that uses two groups is not split: they move together or not at all")
    func split() throws {
        var example = try Self.example()
        Self.move(["shop"], in: &example)
        let alone = example.plan()
        #expect(alone.refusals.map(\.gate) == [.split])
        #expect(
            alone.refusals.first?.message
                == "Switchover from west to east: application checkout uses audit too, which stays on west: it would "
                + "find its topics on two sides")
        #expect(alone.moves.isEmpty)
        Self.move(["audit"], in: &example)
        #expect(example.plan().refusals.isEmpty)
        #expect(example.plan().moves.map(\.family) == ["audit", "shop"])
    }

    @Test("a group that is refused keeps the other group of the same application where it is")
    func splitByRefusal() throws {
        var example = try Self.example { $0.addTopic("audit.b", .failoverGroup("audit")) }
        Self.move(["shop", "audit"], in: &example)
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "audit.a" {
                cluster.mirrors[index].status = .failed
            }
        }
        let plan = example.plan()
        #expect(Set(plan.refusals.map(\.gate)) == [.candidate, .split])
        #expect(plan.moves.isEmpty)
        var options = PlanOptions()
        options.left = ["audit.a"]
        #expect(example.plan(options).moves.count == 2)
        options.left = ["audit.a", "audit.b"]
        #expect(
            example.plan(options).moves.isEmpty, "a move that leaves every topic sends clients away from all of them")
    }

    @Test("a new primary that is not up, or would take no write, is refused; the override lets it pass")
    func health() throws {
        var example = try Self.example()
        Self.move(["shop", "audit"], in: &example)
        example.change("east") { $0.listed.phase = .failed }
        let plan = example.plan()
        #expect(Set(plan.refusals.map(\.gate)).isSuperset(of: [.health]))
        #expect(plan.moves.isEmpty)
        let override = PlanOptions(overrides: [.health])
        #expect(example.plan(override).moves.count == 2)
        example.change("east") { cluster in
            cluster.listed.phase = .provisioned
            cluster.configs["shop.a"] = ["min.insync.replicas": "4"]
        }
        #expect(
            example.plan().refusals.contains {
                $0.message.contains("`min.insync.replicas` is greater than the replication factor of shop.a")
            })
    }

    @Test("credentials that the new primary refuses, or that cannot be read, keep clients where they are")
    func clients() throws {
        var example = try Self.example { workspace in
            let keys = Credentials(signIn: .apiKey(key: .environment("K"), secret: .environment("S")))
            for site in ["west", "east"] {
                workspace.clientBindings["checkout"]?.credentials[site] = .init(kafka: keys)
            }
        }
        Self.move(["shop", "audit"], in: &example)
        #expect(example.plan().refusals.isEmpty)
        example.world.refusedSignIns["checkout"] = "the cluster refuses its credentials"
        let refused = example.plan().refusals.filter { $0.gate == .clients }
        #expect(
            refused.map(\.message) == [
                "Switchover from west to east: clients could not work on east: checkout: the cluster refuses its credentials"
            ])
        #expect(example.plan(PlanOptions(overrides: [.clients])).moves.count == 2)
        example.world.refusedSignIns = [:]
        let unread = example.plan { input in
            input.secrets.unresolvedBindings["checkout"] = UnresolvedSecret(
                reference: .environment("K"), reason: "environment variable K is not set")
        }
        #expect(unread.refusals.contains { $0.message.contains("checkout: environment variable K is not set") })
    }

    @Test("what could not be seen of a new primary keeps clients from a switchover, and is said of a failover")
    func clientsUnseen() throws {
        var example = try Self.example { workspace in
            let keys = Credentials(signIn: .apiKey(key: .environment("K"), secret: .environment("S")))
            workspace.clientBindings["checkout"]?.credentials["east"] = .init(kafka: keys)
        }
        Self.move(["shop", "audit"], in: &example)
        func hidden(_ input: inout PlanInput) {
            input.observation.clusters["east"] = input.observation.clusters["east"]?.snapshot.map { snapshot in
                var snapshot = snapshot
                snapshot.denials = nil
                return .reachable(snapshot)
            }
        }
        func untried(_ input: inout PlanInput) {
            input.answers[.signIn(binding: "checkout", cluster: "east")] = .unanswered("timed out")
        }
        for (unseen, words) in [(hidden, "its entries may not be read"), (untried, "its sign-in could not be tried")] {
            let refused = example.plan(PlanOptions(), unseen).refusals.filter { $0.gate == .clients }
            #expect(!refused.isEmpty && refused.allSatisfy { $0.message.contains(words) }, "\(refused)")
            #expect(example.plan(PlanOptions(overrides: [.clients]), unseen).moves.count == 2)
        }
        for group in ["shop", "audit"] {
            example.workspace.failoverGroups[group]?.failover = .init(from: "west", incident: "INC-1")
        }
        let failover = example.plan(PlanOptions(overrides: [.alive]), hidden)
        #expect(failover.refusals.isEmpty)
        #expect(failover.moves.allSatisfy { $0.warnings.contains { $0.contains("its entries may not be read") } })
    }

    @Test("clients that could not be told where the new primary is keep a switchover from being made, not a failover")
    func unrendered() throws {
        var example = try Self.example { workspace in
            workspace.clientBindings["checkout"]?.properties["schema.registry.url"] = "${schemaRegistry.endpoint}"
        }
        Self.move(["shop", "audit"], in: &example)
        #expect(example.plan().refusals.isEmpty)
        func withoutRegistry(_ input: inout PlanInput) {
            input.observation.sites.environments["env-east"]?.registryEndpoint = nil
        }
        let refused = example.plan(PlanOptions(), withoutRegistry)
        #expect(
            refused.refusals.filter { $0.gate == .clients }.map(\.message) == [
                "Switchover from west to east: clients could not be told where to go: checkout: "
                    + "${schemaRegistry.endpoint} has no value: the Schema Registry of environment env-east is not known"
            ])
        #expect(!refused.moves.contains { $0.family == "shop" })
        #expect(example.plan(PlanOptions(overrides: [.clients]), withoutRegistry).moves.count == 2)
        for group in ["shop", "audit"] {
            example.workspace.failoverGroups[group]?.failover = .init(from: "west", incident: "INC-1")
        }
        let failover = example.plan(PlanOptions(overrides: [.alive]), withoutRegistry)
        #expect(failover.refusals.isEmpty)
        let shop = try #require(failover.moves.first { $0.family == "shop" })
        #expect(shop.warnings.contains { $0.hasPrefix("clients: checkout: ${schemaRegistry.endpoint} has no value") })
    }

    @Test("a failover goes on without the credentials, and says which clients will not work")
    func clientsInFailover() throws {
        var example = try Self.example()
        Self.move(["shop", "audit"], in: &example)
        for group in ["shop", "audit"] {
            example.workspace.failoverGroups[group]?.failover = .init(from: "west", incident: "INC-1")
        }
        example.world.dead = [try #require(example.world.cluster("west", example.workspace)).listed.id]
        example.world.silent = [.controlPlane: .unreachable, .cluster("west"): .unreachable]
        let plan = example.plan { input in
            input.secrets.unresolvedBindings["checkout"] = UnresolvedSecret(
                reference: .environment("K"), reason: "environment variable K is not set")
        }
        #expect(plan.refusals.isEmpty)
        let shop = try #require(plan.moves.first { $0.family == "shop" })
        #expect(shop.warnings.contains("clients: checkout: environment variable K is not set"))
    }

    @Test("a link is deleted by force only when it is asked for, carries nobody else's mirrors, and its cost is told")
    func detach() throws {
        var example = try Self.example()
        Self.move(["shop", "audit"], in: &example)
        for group in ["shop", "audit"] {
            example.workspace.failoverGroups[group]?.failover = .init(from: "west", incident: "INC-1")
        }
        example.world.dead = [try #require(example.world.cluster("west", example.workspace)).listed.id]
        example.world.silent = [.controlPlane: .unreachable, .cluster("west"): .unreachable]
        example.change("east") { cluster in
            for index in cluster.mirrors.indices where cluster.mirrors[index].topic == "shop.a" {
                cluster.mirrors[index].status = .pendingRestore
            }
        }
        let refused = try #require(example.plan().refusals.first { $0.gate == .candidate })
        #expect(refused.message.contains("--detach east/shop-west-east"))
        var options = PlanOptions()
        options.detached = ["east/shop-west-east"]
        let plan = example.plan(options)
        #expect(plan.refusals.isEmpty)
        #expect(plan.stepIDs.contains("group/shop#detach-shop-west-east"))
        #expect(plan.flags == ["--detach east/shop-west-east"])
        let shop = try #require(plan.moves.first { $0.family == "shop" })
        #expect(shop.warnings.contains { $0.hasPrefix("link shop-west-east is deleted by force: 1 mirrors") })
        try example.apply(options)
        let east = try #require(example.world.cluster("east", example.workspace))
        #expect(east.links["shop-west-east"] == nil && east.isWritable("shop.a"))
        #expect(example.world.stores[ResourceAddress(.binding, "checkout/0")]?.bookkeeping?.primary == "east")
    }

    @Test("a move says how long it is expected to take until clients are moved")
    func expected() throws {
        var example = try Self.example()
        Self.move(["shop", "audit"], in: &example)
        let expected = try #require(example.plan().moves.first { $0.family == "shop" }?.expected)
        #expect(expected > .seconds(10) && expected < .seconds(120))
        for group in ["shop", "audit"] { example.workspace.failoverGroups[group]?.fence?.quiet = .seconds(60) }
        let longer = try #require(example.plan().moves.first { $0.family == "shop" }?.expected)
        #expect(longer - expected == .seconds(50))
    }
}
