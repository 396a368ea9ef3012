import Domain
import Planning

/// Steps that move a primary, as strictly as the real services take them, on a data plane of numbered records.
extension World {
    mutating func move(_ action: StepAction, _ workspace: Workspace) throws {
        switch action {
        case .move(.fence(let entries)):
            try on(entries.cluster, workspace) { $0.denials.formUnion(entries.bindings) }
        case .move(.unfence(let entries)):
            try on(entries.cluster, workspace) { $0.denials.subtract(entries.bindings) }
        case .move(.verifyFence(let proof)):
            try on(proof.entries.cluster, workspace) { cluster in
                guard cluster.denials.isSuperset(of: proof.entries.bindings) else {
                    throw Refused("fence is not there")
                }
            }
        case .move(.drain(let mirrors)): try drain(mirrors, workspace)
        case .move(.awaitMirrors(let mirrors)): try awaitActive(mirrors, workspace)
        case .move(.detachLink(let reference)): try detach(reference.link, on: reference.cluster, workspace)
        case .move(.endMirrors(let verb, let mirrors)): try end(mirrors, by: verb, workspace)
        case .move(.restoreMirrors(let mirrors)): try restore(mirrors, workspace)
        case .registry(.awaitSchemas(let comparison)): try compare(comparison, workspace)
        case .registry(.deleteSchemas(let deletion)):
            try answers(.registry(deletion.environment))
            guard let id = self.environment(deletion.environment, workspace)?.id else { return }
            schemas[id]?.subtract(deletion.versions)
        case .move(.writeCanary(let canary)):
            try on(canary.cluster, workspace) { cluster in
                guard cluster.isWritable(canary.topic) else { throw Violation("canary into a mirror") }
            }
            if let mirror = canary.seenOn {
                try on(mirror.cluster, workspace) { cluster in
                    let isFed = cluster.mirrors.contains {
                        $0.topic == canary.topic && $0.link == mirror.link && $0.status == .active
                    }
                    guard isFed else { throw Refused("nothing arrives on \(mirror.cluster)") }
                }
            }
        case .move(.confirmHolder(let proof)):
            try on(proof.holder, workspace) { cluster in
                guard proof.topics.allSatisfy(cluster.isWritable) else { throw Violation("holder is not writable") }
            }
        default: throw Violation("unknown action \(action)")
        }
    }

    /// Exporters copy while they run into a registry that imports.
    mutating func export(_ workspace: Workspace) {
        for environment in environments.values.sorted(by: { $0.id < $1.id }) {
            for exporter in environment.registry?.exporters ?? [] where exporter.copies {
                guard
                    let destination = environments.values.first(where: {
                        exporter.destinationURL == "https://sr.\($0.id)/"
                    }), destination.registry?.modes.values.contains(.import) ?? false
                else { continue }
                let versions = (schemas[environment.id] ?? []).filter { exporter.selects($0.subject) }
                schemas[destination.id, default: []].formUnion(versions)
            }
        }
    }

    private mutating func compare(_ comparison: SchemaComparison, _ workspace: Workspace) throws {
        try answers(.registry(comparison.source), .registry(comparison.destination))
        export(workspace)
        guard let source = environment(comparison.source, workspace)?.id,
            let destination = environment(comparison.destination, workspace)?.id,
            schemas[destination, default: []].isSuperset(of: schemas[source] ?? [])
        else { throw Refused("schemas of \(comparison.destination) are behind") }
    }

    private func answers(_ endpoints: Endpoint...) throws {
        for endpoint in endpoints { try answers(endpoint) }
    }

    /// Mirrors fetch what their sources have, while both are alive.
    mutating func replicate(_ workspace: Workspace, atMost count: Int = .max) {
        for name in workspace.clusters.keys.sorted() { replicate(on: name, workspace, atMost: count) { _ in true } }
    }

    private mutating func replicate(
        on name: String, _ workspace: Workspace, atMost count: Int, _ takes: (ObservedMirror) -> Bool
    ) {
        guard var cluster = cluster(name, workspace), !dead.contains(cluster.listed.id) else { return }
        for (position, row) in cluster.mirrors.enumerated() where row.status.isFetching && takes(row) {
            guard let link = cluster.links[row.link], link.getsThrough,
                let source = link.remoteClusterID.flatMap({ clusters[$0] }), !dead.contains(source.listed.id)
            else { continue }
            let there = source.records[row.sourceTopic] ?? []
            var here = cluster.records[row.topic] ?? []
            here += there.dropFirst(here.count).prefix(count)
            cluster.records[row.topic] = here
            cluster.mirrors[position].lags = [Self.lag(of: here, behind: there)]
            cluster.mirrors[position].partitions = 1
        }
        clusters[cluster.listed.id] = cluster
    }

