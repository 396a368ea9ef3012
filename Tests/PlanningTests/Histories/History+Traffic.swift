import Domain
import Planning

/// What clients do, and links and exporters by themselves.
extension History {
    mutating func write(_ topic: String, _ binding: String, isStale: Bool) {
        let store = ResourceAddress(.binding, "\(binding)/0")
        let client = "\(binding)-\(isStale)"
        if !isStale || clusterOfClient[client] == nil {
            clusterOfClient[client] = world.stores[store]?.bookkeeping?.primary
        }
        guard let site = clusterOfClient[client], let id = world.cluster(site, workspace)?.listed.id,
            !world.dead.contains(id), var cluster = world.clusters[id], cluster.isWritable(topic)
        else { return }
        let principal = isStale ? "User:batch" : "User:app"
        guard ![principal, "User:*"].contains(where: { cluster.denials.contains(.denyWrites(to: topic, by: $0)) })
        else { return }
        lastRecord += 1
        cluster.records[topic, default: []].append(lastRecord)
        world.clusters[id] = cluster
        seen.sites[site, default: .init()].records[topic, default: []].append(lastRecord)
        emit(.appended(site: site, topic: topic, record: lastRecord), by: .client(client))
    }

    /// A consumer that finds its cluster through a binding commits behind everything there is.
    mutating func commit(_ topic: String, _ binding: String) {
        let store = ResourceAddress(.binding, "\(binding)/0")
        guard let site = world.stores[store]?.bookkeeping?.primary, let id = world.cluster(site, workspace)?.listed.id,
            !world.dead.contains(id), world.clusters[id]?.topics[topic] != nil
        else { return }
        let count = world.clusters[id]?.records[topic]?.count ?? 0
        world.clusters[id]?.commits[World.Commit(group: "\(binding)-readers", topic: topic)] = count
        note(.client("\(binding)-readers"))
    }

    /// One round of every link and exporter, each as an actor of its own.
    mutating func work() {
        for id in world.clusters.keys.sorted() {
            for link in (world.clusters[id]?.links ?? [:]).values.sorted(by: { $0.name < $1.name }) {
                guard let remote = link.remoteClusterID, let from = names.clusters[remote], let to = names.clusters[id]
                else { continue }
                world.sync(link.name, on: id)
                note(.link(from: from, to: to))
            }
        }
        for id in world.environments.keys.sorted() {
            for exporter in world.environments[id]?.registry?.exporters ?? [] {
                let there = (exporter.destinationURL ?? "").dropFirst("https://sr.".count).dropLast()
                guard let from = names.environments[id], let to = names.environments[String(there)],
                    !isDead(from), !isDead(to)
                else { continue }
                world.export(exporter, from: id)
                note(.exporter(from: from, to: to))
            }
        }
    }

    /// Whether a registry is gone together with the cluster of its environment.
    private func isDead(_ environment: String) -> Bool {
        workspace.clusters.values.contains { spec in
            spec.environment == environment
                && world.cluster(spec.name, workspace).map { world.dead.contains($0.listed.id) } ?? false
        }
    }
}
