import Domain
import Planning

/// What live systems answer to the questions of a plan, and what they do by themselves.
extension World {
    func answer(_ probe: Probe, _ workspace: Workspace) -> ProbeAnswer {
        switch probe {
        case .promotion(let verb, let mirrors):
            guard silent[.cluster(mirrors.cluster)] == nil, let cluster = cluster(mirrors.cluster, workspace) else {
                return .unanswered("\(mirrors.cluster) does not answer")
            }
            let refused = cluster.mirrors.filter { row in
                mirrors.topics.contains(row.topic) && verb != .failover
                    && [.failed, .linkFailed, .sourceUnavailable, .pendingStopped, .pendingSynchronize].contains(
                        row.status)
            }
            return .refusals(refused.reduce(into: [:]) { $0[$1.topic] = "is \($1.status)" })
        case .truncation(let mirrors): return truncation(of: mirrors, workspace)
        case .ends(let name, let topics):
            guard silent[.cluster(name)] == nil, let cluster = cluster(name, workspace) else {
                return .unanswered("\(name) does not answer")
            }
            // Every group has committed: the first partition holds all records.
            return .ends(
                topics.reduce(into: [:]) { $0[$1] = [0: Int64(cluster.records[$1]?.count ?? 0)] })
        case .readers: return .readers([])
        case .schemas(let name, _, _):
            guard silent[.registry(name)] == nil, let id = environment(name, workspace)?.id else {
                return .unanswered("\(name) does not answer")
            }
            return .schemas(schemas[id] ?? [])
        case .topicCreation, .topicAlteration: return .verdict(refused: nil)
        case .missingSchemas(let comparison, _):
            guard silent[.registry(comparison.source)] == nil, silent[.registry(comparison.destination)] == nil,
                let source = environment(comparison.source, workspace)?.id,
                let destination = environment(comparison.destination, workspace)?.id
            else { return .unanswered("a registry does not answer") }
            return .schemas((schemas[source] ?? []).subtracting(schemas[destination] ?? []))
        case .signIn(let binding, _):
            return .signIn(refused: refusedSignIns[binding].map { [$0] } ?? [])
        case .movement(let mirrors, let source):
            guard let remote = cluster(source, workspace), let local = cluster(mirrors.cluster, workspace) else {
                return .unanswered("no cluster")
            }
            let isLagging = mirrors.topics.contains { remote.records[$0]?.count != local.records[$0]?.count }
            return .movement(
                offsetsAdvanced: !dead.contains(remote.listed.id) && isLagging,
                source: sourceAnswer(source))
        }
    }

    private func sourceAnswer(_ cluster: String) -> SourceAnswer {
        switch silent[.cluster(cluster)] {
        case nil: .usable
        case .denied?: .unusable("HTTP 403")
        case .throttled?: .throttled
        default: .silent
        }
    }

    private func truncation(of mirrors: LinkedMirrors, _ workspace: Workspace) -> ProbeAnswer {
        guard let local = cluster(mirrors.cluster, workspace), let link = local.links[mirrors.link],
            let remote = link.remoteClusterID.flatMap({ clusters[$0] }), silent[.cluster(mirrors.cluster)] == nil
        else { return .unanswered("no link") }
        var cut: [String: Int64?] = [:]
        var refused: [String: String] = [:]
        for topic in mirrors.topics {
            let there = Set(remote.records[topic] ?? [])
            if remote.mirrors.contains(where: { $0.topic == topic && $0.status == .stopped && $0.link == mirrors.link })
            {
                cut[topic] = Int64((local.records[topic] ?? []).count { !there.contains($0) })
            } else {
                refused[topic] = "the remote topic is not STOPPED"
            }
        }
        return .truncation(cut, refused: refused)
    }

    /// States that last only for a while end, where the source is alive.
    mutating func settle(_ workspace: Workspace) {
        replicate(workspace)
        for id in clusters.keys.sorted() where !dead.contains(id) {
            guard var cluster = clusters[id] else { continue }
            for index in cluster.mirrors.indices {
                let row = cluster.mirrors[index]
                let source = cluster.links[row.link]?.remoteClusterID
                let isFed = source.map { !dead.contains($0) && clusters[$0]?.topics[row.sourceTopic] != nil } ?? false
                switch row.status {
                case .pendingStopped where isFed, .pendingSynchronize where isFed:
                    cluster.mirrors[index].status = .stopped
                    cluster.mirrors[index].stateTime = time
                case .stopped, .paused, .failed: break
                default: cluster.mirrors[index].status = isFed ? .active : .sourceUnavailable
                }
            }
            clusters[id] = cluster
        }
        for id in environments.keys.sorted() {
            guard let count = environments[id]?.registry?.exporters.count else { continue }
            for index in 0..<count where environments[id]?.registry?.exporters[index].state == .starting {
                environments[id]?.registry?.exporters[index].state = .running
            }
        }
        export(workspace)
    }
}
