import Domain
import Planning

/// One case of the properties: manifests, and a world that agreed with other manifests once, or never.
struct Scene {
    /// Seeds, in batches that run side by side.
    static let batches: [Range<UInt64>] = [1..<60, 60..<120, 120..<180, 180..<240]

    var generator: Generator
    let workspace: Workspace
    var world: World
    let run: Run

    init(seed: UInt64, isSilent: Bool = false) throws {
        generator = Generator(seed: seed)
        let before = generator.workspace()
        workspace = generator.edited(before)
        world = try generator.world(for: workspace, before: before)
        if isSilent { generator.silence(&world, workspace) }
        run = Run(workspace, PlanOptions(overrides: [.importMode]))
    }

    /// What manifests name, found without the planner.
    func namedAddresses() -> Set<ResourceAddress> {
        var named: Set<ResourceAddress> = []
        for environment in workspace.environments.values {
            if environment.managementPolicy == .manage { named.insert(.init(.environment, environment.name)) }
            named.insert(.init(.registry, environment.name))
            named.insert(.init(.compatibility, in: environment.name, "global"))
            for context in ["", ".g0", ".g1", ".g2", ".hub"] {
                named.insert(.init(.mode, in: environment.name, RegistryContext(context).description))
            }
            let exporters = workspace.failoverGroups.keys.flatMap { group in
                [group] + workspace.environments.keys.map { "\(group)-\($0)" }
            }
            for exporter in exporters + workspace.schemaLinks.keys {
                named.insert(.init(.exporter, in: environment.name, exporter))
            }
        }
        for cluster in workspace.clusters.values {
            if cluster.managementPolicy == .manage { named.insert(.init(.cluster, cluster.name)) }
        }
        for topic in workspace.topics.values {
            for cluster in workspace.clusters.keys { named.insert(.init(.topic, in: cluster, topic.topicName)) }
        }
        for half in GroupFamily.all(in: workspace).flatMap(\.links) { named.insert(half.address) }
        named.formUnion(legacyLinks)
        for link in workspace.clusterLinks.values {
            named.insert(.init(.link, in: link.source, link.name))
            named.insert(.init(.link, in: link.destination, link.name))
        }
        for binding in workspace.clientBindings.values {
            for index in binding.publish.indices { named.insert(.init(.binding, "\(binding.name)/\(index)")) }
        }
        return named.union(namedMirrors())
    }

    /// Links that are found by their ends, under names no manifest gives.
    var legacyLinks: [ResourceAddress] {
        workspace.clusters.keys.flatMap { name in
            (world.cluster(name, workspace)?.links.keys.filter { $0.hasPrefix("legacy") } ?? [])
                .map { ResourceAddress(.link, in: name, $0) }
        }
    }

    private func namedMirrors() -> Set<ResourceAddress> {
        let families = workspace.failoverGroups.keys.map { "\($0)." }
        var named: Set<ResourceAddress> = []
        for cluster in workspace.clusters.keys {
            let topics = workspace.topics.values.map(\.topicName) + world.clusters.values.flatMap(\.topics.keys)
            for topic in topics where families.contains(where: topic.hasPrefix) {
                named.insert(.init(.mirror, in: cluster, topic))
            }
            for topic in topics where topic.hasPrefix("plain.") {
                named.insert(.init(.mirror, in: cluster, (workspace.clusterLinks["plain"]?.prefix ?? "") + topic))
            }
        }
        return named
    }

    /// Everything nobody declared.
    var foreign: [String] {
        world.clusters.values.flatMap { cluster in
            cluster.topics.keys.filter { $0.hasPrefix("foreign") }.map {
                "\(cluster.listed.id) \($0) \(cluster.configs[$0] ?? [:])"
            }
                + cluster.links.values.filter { $0.name.hasPrefix("foreign") }.map { "\(cluster.listed.id) \($0)" }
                + cluster.mirrors.filter { $0.link.hasPrefix("foreign") }.map { "\(cluster.listed.id) \($0)" }
        }.sorted()
    }
}

extension Generator {
    /// The same input, read in another order.
    mutating func shuffled(_ input: PlanInput) -> PlanInput {
        var input = input
        for (name, reach) in input.observation.clusters {
            guard case .reachable(var snapshot) = reach else { continue }
            snapshot.links.shuffle(using: &random)
            snapshot.mirrors.shuffle(using: &random)
            snapshot.topics = refilled(snapshot.topics)
            input.observation.clusters[name] = .reachable(snapshot)
        }
        for (name, reach) in input.observation.controlPlanes {
            guard case .reachable(var snapshot) = reach else { continue }
            snapshot.clusters.shuffle(using: &random)
            snapshot.environments.shuffle(using: &random)
            input.observation.controlPlanes[name] = .reachable(snapshot)
        }
        input.observation.clusters = refilled(input.observation.clusters)
        input.observation.registries = refilled(input.observation.registries)
        input.recorded.owned = refilled(input.recorded.owned)
        input.workspace.topics = refilled(input.workspace.topics)
        input.workspace.failoverGroups = refilled(input.workspace.failoverGroups)
        input.workspace.clusters = refilled(input.workspace.clusters)
        input.workspace.clientBindings = refilled(input.workspace.clientBindings)
        return input
    }

    /// Another capacity is another order of buckets.
    private mutating func refilled<Key: Hashable, Value>(_ dictionary: [Key: Value]) -> [Key: Value] {
        var copy: [Key: Value] = [:]
        copy.reserveCapacity(dictionary.count * random.pick([1, 4, 16]))
        for (key, value) in dictionary.shuffled(using: &random) { copy[key] = value }
        return copy
    }
}

extension Workspace {
    /// The workspace as if a group and what follows it had never been.
    func without(_ group: String) -> Workspace {
        var workspace = self
        workspace.failoverGroups = failoverGroups.filter { !$0.key.hasPrefix(group) }
        workspace.topics = topics.filter { !$0.key.hasPrefix(group) }
        workspace.clientBindings = clientBindings.filter { $0.key != "b-\(group)" }
        return workspace
    }
}

extension World {
    /// The world as if a group and what follows it had never been.
    func without(_ group: String) -> World {
        var world = self
        for id in clusters.keys {
            world.clusters[id]?.topics = clusters[id]?.topics.filter { !$0.key.hasPrefix(group) } ?? [:]
            world.clusters[id]?.mirrors.removeAll { $0.topic.hasPrefix(group) }
            world.clusters[id]?.links = clusters[id]?.links.filter { !$0.key.hasPrefix(group) } ?? [:]
        }
        for id in environments.keys {
            world.environments[id]?.registry?.exporters.removeAll { $0.name.hasPrefix(group) }
            world.environments[id]?.registry?.modes[RegistryContext(group)] = nil
        }
        world.stores = stores.filter { !$0.key.name.hasPrefix("b-\(group)") }
        world.ledger.owned = ledger.owned.filter { !$0.key.description.contains(group) }
        return world
    }
}
