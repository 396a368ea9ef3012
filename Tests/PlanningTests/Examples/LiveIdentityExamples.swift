import Domain
import Execution
import Planning
import Rendering
import Testing

/// Identity is the id: names are what people write, and may be carried by something else.
@Suite struct LiveIdentityExamples {
    private func settled(_ edit: (inout Workspace) -> Void = { _ in }) throws -> Example {
        var example = try Example.applied { workspace in
            workspace.spec.policy.maxDeletions = 5
            edit(&workspace)
        }
        example.world.remember(example.workspace)
        return example
    }

    /// Puts another cluster in the place of one, under its display name.
    private func replaceCluster(_ name: String, _ example: inout Example) throws -> (old: String, new: String) {
        let spec = try #require(example.workspace.clusters[name])
        let old = try #require(example.world.cluster(name, example.workspace)?.listed)
        example.world.clusters[old.id] = nil
        example.world.addCluster(spec, in: old.environmentID)
        return (old.id, try #require(example.world.cluster(name, example.workspace)?.listed.id))
    }

    @Test("another cluster behind the name is refused with both ids, and nothing is made on it; its id takes it")
    func namesake() throws {
        var example = try settled { $0.addTopic("orders", .cluster("west")) }
        let (old, new) = try replaceCluster("west", &example)
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        let refusal = try #require(plan.refusals.first { $0.subject == "cluster/west" })
        #expect(refusal.gate == .identity && refusal.message.contains(old) && refusal.message.contains(new))
        #expect(refusal.wayOut.contains("`id: \(new)`"))
        example.workspace.clusters["west"]?.id = new
        #expect(example.plan().refusals.isEmpty)
        #expect(example.plan().stepIDs == ["topic/west/orders#create"])
    }

    @Test("a cluster of another environment is wrong, not broken, and the refusal decides how the plan ends")
    func misplaced() throws {
        var example = try settled { $0.addTopic("orders", .cluster("west")) }
        let west = try #require(example.world.cluster("west", example.workspace))
        example.workspace.clusters["west"]?.id = west.listed.id
        example.workspace.clusters["west"]?.environment = "env-east"
        let plan = example.plan()
        #expect(plan.refusals.contains { $0.gate == .identity && $0.subject == "cluster/west" })
        #expect(plan.sites.first { $0.kind == .kafka && $0.name == "west" }?.state == .wrong)
        let facts = plan.exitFacts(allowsDeferred: false)
        #expect(facts.contains(.refused) && facts.contains(.unseen) && !facts.contains(.misconfigured))
    }

    @Test("a list that leaves out what is known creates nothing, while its own answer is not 404")
    func omitted() throws {
        var example = try settled { workspace in
            for name in ["west", "east"] { workspace.clusters[name]?.managementPolicy = .manage }
            for name in ["env-west", "env-east"] { workspace.environments[name]?.managementPolicy = .manage }
        }
        func planned(_ answer: OwnAnswer?, _ example: Example) throws -> Plan {
            let id = try #require(example.world.cluster("west", example.workspace)?.listed.id)
            return example.plan { input in
                guard var snapshot = input.observation.controlPlanes["cloud"]?.snapshot else { return }
                snapshot.clusters.removeAll { $0.id == id }
                snapshot.answers[id] = answer
                input.observation.controlPlanes["cloud"] = .reachable(snapshot)
                input.observation.clusters["west"] = .unreachable(reason: "it is not known where it is")
            }
        }
        for answer in [nil, OwnAnswer.untold(.denied(reason: "HTTP 403")), .untold(.broken(reason: "HTML"))] {
            let plan = try planned(answer, example)
            #expect(plan.steps.isEmpty && plan.refusals.isEmpty, "\(plan.stepIDs)")
        }
        example.workspace.clusters["west"]?.cku = 4
        let denied = try planned(.untold(.denied(reason: "HTTP 403")), example)
        #expect(denied.deferred.contains { $0.waitsFor.contains("spillway state forget cluster/west") })
        #expect(try planned(.gone, example).stepIDs.contains("cluster/west#create"))
    }

    @Test("a list that is refused hides only what it lists")
    func refusedList() throws {
        var example = try settled { $0.addTopic("orders", .cluster("west")) }
        example.workspace.topics["orders"]?.configs = ["retention.ms": "1d"]
        let plan = example.plan { input in
            guard var snapshot = input.observation.controlPlanes["cloud"]?.snapshot else { return }
            let environment = input.observation.sites.environments["env-west"]?.id ?? ""
            snapshot.registries.removeAll { $0.environmentID == environment }
            snapshot.gaps[.registries(environment: environment)] = .denied(reason: "HTTP 403")
            input.observation.controlPlanes["cloud"] = .reachable(snapshot)
            input.observation.registries["env-west"] = .denied(reason: "HTTP 403")
        }
        #expect(plan.stepIDs == ["topic/west/orders#configs"])
        #expect(plan.sites.contains { $0.kind == .list && $0.silence?.contains("403") ?? false })
    }

    @Test("two manifests that mean one live cluster are refused, both named, and nothing of either is touched")
    func shared() throws {
        var example = try settled { workspace in
            workspace.addTopic("orders", .cluster("west")) { $0.deletionPolicy = .delete }
        }
        var second = try #require(example.workspace.clusters["west"])
        second.metadata = Metadata(name: "second")
        example.workspace.clusters["second"] = second
        let id = example.world.cluster("west", example.workspace)?.listed.id
        example.workspace.clusters["west"]?.id = id
        example.workspace.addTopic("payments", .cluster("second"))
        example.workspace.topics["orders"] = nil
        let plan = example.plan()
        #expect(plan.steps.isEmpty, "\(plan.stepIDs)")
        let refusals = plan.refusals.filter { $0.gate == .identity }
        #expect(Set(refusals.map(\.subject)) == ["cluster/second", "cluster/west"])
        #expect(refusals.allSatisfy { $0.message.contains("second") && $0.message.contains("west") })
    }

    @Test("a manifest of another name for the same live cluster is a rename: nothing is made, destroyed or given up")
    func renamed() throws {
        var example = Example()
        example.world = World()
        example.workspace.spec.policy.maxDeletions = 5
        example.workspace.environments["env-west"]?.managementPolicy = .manage
        example.workspace.environments["env-east"] = nil
        example.workspace.clusters["east"] = nil
        var spec = try #require(example.workspace.clusters["west"])
        spec.managementPolicy = .manage
        spec.deletionPolicy = .delete
        spec.displayName = "shop"
        let named = spec
        func name(_ name: String, _ example: inout Example) {
            example.workspace.clusters = [:]
            example.workspace.topics = [:]
            var renamed = named
            renamed.metadata = Metadata(name: name)
            example.workspace.clusters[name] = renamed
            example.workspace.addTopic("orders", .cluster(name)) { $0.deletionPolicy = .delete }
        }
        name("one", &example)
        try example.apply()
        try example.apply()
        let id = try #require(example.world.cluster("one", example.workspace)?.listed.id)
        name("two", &example)
        #expect(example.plan().isEmpty, "\(example.plan().lines)")
        try example.apply()
        #expect(example.world.clusters[id] != nil)
        #expect(example.world.ledger.owned[ResourceAddress(.topic, in: "two", "orders")]?.origin == .created)
        #expect(example.world.ledger.owned[ResourceAddress(.topic, in: "one", "orders")] == nil)
        #expect(example.plan().isEmpty && example.plan().ledgerRefresh.isEmpty)
        example.workspace.topics = [:]
        #expect(example.plan().stepIDs == ["topic/two/orders#delete"])
    }

    @Test("what was made on one cluster is not owned on another one that takes its name")
    func otherCluster() throws {
        var example = try settled { workspace in
            workspace.addTopic("old", .cluster("west")) { $0.deletionPolicy = .delete }
            workspace.addTopic("kept", .cluster("west"), ["retention.ms": "1d"])
        }
        var other = try #require(example.workspace.clusters["west"])
        other.displayName = "other"
        example.world.addCluster(
            other, in: try #require(example.world.cluster("west", example.workspace)?.listed.environmentID))
        let id = try #require(example.world.clusters.values.first { $0.listed.displayName == "other" }?.listed.id)
        example.workspace.clusters["west"]?.id = id
        for topic in ["old", "kept"] { example.addTopic(topic, on: "west", ["retention.ms": "5"]) }
        example.workspace.topics["old"] = nil
        example.workspace.topics["kept"]?.configs = [:]
        let plan = example.plan()
        #expect(plan.stepIDs == ["topic/west/kept#adopt", "topic/west/old#release"])
        try example.apply()
        let live = try #require(example.world.clusters[id])
        #expect(live.topics.keys.contains("old") && live.configs["kept"]?["retention.ms"] == "5")
        #expect(example.plan().isEmpty)
    }

    @Test("an observed cluster that is named otherwise now is still the one that is known")
    func renamedElsewhere() throws {
        var example = try settled { $0.addTopic("orders", .cluster("west")) }
        let id = try #require(example.world.cluster("west", example.workspace)?.listed.id)
        example.world.clusters[id]?.listed.displayName = "western"
        let plan = example.plan()
        #expect(plan.refusals.isEmpty && plan.steps.isEmpty)
        #expect(plan.notes == [Plan.Note(.displayName(live: "western", declared: "west"), about: "cluster/west")])
    }

    @Test("a cluster goes with topics that nobody here owns only by hand")
    func topicsOfOthers() throws {
        var example = Example()
        example.world = World()
        example.workspace.spec.policy.maxDeletions = 5
        for name in ["west", "east"] {
            example.workspace.clusters[name]?.managementPolicy = .manage
            example.workspace.environments["env-\(name)"]?.managementPolicy = .manage
            example.workspace.clusters[name]?.deletionPolicy = .delete
        }
        example.workspace.addTopic("own", .cluster("west"))
        try example.apply()
        try example.apply()
        for topic in ["ledger", "audit"] { example.addTopic(topic, on: "west") }
        let before = example.workspace
        example.workspace.clusters["west"] = nil
        example.workspace.topics = [:]
        let plan = example.plan()
        #expect(!plan.stepIDs.contains("cluster/west#delete"))
        let refusal = try #require(plan.refusals.first { $0.subject == "cluster/west" })
        #expect(refusal.message.contains("2 topics") && refusal.message.contains("audit, ledger"))
        example.world.change("west", before) { $0.topics = $0.topics.filter { $0.key == "own" } }
        let alone = example.plan()
        #expect(alone.stepIDs.contains("cluster/west#delete"))
        #expect(alone.changes.contains { $0.reason == .leaving(.deleted(with: ["own"])) })
        let unseen = example.plan { $0.observation.leaving["west"] = .unmanaged }
        #expect(unseen.refusals.contains { $0.subject == "cluster/west" && $0.message.contains("cannot be seen") })
    }

    @Test("a mirror over another link than the declared one is not taken over")
    func mirrorOfAnotherLink() throws {
        var example = try settled { workspace in
            workspace.addTopic("orders", .cluster("west"))
            workspace.addLink("first", from: "west", to: "east") {
                $0.mirrorTopics = TopicSelector(include: ["orders"])
            }
        }
        example.workspace.clusterLinks = [:]
        example.workspace.addLink("second", from: "west", to: "east") {
            $0.mirrorTopics = TopicSelector(include: ["orders"])
        }
        for _ in 1...2 {
            let plan = example.plan()
            #expect(plan.refusals.contains { $0.message.contains("orders (link first)") })
            #expect(!plan.stepIDs.contains { $0.hasPrefix("mirror/east/orders#create") })
            try example.apply()
        }
    }

    @Test("drift tells a mirror that was stopped from one whose topic is gone")
    func stoppedMirror() throws {
        var example = try settled { workspace in
            for topic in ["audit", "limits"] { workspace.addTopic(topic, .cluster("west")) }
            workspace.addLink("copy", from: "west", to: "east") {
                $0.mirrorTopics = TopicSelector(include: ["audit", "limits"])
            }
        }
        example.change("east") { cluster in
            cluster.mirrors = cluster.mirrors.filter { $0.topic != "limits" }
            cluster.topics["limits"] = nil
            for index in cluster.mirrors.indices { cluster.mirrors[index].status = .stopped }
        }
        let drift = Drift.compare(example.world.ledger, with: example.world.observation(example.workspace))
        let findings = Dictionary(uniqueKeysWithValues: drift.findings.map { ($0.address.description, $0) })
        #expect(findings["mirror/east/limits"]?.isMissing == true)
        let stopped = try #require(findings["mirror/east/audit"])
        #expect(!stopped.isMissing)
        #expect(stopped.differences == [.init("status", from: "ACTIVE", to: "STOPPED")])
    }
}
