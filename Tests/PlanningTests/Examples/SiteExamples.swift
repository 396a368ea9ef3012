import Domain
import Planning
import Rendering
import Testing

@Suite struct SiteExamples {
    private func managed(_ edit: (inout ClusterSpec) -> Void = { _ in }) -> Example {
        var example = Example()
        example.world = World()
        example.workspace.environments["env-west"]?.managementPolicy = .manage
        example.workspace.clusters["west"]?.managementPolicy = .manage
        example.workspace.environments["env-east"] = nil
        example.workspace.clusters["east"] = nil
        if var cluster = example.workspace.clusters["west"] {
            edit(&cluster)
            example.workspace.clusters["west"] = cluster
        }
        return example
    }

    @Test("a managed site is created from the outside in, and what needs it follows in the same plan")
    func create() {
        var example = managed()
        example.workspace.addTopic("orders", .cluster("west"))
        example.workspace.environments["env-west"]?.schemaRegistry.compatibility = .full
        let plan = example.plan()
        #expect(
            plan.stepIDs == [
                "environment/env-west#create", "cluster/west#create", "registry/env-west#await",
                "topic/west/orders#create",
                "compatibility/env-west/global#set",
            ])
        #expect(plan.deferred.isEmpty && plan.refusals.isEmpty)
    }

    @Test("nobody waits for a registry that nothing needs")
    func idleWait() {
        #expect(managed().plan().stepIDs == ["environment/env-west#create", "cluster/west#create"])
    }

    @Test("an observed site that is not there is refused, and what needs it waits")
    func observedMissing() {
        var example = Example { $0.addTopic("orders", .cluster("west")) }
        example.world = World()
        let plan = example.plan()
        #expect(plan.steps.isEmpty)
        #expect(Set(plan.refusals.map(\.gate)) == [.identity])
        #expect(plan.refusals.allSatisfy { $0.wayOut.contains("managementPolicy: Manage") })
        #expect(plan.deferred.map(\.address.description) == ["topic/west/orders"])
    }

    @Test("a cluster that answers but is not listed is noted, not refused")
    func unlisted() throws {
        let example = try Example.applied { $0.addTopic("orders", .cluster("west")) }
        let plan = example.plan { input in
            input.observation.controlPlanes["cloud"] = .reachable(ControlPlaneSnapshot())
        }
        #expect(plan.refusals.isEmpty && plan.steps.isEmpty && plan.deferred.isEmpty)
        #expect(plan.notes.contains { $0.subject == "cluster/west" })
    }

    @Test("two live objects of one display name are refused until the manifest has an id")
    func ambiguous() {
        var example = Example()
        guard let environment = example.workspace.environments["env-west"] else { return }
        example.world.addEnvironment(environment)
        let plan = example.plan()
        #expect(plan.refusals.map(\.gate).contains(.identity))
        let refusal = plan.refusals.first { $0.subject == "environment/env-west" }
        #expect(refusal?.wayOut.hasPrefix("write which one is meant: `id: ") ?? false)
    }

    @Test(
        "LOW is SINGLE_ZONE and HIGH is MULTI_ZONE",
        arguments: [
            ("LOW", Availability.singleZone), ("SINGLE_ZONE", .singleZone), ("HIGH", .multiZone),
            ("MULTI_ZONE", .multiZone),
        ])
    func availability(wire: String, declared: Availability) throws {
        var example = managed { $0.availability = declared }
        try example.apply()
        example.change("west") { $0.listed.availability = Availability(wire: wire) }
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a cluster changes what can change, and refuses the rest")
    func update() throws {
        var example = managed()
        try example.apply()
        try example.apply()
        example.workspace.clusters["west"]?.cku = 4
        #expect(example.plan().lines == ["update cluster/west cku: 2 -> 4"])
        example.workspace.clusters["west"]?.region = "elsewhere"
        #expect(example.plan().refusals.map(\.gate) == [.immutable])
        #expect(example.plan().steps.isEmpty)
    }

    @Test("a new display name renames what Spillway made, and creates nothing")
    func rename() throws {
        var example = managed()
        try example.apply()
        try example.apply()
        example.workspace.clusters["west"]?.displayName = "western"
        #expect(example.plan().lines == ["update cluster/west displayName: west -> western"])
        try example.apply()
        #expect(example.plan().isEmpty)
    }

    @Test("a site that is only observed from now on is released")
    func observeOnly() throws {
        var example = managed()
        example.workspace.clusters["west"]?.deletionPolicy = .delete
        try example.apply()
        example.workspace.clusters["west"]?.managementPolicy = .observe
        #expect(example.plan().lines == ["release cluster/west "])
        try example.apply()
        example.workspace.clusters["west"] = nil
        #expect(example.plan().isEmpty)
    }

    @Test("an environment is deleted after its clusters, and never with clusters of others in it")
    func deleteEnvironment() throws {
        var example = managed { $0.deletionPolicy = .delete }
        example.workspace.environments["env-west"]?.deletionPolicy = .delete
        example.workspace.spec.policy.maxDeletions = 5
        try example.apply()
        try example.apply()
        let environment = example.workspace.environments["env-west"]
        example.workspace.environments["env-west"] = nil
        example.workspace.clusters["west"] = nil
        example.workspace.addSite("other")
        example.world.addSites(of: example.workspace)
        #expect(example.plan().stepIDs == ["cluster/west#delete", "environment/env-west#delete"])
        var stranger = ClusterSpec(metadata: Metadata(name: "stranger"), type: .basic)
        stranger.displayName = "stranger"
        example.world.addCluster(
            stranger,
            in: environment.flatMap { spec in
                example.world.environments.values.first { $0.displayName == spec.displayName }?.id
            } ?? "")
        let plan = example.plan()
        #expect(plan.stepIDs == ["cluster/west#delete"])
        #expect(plan.refusals.map(\.subject) == ["environment/env-west"])
    }

    @Test("while an environment cannot be listed nothing in it is deleted, and nothing is forgotten")
    func unlistedEnvironment() throws {
        var example = managed { $0.deletionPolicy = .delete }
        example.workspace.environments["env-west"]?.deletionPolicy = .delete
        example.workspace.spec.policy.maxDeletions = 5
        try example.apply()
        try example.apply()
        example.workspace.environments["env-west"] = nil
        example.workspace.clusters["west"] = nil
        example.workspace.addSite("other")
        example.world.addSites(of: example.workspace)
        let plan = example.plan { input in
            guard var snapshot = input.observation.controlPlanes["cloud"]?.snapshot else { return }
            let other = input.observation.sites.environments["env-other"]?.id
            snapshot.listedEnvironments = Set([other].compactMap(\.self))
            snapshot.clusters.removeAll { !snapshot.listedEnvironments.contains($0.environmentID) }
            input.observation.controlPlanes["cloud"] = .reachable(snapshot)
        }
        #expect(plan.steps.isEmpty)
        #expect(plan.deferred.map(\.address.description) == ["cluster/west"])
        #expect(plan.refusals.map(\.subject) == ["environment/env-west"])
    }

    @Test("with the control plane silent a known site goes on, and only its own changes wait")
    func controlPlaneSilent() throws {
        var example = managed()
        example.workspace.addTopic("orders", .cluster("west"))
        try example.apply()
        try example.apply()
        example.world.silent[.controlPlane] = .unreachable
        #expect(example.plan().isEmpty)
        example.workspace.clusters["west"]?.cku = 4
        example.workspace.topics["orders"]?.configs = ["retention.ms": "1d"]
        #expect(example.plan().stepIDs == ["topic/west/orders#configs"])
        #expect(example.plan().deferred.map(\.address.description) == ["cluster/west"])
    }

    @Test("another cluster behind the endpoint is refused")
    func stranger() throws {
        var example = try Example.applied { $0.addTopic("orders", .cluster("west")) }
        example.workspace.clusters["west"]?.id = "lkc-expected"
        example.workspace.clusters["west"]?.environment = nil
        let plan = example.plan { input in
            input.observation.clusters["west"] = .reachable(KafkaSnapshot(clusterID: "lkc-other"))
        }
        #expect(plan.refusals.map(\.gate) == [.identity])
        #expect(plan.steps.isEmpty)
    }

    @Test("a key of another organization than the connection expects stops everything behind it")
    func organization() {
        var example = Example { $0.addTopic("orders", .cluster("west")) }
        let cloud = ConfluentCloudSpec(
            organization: "org-prod", apiKey: .environment("KEY"), apiSecret: .environment("SECRET"))
        example.workspace.connections["cloud"] = ConnectionSpec(
            metadata: Metadata(name: "cloud"), system: .confluentCloud(cloud))
        let staging = example.plan { input in
            guard case .reachable(var snapshot) = input.observation.controlPlanes["cloud"] else { return }
            snapshot.organization = "org-staging"
            input.observation.controlPlanes["cloud"] = .reachable(snapshot)
        }
        #expect(staging.steps.isEmpty)
        #expect(staging.refusals.allSatisfy { $0.gate == .identity && $0.message.contains("org-staging") })
        #expect(staging.refusals.count == 2)
    }
}
