import Diagnostics
import Domain
import Estate
import Manifest
import Planning
import Testing

/// What holds for the manifests that are inferred from any estate which plans could have made.
@Suite struct ImportProperties {
    @Test(
        "what is imported is adopted as it is, and its files say the same", arguments: Scale.seeds(0..<80),
        [true, false])
    func adoption(seed: UInt64, infersGroups: Bool) throws {
        var generator = Generator(seed: seed)
        let workspace = generator.workspace()
        var world = World()
        world.addSites(of: workspace)
        for _ in 0..<4 {
            try Run(workspace).apply(to: &world)
            world.settle(workspace)
        }
        world.ledger = Recorded(ledgerID: "of-the-import")
        let estate = Self.estate(world.observation(workspace), workspace)
        let imported = Inference(
            estate, into: WorkspaceSpec(metadata: Metadata(name: "shop")), infersGroups: infersGroups)
        let plan = Run(imported.workspace).plan(world)
        #expect(plan.refusals == [], "seed \(seed): \(plan.inWords) \(imported.remarks)")
        let changes = plan.changes.filter { $0.effect != .adopt }
        #expect(changes == [], "seed \(seed): \(plan.inWords) \(imported.remarks)")
        let loaded = Self.load(ManifestFolder(imported.workspace))
        #expect(loaded.errors == [], "seed \(seed)")
        let read = try #require(loaded.workspace)
        #expect(read.topics == imported.workspace.topics, "seed \(seed)")
        #expect(read.clusterLinks == imported.workspace.clusterLinks, "seed \(seed)")
        #expect(read.schemaLinks == imported.workspace.schemaLinks, "seed \(seed)")
        #expect(read.failoverGroups == imported.workspace.failoverGroups, "seed \(seed)")
        #expect(read == imported.workspace, "seed \(seed)")
    }

    /// Everything that was seen, as an import that reads all of it would have it.
    private static func estate(_ seen: Observation, _ workspace: Workspace) -> Estate {
        var estate = Estate()
        for spec in workspace.environments.values.sorted(by: { $0.name < $1.name }) {
            let site = seen.sites.environments[spec.name]
            var environment = Estate.Environment(name: spec.name, id: site?.id, displayName: spec.displayName)
            environment.registryID = site?.registryID
            environment.registryEndpoint = site?.registryEndpoint
            environment.credentials = spec.schemaRegistry.credentials
            environment.registry = seen.registries[spec.name]?.snapshot
            estate.environments.append(environment)
        }
        for spec in workspace.clusters.values.sorted(by: { $0.name < $1.name }) {
            var own = ClusterSpec(metadata: Metadata(name: spec.name), type: spec.type)
            own.environment = spec.environment
            own.id = seen.sites.clusters[spec.name]?.id
            own.displayName = spec.displayName
            var cluster = Estate.Cluster(own)
            cluster.credentials = spec.credentials
            cluster.kafka = seen.clusters[spec.name]?.snapshot
            estate.clusters.append(cluster)
        }
        estate.connection = ConnectionSpec(
            metadata: Metadata(name: "cloud"),
            system: .confluentCloud(
                ConfluentCloudSpec(apiKey: .environment("CLOUD_KEY"), apiSecret: .environment("CLOUD_SECRET"))))
        return estate
    }

    private static func load(_ folder: ManifestFolder) -> (workspace: Workspace?, errors: [String]) {
        let files = Dictionary(folder.files.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        let result = WorkspaceLoader(files: MemoryFiles(files), version: "1.0.0").load("spillway.yaml")
        var workspace = result.loaded?.workspace
        workspace?.spec.manifests = ["."]
        return (workspace, result.diagnostics.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" })
    }
}