    func name(of cluster: Cluster, _ workspace: Workspace) -> String {
        workspace.clusters.keys.first { self.cluster($0, workspace)?.listed.id == cluster.listed.id } ?? ""
    }

    private mutating func drain(_ mirrors: LinkedMirrors, _ workspace: Workspace) throws {
        let topics = Set(mirrors.topics)
        guard let local = cluster(mirrors.cluster, workspace),
            let remote = local.links[mirrors.link]?.remoteClusterID.flatMap({ clusters[$0] })
        else { throw Violation("no link \(mirrors.link)") }
        try answers(.cluster(mirrors.cluster), .cluster(name(of: remote, workspace)))
        replicate(on: mirrors.cluster, workspace, atMost: .max) {
            $0.link == mirrors.link && topics.contains($0.topic)
        }
        for topic in mirrors.topics.sorted() {
            let held = cluster(mirrors.cluster, workspace)?.records[topic] ?? []
            guard held == remote.records[topic] ?? [] else { throw Refused("\(topic) does not drain") }
        }
    }

    /// Mirrors that are fed become ACTIVE; others keep the step waiting until it gives up.
    private mutating func awaitActive(_ mirrors: LinkedMirrors, _ workspace: Workspace) throws {
        try answers(.cluster(mirrors.cluster))
        settle(workspace)
        let rows = cluster(mirrors.cluster, workspace)?.mirrors ?? []
        for topic in mirrors.topics {
            let row = rows.first { $0.topic == topic && $0.link == mirrors.link }
            guard row?.status == .active else { throw Refused("\(topic) does not become ACTIVE") }
        }
    }

    /// A link that is deleted by force takes its rows with it, and leaves ordinary topics.
    private mutating func detach(_ link: String, on name: String, _ workspace: Workspace) throws {
        try on(name, workspace) { cluster in
            cluster.links[link] = nil
            cluster.mirrors.removeAll { $0.link == link }
        }
    }

    private mutating func end(
        _ mirrors: LinkedMirrors, by verb: MirrorPromotion, _ workspace: Workspace
    ) throws {
        guard let local = cluster(mirrors.cluster, workspace), let link = local.links[mirrors.link],
            let remote = link.remoteClusterID.flatMap({ clusters[$0] })
        else { throw Violation("no link \(mirrors.link)") }
        let peer = name(of: remote, workspace)
        if verb != .failover, dead.contains(remote.listed.id) { throw Refused("\(peer) is dead") }
        for topic in mirrors.topics {
            if verb == .reverse {
                replicate(on: mirrors.cluster, workspace, atMost: .max) { $0.topic == topic }
            }
            let held = cluster(mirrors.cluster, workspace)?.records[topic] ?? []
            if verb != .failover, checksLag, remote.records[topic] ?? [] != held {
                throw Refused("\(verb) of \(topic) with lag")
            }
            let now = time
            try on(mirrors.cluster, workspace) { cluster in
                guard
                    let row = cluster.mirrors.firstIndex(where: {
                        $0.link == mirrors.link && $0.topic == topic && $0.status != .stopped
                    })
                else { throw Violation("no mirror \(topic)") }
                let status = cluster.mirrors[row].status
                let isRefused =
                    switch verb {
                    case .failover: [.pendingRestore, .pendingSetupForRestore].contains(status)
                    case .promote: [.failed, .linkFailed].contains(status)
                    case .reverse: ![.active, .pendingSynchronize].contains(status)
                    }
                if isRefused { throw Refused("\(verb) of \(topic), which is \(status)") }
                cluster.mirrors[row].status = .stopped
                cluster.mirrors[row].stateTime = now
                cluster.mirrors[row].lags = [.init(partition: 0, lag: 0, lastSourceFetchOffset: -1)]
            }
            guard verb == .reverse else { continue }
            reverse(topic, mirrors.link, on: remote.listed.id)
        }
    }

    /// The source's half of a reversal: the server does it, whoever else answers.
    private mutating func reverse(_ topic: String, _ link: String, on id: String) {
        clusters[id]?.mirrors.removeAll { $0.topic == topic }
        clusters[id]?.mirrors.append(ObservedMirror(link: link, topic: topic, sourceTopic: topic, status: .active))
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

extension MirrorStatus {
    /// Whether a mirror takes what its source has.
    var isFetching: Bool { [.active, .pendingStopped, .pendingSynchronize].contains(self) }
}
