import Domain
import Planning

/// Steps that move a primary, as strictly as the real services take them, on a data plane of numbered records.
extension World {
    mutating func move(_ action: StepAction, _ workspace: Workspace) throws {
        switch action {
        case .fence(let entries):
            try on(entries.cluster, workspace) { $0.denials.formUnion(entries.bindings) }
        case .unfence(let entries):
            try on(entries.cluster, workspace) { $0.denials.subtract(entries.bindings) }
        case .verifyFence(let proof):
            try on(proof.entries.cluster, workspace) { cluster in
                guard cluster.denials.isSuperset(of: proof.entries.bindings) else {
                    throw Violation("fence is not there")
                }
            }
        case .drain(let mirrors): try drain(mirrors, workspace)
        case .endMirrors(let verb, let mirrors): try end(mirrors, by: verb, workspace)
        case .restoreMirrors(let mirrors): try restore(mirrors, workspace)
        case .awaitSchemas(let comparison): try answers(.registry(comparison.source), .registry(comparison.destination))
        case .deleteSchemas(let environment, _): try answers(.registry(environment))
        case .writeCanary(let name, let topic):
            try on(name, workspace) { cluster in
                guard cluster.isWritable(topic) else { throw Violation("canary into a mirror") }
            }
        case .confirmHolder(let proof):
            try on(proof.holder, workspace) { cluster in
                guard proof.topics.allSatisfy(cluster.isWritable) else { throw Violation("holder is not writable") }
            }
        default: throw Violation("unknown action \(action)")
        }
    }

    private func answers(_ endpoints: Endpoint...) throws {
        for endpoint in endpoints { try answers(endpoint) }
    }

    /// Mirrors fetch what their sources have, while both sides answer.
    mutating func replicate(_ workspace: Workspace) {
        for name in workspace.clusters.keys { replicate(on: name, workspace) { _ in true } }
    }

    private mutating func replicate(on name: String, _ workspace: Workspace, _ takes: (ObservedMirror) -> Bool) {
        guard var cluster = cluster(name, workspace), silent[.cluster(name)] == nil else { return }
        for (position, row) in cluster.mirrors.enumerated() where row.status == .active && takes(row) {
            guard let source = cluster.links[row.link]?.remoteClusterID.flatMap({ clusters[$0] }),
                silent[.cluster(self.name(of: source, workspace))] == nil
            else { continue }
            cluster.records[row.topic] = source.records[row.sourceTopic] ?? []
            cluster.mirrors[position].lags = [
                .init(
                    partition: 0, lag: 0, lastSourceFetchOffset: Int64(cluster.records[row.topic]?.count ?? 0))
            ]
        }
        clusters[cluster.listed.id] = cluster
    }

    func name(of cluster: Cluster, _ workspace: Workspace) -> String {
        workspace.clusters.keys.first { self.cluster($0, workspace)?.listed.id == cluster.listed.id } ?? ""
    }

    private mutating func drain(_ mirrors: LinkedMirrors, _ workspace: Workspace) throws {
        let topics = Set(mirrors.topics)
        replicate(on: mirrors.cluster, workspace) { $0.link == mirrors.link && topics.contains($0.topic) }
    }

    private mutating func end(
        _ mirrors: LinkedMirrors, by verb: MirrorEnding, _ workspace: Workspace
    ) throws {
        guard let local = cluster(mirrors.cluster, workspace), let link = local.links[mirrors.link],
            let remote = link.remoteClusterID.flatMap({ clusters[$0] })
        else { throw Violation("no link \(mirrors.link)") }
        let peer = name(of: remote, workspace)
        if verb != .failover { try answers(.cluster(peer)) }
        for topic in mirrors.topics {
            if verb != .failover, remote.records[topic] ?? [] != local.records[topic] ?? [] {
                throw Violation("\(verb) of \(topic) with lag")
            }
            try on(mirrors.cluster, workspace) { cluster in
                guard let row = cluster.mirrors.firstIndex(where: { $0.link == mirrors.link && $0.topic == topic })
                else {
                    throw Violation("no mirror \(topic)")
                }
                cluster.mirrors[row].status = .stopped
                cluster.mirrors[row].lags = [.init(partition: 0, lag: 0, lastSourceFetchOffset: -1)]
            }
            guard verb == .reverse else { continue }
            try on(peer, workspace) { cluster in
                cluster.mirrors.removeAll { $0.topic == topic }
                cluster.mirrors.append(
                    ObservedMirror(link: mirrors.link, topic: topic, sourceTopic: topic, status: .active))
            }
        }
    }

    private mutating func restore(_ mirrors: LinkedMirrors, _ workspace: Workspace) throws {
        guard let local = cluster(mirrors.cluster, workspace),
            let remote = local.links[mirrors.link]?.remoteClusterID.flatMap({ clusters[$0] })
        else { throw Violation("no link \(mirrors.link)") }
        for topic in mirrors.topics {
            guard
                remote.mirrors.contains(where: { $0.link == mirrors.link && $0.topic == topic && $0.status == .stopped }
                )
            else { throw Violation("restore of \(topic), whose other side is not STOPPED") }
            try on(mirrors.cluster, workspace) { cluster in
                cluster.mirrors.removeAll { $0.topic == topic }
                cluster.mirrors.append(
                    ObservedMirror(link: mirrors.link, topic: topic, sourceTopic: topic, status: .active))
                cluster.records[topic] = remote.records[topic]
            }
        }
    }
}

extension World.Cluster {
    /// Whether clients can write to a topic, apart from entries that deny it.
    func isWritable(_ topic: String) -> Bool {
        topics[topic] != nil && !mirrors.contains { $0.topic == topic && $0.status != .stopped }
    }
}
