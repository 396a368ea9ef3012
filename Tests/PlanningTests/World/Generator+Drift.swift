import Domain
import Planning

/// What happens to live systems while nobody looks.
extension Generator {
    mutating func drift(_ world: inout World, _ workspace: Workspace) {
        for name in workspace.clusters.keys.sorted() {
            world.change(name, workspace) { cluster in
                for topic in random.some(cluster.topics.keys.sorted(), oneIn: 4) { touch(topic, of: &cluster) }
                for index in cluster.mirrors.indices where random.once(in: 5) {
                    cluster.mirrors[index].status = random.pick([
                        .paused, .sourceUnavailable, .linkFailed, .pendingMirror,
                    ])
                }
                for link in random.some(cluster.links.keys.sorted(), oneIn: 4) {
                    cluster.links[link]?.configs["consumer.offset.sync.ms"] = "1234"
                    if random.once(in: 2) { cluster.links[link]?.configs["consumer.offset.sync.enable"] = nil }
                }
                addForeign(&cluster)
            }
        }
        for name in workspace.environments.keys.sorted() {
            world.changeRegistry(name, workspace) { registry in
                if random.once(in: 4) { registry.compatibility = CompatibilityLevel.none }
                for index in registry.exporters.indices where random.once(in: 3) {
                    registry.exporters[index].state = random.pick([.paused, .running, .starting])
                }
            }
        }
        for address in world.stores.keys.sorted() where random.once(in: 4) {
            world.stores[address] = random.pick([nil, world.stores[address]])
            world.stores[address]?.properties["bootstrap.servers"] = "elsewhere:9092"
        }
    }

    private mutating func touch(_ topic: String, of cluster: inout World.Cluster) {
        let isMirror = cluster.mirrors.contains { $0.topic == topic }
        switch random.pick(0...2) {
        case 0 where !isMirror: cluster.configs[topic]?["retention.ms"] = "1"
        case 1 where !isMirror: cluster.configs[topic]?["segment.ms"] = "77"
        case 2:
            cluster.topics[topic] = nil
            cluster.configs[topic] = nil
            cluster.mirrors.removeAll { $0.topic == topic }
        default: break
        }
    }

    private mutating func addForeign(_ cluster: inout World.Cluster) {
        guard random.once(in: 2) else { return }
        cluster.topics["foreign.orders"] = ObservedTopic(partitions: 1, replicationFactor: 3)
        cluster.configs["foreign.orders"] = ["retention.ms": "1"]
        cluster.links["foreign-link"] = ObservedLink(
            name: "foreign-link", clusterLinkID: "foreign", remoteClusterID: "lkc-foreign",
            configs: ["consumer.offset.sync.ms": "5"])
        cluster.mirrors.removeAll { $0.link == "foreign-link" }
        cluster.mirrors.append(
            ObservedMirror(
                link: "foreign-link", topic: "foreign.orders", sourceTopic: "foreign.orders", status: .paused))
    }

    /// Endpoints that stop answering.
    mutating func silence(_ world: inout World, _ workspace: Workspace) {
        let endpoints: [World.Endpoint] =
            [.controlPlane] + workspace.clusters.keys.sorted().map { .cluster($0) }
            + workspace.environments.keys.sorted().map { .registry($0) }
            + workspace.clientBindings.values.sorted { $0.name < $1.name }.flatMap { binding in
                binding.publish.indices.map { .store(ResourceAddress(.binding, "\(binding.name)/\($0)")) }
            }
        for endpoint in random.some(endpoints, oneIn: 3) {
            world.silent[endpoint] = random.pick(World.Silence.allCases)
        }
    }

    /// A world that a while ago agreed with other manifests, or never with any.
    mutating func world(for workspace: Workspace, before: Workspace) throws -> World {
        var world = World()
        var observed = before
        for name in before.environments.keys {
            if before.environments[name]?.managementPolicy == .manage { observed.environments[name] = nil }
        }
        observed.clusters = before.clusters.filter { observed.environments[$0.value.environment ?? ""] != nil }
        world.addSites(of: observed)
        switch random.pick(0...4) {
        case 0: break
        case 1: try Run(before).apply(to: &world, failing: 3, &random)
        default:
            try Run(before).apply(to: &world)
            drift(&world, before)
        }
        if random.once(in: 5) {
            world.ledger = Recorded(ledgerID: "ledger-2")
            if random.once(in: 2) { renameLinks(in: &world) }
        }
        return world
    }

    /// Links that somebody made by hand under names of their own.
    private func renameLinks(in world: inout World) {
        func renamed(_ name: String) -> String { name.hasPrefix("foreign") ? name : "legacy-\(name)" }
        for id in world.clusters.keys {
            guard var cluster = world.clusters[id] else { continue }
            cluster.links = Dictionary(
                uniqueKeysWithValues: cluster.links.values.map { link in
                    var link = link
                    link.name = renamed(link.name)
                    return (link.name, link)
                })
            for index in cluster.mirrors.indices { cluster.mirrors[index].link = renamed(cluster.mirrors[index].link) }
            world.clusters[id] = cluster
        }
    }
}
