import Domain
import Planning
import Testing

@Suite struct BindingExamples {
    private let first = ResourceAddress(.binding, "checkout/0")
    private let second = ResourceAddress(.binding, "checkout/1")

    private func checkout(
        files: [PublishedContents] = [.properties, .properties], _ edit: (inout ClientBindingSpec) -> Void = { _ in }
    ) throws -> Example {
        try Example.applied { workspace in
            workspace.addGroup("shop", primary: "west", ["west", "east"])
            workspace.addBinding("checkout", .failoverGroup("shop"), files: files) {
                $0.properties = ["bootstrap.servers": "${cluster.bootstrapServers}", "client.id": "a"]
                edit(&$0)
            }
        }
    }

    private func generations(_ plan: Plan) -> [Int] {
        plan.steps.compactMap {
            if case .binding(.publish(let publication)) = $0.action { publication.generation } else { nil }
        }
    }

    @Test("one number stands for one content, in every store")
    func generation() throws {
        var example = try checkout()
        #expect(example.world.stores.values.map { $0.bookkeeping?.generation } == [1, 1])
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "b"
        #expect(generations(example.plan()) == [2, 2])
        #expect(example.plan().lines.allSatisfy { $0.contains("client.id: a -> b") })
    }

    @Test("a key that leaves the binding is shown and removed, once")
    func droppedKey() throws {
        var example = try checkout()
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = nil
        let plan = example.plan()
        #expect(plan.lines.allSatisfy { $0.contains("client.id: a -> ") })
        let dropped = plan.steps.compactMap { step -> [String]? in
            guard case .binding(.publish(let publication)) = step.action else { return nil }
            return publication.dropped
        }
        #expect(dropped == [["client.id"], ["client.id"]])
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("secrets leave a store that is for properties from now on, and properties one for secrets")
    func narrowedContents() throws {
        for (contents, left) in [
            (PublishedContents.properties, ["password"]), (.secrets, ["bootstrap.servers", "client.id"]),
        ] {
            var example = try checkout(files: [.all, .all]) {
                $0.secrets = ["password": "${credentials.kafka.apiSecret}"]
            }
            guard case .file(let file)? = example.workspace.clientBindings["checkout"]?.publish[1] else { return }
            example.workspace.clientBindings["checkout"]?.publish[1] = .file(
                FilePlace(path: file.path, format: file.fileFormat, contents: contents))
            let plan = example.plan()
            let dropped = plan.steps.compactMap { step -> [String]? in
                guard case .binding(.publish(let publication)) = step.action else { return nil }
                return publication.dropped
            }
            #expect(dropped == [left], "\(contents)")
            try example.apply()
            let store = try #require(example.world.stores[second])
            #expect(store.secrets.isEmpty == (contents == .properties))
            #expect(store.properties.isEmpty == (contents == .secrets))
            #expect(example.plan().isEmpty)
        }
    }

    @Test("a store that was dark gets the same number later, and the others wait for it")
    func darkStore() throws {
        var example = try checkout()
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "b"
        example.world.silent[.store(second)] = .unreachable
        #expect(example.plan().steps.isEmpty)
        #expect(example.plan().deferred.map(\.address) == [first, second])
        example.world.silent = [:]
        let plan = example.plan()
        guard let step = plan.step("binding/checkout/0#publish") else { return }
        try example.world.perform(step, example.workspace)
        #expect(generations(example.plan()) == [2])
    }

    @Test("content that comes back gets a new number, greater than any that was seen")
    func contentComesBack() throws {
        var example = try checkout()
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "b"
        try example.apply()
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "a"
        #expect(generations(example.plan()) == [3, 3])
    }

    @Test("without a ledger the numbers are read from the stores")
    func lostLedger() throws {
        var example = try checkout()
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "b"
        try example.apply()
        example.world.ledger = Recorded(ledgerID: "ledger-2")
        #expect(generations(example.plan()) == [])
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "c"
        #expect(generations(example.plan()) == [3, 3])
    }

    @Test("a ledger that is new goes on with the epoch that a lost one has published, at the site it names")
    func successor() throws {
        func publications(_ plan: Plan) -> [Publication] {
            plan.steps.compactMap {
                if case .binding(.publish(let publication)) = $0.action { publication } else { nil }
            }
        }
        var example = try checkout()
        for address in [first, second] { example.world.stores[address]?.bookkeeping?.epoch = 3 }
        let lost = try #require(example.world.stores[first]?.bookkeeping?.ledger)
        example.world.ledger = Recorded(ledgerID: "ledger-2")
        example.world.stores[first]?.properties["client.id"] = "hand"
        let repair = publications(example.plan())
        #expect(repair.map(\.successorOf) == [lost])
        #expect(repair.map(\.epoch) == [3])
    }

    @Test("the mark of a lost ledger, which a place keeps, is drift once somebody changes it")
    func driftOfMark() throws {
        func drifted(_ example: Example) -> [String] {
            Drift.compare(example.world.ledger, with: example.world.observation(example.workspace)).findings
                .map(\.address.description)
        }
        var example = try checkout()
        for address in [first, second] { example.world.stores[address]?.bookkeeping?.epoch = 3 }
        example.world.ledger = Recorded(ledgerID: "ledger-2")
        try example.apply()
        #expect(drifted(example) == [])
        example.world.stores[first]?.bookkeeping?.ledger = "ledger-9"
        #expect(drifted(example) == [first.description])
    }

    @Test("what somebody changed by hand is overwritten, and shown with both values")
    func drift() throws {
        var example = try checkout()
        example.world.stores[first]?.properties["client.id"] = "hand"
        #expect(example.plan().lines == ["update binding/checkout/0 client.id: hand -> a"])
        #expect(generations(example.plan()) == [1])
    }

    @Test("secrets that cannot be read are waited for, plain properties too where they stand together")
    func unresolvedSecrets() throws {
        var example = try checkout(files: [.all, .properties]) {
            $0.secrets = ["password": "${credentials.kafka.apiSecret}"]
        }
        example.workspace.clientBindings["checkout"]?.properties["client.id"] = "b"
        let reference = SecretReference.environment("KEY")
        let plan = example.plan {
            $0.secrets.bindings = [:]
            $0.secrets.unresolvedBindings["checkout"] = UnresolvedSecret(reference: reference, reason: "KEY is not set")
        }
        #expect(plan.steps.isEmpty)
        #expect(plan.deferred.map(\.waitsFor) == ["credentials: KEY is not set", "credentials: KEY is not set"])
    }

    @Test("secrets are published before properties")
    func secretsFirst() throws {
        var example = try checkout(files: [.properties, .secrets]) {
            $0.secrets = ["password": "${credentials.kafka.apiSecret}"]
        }
        example.world.stores = [:]
        #expect(example.plan().stepIDs == ["binding/checkout/1#publish", "binding/checkout/0#publish"])
        #expect(example.plan().steps[1].after.map(\.description) == ["binding/checkout/1#publish"])
        #expect(!"\(example.plan())".contains("credentials.kafka.apiSecret@west"))
    }

    @Test("an endpoint that is not known yet is published in the plan that makes it, and waited for else")
    func unknownEndpoint() throws {
        var example = Example { $0.addBinding("pinned", .cluster("west")) }
        let waiting = example.plan { $0.observation.sites = KnownSites() }
        #expect(waiting.steps.isEmpty)
        #expect(waiting.deferred[0].waitsFor.contains("cluster.bootstrapServers"))
        example.world = World()
        for name in ["west", "east"] {
            example.workspace.environments["env-\(name)"]?.managementPolicy = .manage
            example.workspace.clusters[name]?.managementPolicy = .manage
        }
        let made = example.plan()
        #expect(
            made.step("binding/pinned/0#publish")?.after.map(\.description) == [
                "cluster/west#create", "registry/env-west#await",
            ])
        #expect(made.lines.contains { $0.contains("endpoints: - -> (known after apply)") })
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a pinned binding is published only while its cluster answers")
    func pinned() throws {
        var example = try Example.applied { $0.addBinding("pinned", .cluster("west")) }
        example.workspace.clientBindings["pinned"]?.properties["client.id"] = "b"
        example.world.silent[.cluster("west")] = .unreachable
        #expect(example.plan().steps.isEmpty)
        #expect(example.plan().deferred.map(\.waitsFor) == ["west, unreachable: connect timed out"])
    }

    @Test(
        "a group's clients are sent to a cluster after its topics are there; a topic that is refused is no reason to wait"
    )
    func afterTopics() throws {
        var example = Example { workspace in
            workspace.addGroup("shop", primary: "west", ["west", "east"])
            workspace.addTopic("new", .failoverGroup("shop"))
            workspace.addTopic("old", .failoverGroup("shop"), partitions: 1)
            workspace.addBinding("checkout", .failoverGroup("shop"))
        }
        example.addTopic("old", on: "west", partitions: 6)
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate) == [.partitions])
        #expect(plan.step("binding/checkout/0#publish")?.after.map(\.description) == ["topic/west/new#create"])
    }

    @Test("a failover writes the stores that answer, and names the clients whose store does not")
    func clientsLeft() throws {
        var example = try Example.applied { workspace in
            workspace.spec.policy.quietPeriod = .zero
            workspace.addGroup("shop", primary: "west", ["west", "east"]) { $0.reprotect = .recreate }
            workspace.addTopic("shop.orders", .failoverGroup("shop"))
            workspace.addBinding("checkout", .failoverGroup("shop"), files: [.properties, .properties])
            workspace.addBinding("reports", .cluster("west"))
        }
        example.world.replicate(example.workspace)
        example.world.dead = [try #require(example.world.cluster("west", example.workspace)).listed.id]
        example.world.silent = [
            .controlPlane: .unreachable, .cluster("west"): .unreachable, .registry("env-west"): .unreachable,
            .store(second): .unreachable,
        ]
        example.workspace.failoverGroups["shop"]?.failover = .init(from: "west", incident: "INC-1")
        example.workspace.failoverGroups["shop"]?.placement = .declared(primary: "east", members: ["west", "east"])
        let plan = example.plan()
        #expect(plan.moves.first?.unmoved.map(\.binding) == ["checkout"])
        #expect(plan.moves.first?.unmoved.map(\.place) == ["file out/checkout-1"])
        #expect(plan.stepIDs.contains("binding/checkout/0#publish"))
        try example.apply()
        #expect(example.world.stores[first]?.bookkeeping?.primary == "east")
        #expect(example.world.stores[second]?.bookkeeping?.primary == "west")
        example.world.silent[.store(second)] = nil
        try example.apply()
        #expect(example.world.stores[second]?.bookkeeping == example.world.stores[first]?.bookkeeping)
        #expect(
            example.world.stores[ResourceAddress(.binding, "reports/0")]?.bookkeeping?.primary == "west",
            "a pinned binding does not move")
    }
}
