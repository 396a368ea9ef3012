import Domain
import Planning
import Testing

/// Lists that leave out what is there: an object that the ledger knows by its id is gone only when it says so itself.
@Suite struct ListProperties {
    @Test(
        "no site is made while the one that the ledger knows exists, whatever lists leave out", arguments: Scene.batches
    )
    func nothingTwice(seeds: Range<UInt64>) throws {
        var (hidden, made) = (0, 0)
        for seed in seeds {
            var scene = try Self.settled(seed)
            let known = scene.world.knownIDs(scene.workspace)
            for id in scene.generator.random.some(Set(known.values).sorted()) {
                hidden += 1
                switch scene.generator.random.pick(0...3) {
                case 0: scene.world.hidden[id] = .some(nil)
                case 1: scene.world.hidden[id] = .some(OwnAnswer.shown)
                case 2: scene.world.hidden[id] = .some(OwnAnswer.untold(.denied(reason: "HTTP 403")))
                default:
                    // Nothing proves but its own 404 that it is gone, which it then is.
                    scene.world.lose(id)
                    made += 1
                }
            }
            if seed.isMultiple(of: 3) { scene.addNamesakes() }
            let plan = scene.run.plan(scene.world)
            #expect(scene.madeTwice(by: plan, known) == [], "seed \(seed)")
        }
        #expect(hidden > made && made > 0)
    }

    @Test("a plan that takes what is not listed for gone is caught")
    func omissionTakenForLoss() throws {
        var caught = 0
        for seed in Scene.batches[0] {
            var scene = try Self.settled(seed)
            let known = scene.world.knownIDs(scene.workspace)
            for id in known.values { scene.world.hidden[id] = .some(OwnAnswer.gone) }
            caught += scene.madeTwice(by: scene.run.plan(scene.world), known).count
        }
        #expect(caught > 0)
    }

    /// Everything was as wanted, and the ledger knows where it is.
    private static func settled(_ seed: UInt64) throws -> Scene {
        var scene = try Scene(seed: seed)
        for _ in 0..<2 { try scene.run.apply(to: &scene.world) }
        scene.world.remember(scene.workspace)
        return scene
    }
}

extension World {
    /// Ids under which the ledger knows environments and clusters of the manifests, by address.
    fileprivate func knownIDs(_ workspace: Workspace) -> [ResourceAddress: String] {
        var known: [ResourceAddress: String] = [:]
        for (name, site) in ledger.sites.clusters where workspace.clusters[name] != nil {
            known[ResourceAddress(.cluster, name)] = site.id
        }
        for (name, site) in ledger.sites.environments where workspace.environments[name] != nil {
            known[ResourceAddress(.environment, name)] = site.id
        }
        return known
    }

    fileprivate mutating func lose(_ id: String) {
        clusters[id] = nil
        environments[id] = nil
        for cluster in clusters.values where cluster.listed.environmentID == id { clusters[cluster.listed.id] = nil }
    }
}

extension Scene {
    /// Others that carry the names of what is not listed.
    fileprivate mutating func addNamesakes() {
        for id in world.hidden.keys.sorted() {
            if let cluster = world.clusters[id]?.listed, let spec = workspace.clusters[cluster.displayName] {
                world.addCluster(spec, in: cluster.environmentID)
            }
            if let environment = world.environments[id], let spec = workspace.environments[environment.displayName] {
                world.addEnvironment(spec)
            }
        }
    }

    /// Sites that a plan makes although the ledger knows one that exists.
    fileprivate func madeTwice(by plan: Plan, _ known: [ResourceAddress: String]) -> [ResourceAddress] {
        plan.steps.map(\.action).compactMap { action in
            let address: ResourceAddress
            switch action {
            case .cloud(.createEnvironment(let creation)): address = ResourceAddress(.environment, creation.environment)
            case .cloud(.createCluster(let creation)): address = ResourceAddress(.cluster, creation.cluster)
            default: return nil
            }
            guard let id = known[address], world.clusters[id] != nil || world.environments[id] != nil else {
                return nil
            }
            return address
        }
    }
}
