extension KnownSites {
    /// Learns which partitions of its clusters hold records, from how far mirrors have come: their sources hold what they
    /// tell of, and the clusters that hold the mirrors hold what these fetched, which counts once they are sources.
    ///
    /// What was learned of a topic is forgotten when it is seen to be gone or to be another one of that name; when a run
    /// takes it away is told by ``forgetHolding(of:on:)``.
    ///
    /// - Parameters:
    ///   - clusters: What was seen now.
    ///   - remembered: What was known before.
    package mutating func learnHoldings(
        from clusters: [String: Reach<KafkaSnapshot>], remembering remembered: KnownSites
    ) {
        let names = Dictionary(self.clusters.map { ($0.value.id, $0.key) }) { first, _ in first }
        for (name, site) in self.clusters where remembered.clusters[name]?.id == site.id {
            self.clusters[name]?.holding = remembered.clusters[name]?.holding
            self.clusters[name]?.copiesBegan = remembered.clusters[name]?.copiesBegan
            self.clusters[name]?.protected = remembered.clusters[name]?.protected
        }
        var forgotten: [String: Set<String>] = [:]
        var seen: [String: [String: Set<Int>]] = [:]
        for (holder, reach) in clusters {
            guard let snapshot = reach.snapshot else { continue }
            let sources = Dictionary(snapshot.links.map { ($0.name, $0.remoteClusterID) }) { first, _ in first }
            for row in snapshot.mirrors where row.status != .stopped {
                let fetched = row.lags.lazy.filter { $0.lastSourceFetchOffset > 0 }.map(\.partition)
                seen[holder, default: [:]][row.topic, default: []].formUnion(fetched)
                guard let id = sources[row.link] ?? nil, let source = names[id] else { continue }
                guard row.error == nil else {
                    forgotten[source, default: []].insert(row.sourceTopic)
                    continue
                }
                let held = row.lags.lazy.filter { $0.lastSourceFetchOffset > 0 || $0.lag > 0 }.map(\.partition)
                seen[source, default: [:]][row.sourceTopic, default: []].formUnion(held)
            }
        }
        for name in self.clusters.keys {
            let topics = clusters[name]?.snapshot?.topics
            var holding = self.clusters[name]?.holding ?? [:]
            if let topics {
                // Partitions are never taken from a topic: one that has fewer was made anew.
                holding = holding.filter { topic, held in
                    topics[topic].map { topic in held.allSatisfy { $0 < topic.partitions } } ?? false
                }
            }
            for topic in forgotten[name] ?? [] { holding[topic] = nil }
            for (topic, partitions) in seen[name] ?? [:] where !partitions.isEmpty {
                holding[topic] = partitions.union(holding[topic] ?? []).sorted()
            }
            self.clusters[name]?.holding = holding.isEmpty ? nil : holding
        }
    }

    /// Forgets what was learned of a topic on a cluster: it is deleted there, or its log is cut.
    package mutating func forgetHolding(of topic: String, on cluster: String) {
        clusters[cluster]?.holding?[topic] = nil
    }

    /// Remembers that the copy of a topic on a cluster is made anew, or taken away.
    package mutating func beginCopy(of topic: String, on cluster: String, at time: Timestamp) {
        var began = clusters[cluster]?.copiesBegan ?? [:]
        began[topic] = max(began[topic] ?? time, time)
        clusters[cluster]?.copiesBegan = began
    }

    /// When the newest copy of some topics on a cluster was begun; `nil` when no run is known to have made one anew.
    package func copiesBegan(of topics: Set<String>, on cluster: String) -> Timestamp? {
        (clusters[cluster]?.copiesBegan ?? [:]).lazy.filter { topics.contains($0.key) }.map(\.value).max()
    }

    /// Partitions of a topic that are known to hold records on a cluster.
    package func partitionsHeld(of topic: String, on cluster: String) -> Set<Int> {
        Set(clusters[cluster]?.holding?[topic] ?? [])
    }
}
