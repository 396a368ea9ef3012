import Confluent
import Domain
import Execution
import Planning
import Testing

/// Environments and clusters that the ledger owns and no manifest names any more.
@Suite struct LeftSitesTests {
    /// What the ledger holds of the western region: ids only where the lists are searched by them.
    private static let ledger: Recorded = {
        var recorded = Recorded()
        for kind in [ResourceKind.environment, .cluster] {
            recorded.owned[ResourceAddress(kind, "west")] = Recorded.Owned(
                origin: .created, deletionPolicy: .delete, applied: [:])
        }
        recorded.sites.environments["west"] = KnownSites.Environment(id: "env-west")
        recorded.sites.clusters["west"] = KnownSites.Cluster(id: "lkc-west", environmentID: "env-west")
        return recorded
    }()

    /// A rig whose western manifests were removed, and which knows what its ledger knows.
    private static func left(_ body: @escaping @Sendable (Rig) async throws -> Void) async throws {
        try await Rig.with { rig in
            try await rig.seedRegions()
            var rig = rig
            rig.workspace.environments["west"] = nil
            rig.workspace.clusters["west"] = nil
            let sites = await rig.observe(recorded: ledger).sites
            for (name, site) in sites.clusters { await rig.directory.learn(site, named: name) }
            for (name, site) in sites.environments { await rig.directory.learn(site, named: name) }
            try await body(rig)
        }
    }

    @Test("What they hold is listed, and only then; nothing of others is")
    func listed() async throws {
        try await Self.left { rig in
            let seen = await rig.observe(recorded: Self.ledger)
            let snapshot = try #require(seen.controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.listedEnvironments == ["env-west", "env-east"])
            #expect(snapshot.clusters.map(\.id) == ["lkc-east", "lkc-west"])
            #expect(snapshot.registries.map(\.id) == ["lsrc-east", "lsrc-west"])
            #expect(seen.sites.clusters["west"]?.environmentID == "env-west")
            #expect(seen.clusters["west"] == nil)
            let unowned = try #require(await rig.observe().controlPlanes["cloud"]?.snapshot)
            #expect(unowned.listedEnvironments == ["env-east"])
            #expect(unowned.clusters.map(\.id) == ["lkc-east"])
        }
    }

    @Test("One that cannot be listed fails nothing else, and does not count as listed")
    func unlisted() async throws {
        try await Self.left { rig in
            var rig = rig
            rig.workspace.environments = [:]
            rig.workspace.clusters = [:]
            try await rig.spoil("control", path: "/cmk/v2/clusters", #""effect":"status","status":403"#)
            let snapshot = try #require(await rig.observe(recorded: Self.ledger).controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.map(\.id) == ["env-east", "env-west"])
            #expect(snapshot.listedEnvironments.isEmpty)
            #expect(snapshot.clusters.isEmpty)
        }
    }

    @Test("They are deleted without a manifest; deleting again is success")
    func delete() async throws {
        try await Self.left { rig in
            try await rig.perform(
                .cloud(.deleteCluster(ClusterReference(cluster: "west"))),
                .cloud(.deleteCluster(ClusterReference(cluster: "west"))),
                .cloud(.deleteEnvironment(EnvironmentReference(environment: "west"))),
                .cloud(.deleteEnvironment(EnvironmentReference(environment: "west"))))
            let snapshot = try #require(await rig.observe(recorded: Self.ledger).controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.map(\.id) == ["env-east"])
            #expect(snapshot.clusters.map(\.id) == ["lkc-east"])
        }
    }

    @Test("An environment in which a cluster stands after all is not deleted")
    func occupied() async throws {
        try await Self.left { rig in
            let failure = await rig.failure(of: .cloud(.deleteEnvironment(EnvironmentReference(environment: "west"))))
            #expect(failure?.kind == .conflict)
            #expect(failure?.message.contains("lkc-west") == true, "\(String(describing: failure))")
            let snapshot = try #require(await rig.observe(recorded: Self.ledger).controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.map(\.id) == ["env-east", "env-west"])
            #expect(snapshot.clusters.map(\.id) == ["lkc-east", "lkc-west"])
        }
    }
}
