extension KnownSites {
    /// Learns which partitions of its clusters hold records, from where mirrors of other clusters have come in them.
    ///
    /// - Parameters:
    ///   - clusters: What was seen now.
    ///   - remembered: What was known before.
    public mutating func learnHoldings(
        from clusters: [String: Reach<KafkaSnapshot>], remembering remembered: KnownSites
    ) {
        let names = Dictionary(self.clusters.map { ($0.value.id, $0.key) }) { first, _ in first }
        for (name, site) in self.clusters where remembered.clusters[name]?.id == site.id {
            self.clusters[name]?.holding = remembered.clusters[name]?.holding
            self.clusters[name]?.protected = remembered.clusters[name]?.protected
        }
        var forgotten: [String: Set<String>] = [:]
        var seen: [String: [String: Set<Int>]] = [:]
        for snapshot in clusters.values.lazy.compactMap(\.snapshot) {
            let sources = Dictionary(snapshot.links.map { ($0.name, $0.remoteClusterID) }) { first, _ in first }
            for row in snapshot.mirrors where row.status != .stopped {
                guard let id = sources[row.link] ?? nil, let source = names[id] else { continue }
                guard row.error == nil else {
                    forgotten[source, default: []].insert(row.sourceTopic)
                    continue
                }
                let held = row.lags.lazy.filter { $0.lastSourceFetchOffset > 0 }.map(\.partition)
                seen[source, default: [:]][row.sourceTopic, default: []].formUnion(held)
            }
        }
        for name in self.clusters.keys {
            let topics = clusters[name]?.snapshot?.topics
            var holding = self.clusters[name]?.holding ?? [:]
            for topic in holding.keys where topics.map({ $0[topic] == nil }) ?? false { holding[topic] = nil }
            for topic in forgotten[name] ?? [] { holding[topic] = nil }
            for (topic, partitions) in seen[name] ?? [:] where !partitions.isEmpty {
                holding[topic] = partitions.union(holding[topic] ?? []).sorted()
            }
            self.clusters[name]?.holding = holding.isEmpty ? nil : holding
        }
    }

    /// Partitions of a topic that are known to hold records on a cluster.
    public func partitionsHeld(of topic: String, on cluster: String) -> Set<Int> {
        Set(clusters[cluster]?.holding?[topic] ?? [])
    }
}
