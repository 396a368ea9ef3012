package import SimulatorCore

/// Whether the two ends of a link can talk, as its own servers would find out.
enum LinkConnection: Equatable {
    case connected
    case unreachable
    case unresolvable
    case wrongCluster(String)
    case authenticationFailed
    case remoteLinkMissing

    /// The wire's code and text for a connection that does not work.
    var error: (code: String, message: String)? {
        switch self {
        case .connected: nil
        case .unreachable:
            ("BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR", "Unable to connect to the remote cluster.")
        case .unresolvable:
            ("UNRESOLVABLE_BOOTSTRAP_ERROR", "The bootstrap servers of the remote cluster cannot be resolved.")
        case .wrongCluster(let id):
            ("UNKNOWN", "The bootstrap servers belong to cluster \(id), which is not the expected cluster.")
        case .authenticationFailed:
            ("AUTHENTICATION_ERROR", "Authentication with the remote cluster failed.")
        case .remoteLinkMissing: ("UNKNOWN", "The remote cluster does not have a link of this name.")
        }
    }
}

extension KafkaEstate {
    /// The half of a link that the other cluster holds under the same name.
    func partner(of link: Link) -> Link? {
        guard let partner = clusters[link.remoteID]?.links[link.name], partner.remoteID == link.cluster.id,
            link.mode == "BIDIRECTIONAL"
                ? partner.mode == "BIDIRECTIONAL" : Set([link.mode, partner.mode]) == ["SOURCE", "DESTINATION"]
        else { return nil }
        return partner
    }

    /// Whether the other half of a pair is missing. A bidirectional link that dials fetches without one all the same, but
    /// its tasks do not run.
    func lacksPartner(_ link: Link, in stage: Stage) -> Bool {
        let connection = connection(of: link, in: stage)
        return connection == .remoteLinkMissing
            || connection == .connected && link.mode == "BIDIRECTIONAL" && partner(of: link) == nil
    }

    func connection(of link: Link, in stage: Stage) -> LinkConnection {
        if link.dialsOut {
            let outcome = dial(link, in: stage)
            guard outcome == .connected else { return outcome }
            return link.mode == "SOURCE" && partner(of: link) == nil ? .remoteLinkMissing : .connected
        }
        guard let remote = clusters[link.remoteID] else { return .unreachable }
        guard stage.siteReaches(link.cluster.site, remote.site) else { return .unreachable }
        guard let partner = partner(of: link), partner.dialsOut else { return .remoteLinkMissing }
        return dial(partner, in: stage)
    }

    /// Connects to the cluster a link's configs name.
    func dial(_ link: Link, in stage: Stage) -> LinkConnection {
        guard let remote = cluster(bootstrap: link.config("bootstrap.servers")) else {
            return clusters[link.remoteID] == nil ? .unreachable : .unresolvable
        }
        guard stage.siteReaches(link.cluster.site, remote.site) else { return .unreachable }
        guard remote.id == link.remoteID || stage.lies.contains(.linkIdentityUnchecked) else {
            return .wrongCluster(remote.id)
        }
        guard stage.lies.contains(.linkCredentialsUnchecked) || authenticates(link, on: remote, at: stage.now) else {
            return .authenticationFailed
        }
        return .connected
    }

    /// A self-managed cluster that is dialled in plain text asks for no credentials.
    private func authenticates(_ link: Link, on remote: Cluster, at now: Milliseconds) -> Bool {
        if !remote.kind.isCloud, !link.config("security.protocol").hasPrefix("SASL") { return true }
        let credentials = Jaas.credentials(in: link.config("sasl.jaas.config"))
        return keys.caller(of: credentials, on: remote.id, at: now) != nil
    }

    /// Looks again at every link: after a region, a key, or a cluster came or went.
    package func refreshLinks(in stage: inout Stage) {
        for cluster in sortedClusters {
            for link in cluster.sortedLinks { refresh(link, in: &stage) }
        }
    }

    /// Brings a link's state, and those of its mirrors, in line with its connection.
    func refresh(_ link: Link, in stage: inout Stage) {
        guard !link.isPaused else { return pause(link, in: &stage) }
        let connection = connection(of: link, in: stage)
        switch connection {
        case .connected, .remoteLinkMissing: reconnect(link)
        case .unreachable, .unresolvable: disconnect(link, in: &stage)
        case .authenticationFailed, .wrongCluster: fail(link, connection)
        }
        settleMirrors(of: link, in: &stage)
        if connection == .connected { resumeWork(of: link, in: &stage) }
    }

    /// A paused link does not connect, so it notices nothing either.
    private func pause(_ link: Link, in stage: inout Stage) {
        link.state = .paused
        link.error = nil
        link.unreachableSince = nil
        settleMirrors(of: link, in: &stage)
    }

    /// After an interruption fetch positions are unknown until the next fetch.
    private func reconnect(_ link: Link) {
        if link.unreachableSince != nil || link.state != .active {
            for mirror in link.sortedMirrors { mirror.forgetPositions() }
        }
        link.unreachableSince = nil
        link.error = nil
        link.state = .active
    }

    private func disconnect(_ link: Link, in stage: inout Stage) {
        if link.state == .failed || link.state == .paused {
            link.error = nil
            link.state = .active
        }
        guard link.unreachableSince == nil else { return }
        link.unreachableSince = stage.now
        schedule(.timeout, of: link, at: stage.now + link.milliseconds("cluster.link.retry.timeout.ms"))
    }

    private func fail(_ link: Link, _ connection: LinkConnection) {
        link.unreachableSince = nil
        link.error = connection.error
        link.state = .failed
    }

    /// The end of the retry window: only now does the link say that the other side is gone.
    func noteTimeout(of link: Link, in stage: inout Stage) {
        guard let since = link.unreachableSince, !link.isPaused else { return }
        let due = since + link.milliseconds("cluster.link.retry.timeout.ms")
        guard due <= stage.now else { return schedule(.timeout, of: link, at: due) }
        link.state = .unavailable
        link.error = connection(of: link, in: stage).error
        settleMirrors(of: link, in: &stage)
    }

    /// What the link's state makes of each mirror that is not on its way elsewhere.
    private func settleMirrors(of link: Link, in stage: inout Stage) {
        let settled: Set<MirrorStatus> = [.active, .linkPaused, .sourceUnavailable, .linkFailed]
        for mirror in link.sortedMirrors where settled.contains(mirror.status) {
            let status: MirrorStatus =
                switch link.state {
                case .active: .active
                case .paused: .linkPaused
                case .unavailable: .sourceUnavailable
                case .failed: .linkFailed
                }
            guard mirror.status != status else { continue }
            change(mirror, to: status, in: &stage)
        }
    }

    private func resumeWork(of link: Link, in stage: inout Stage) {
        for mirror in link.sortedMirrors {
            switch mirror.status {
            case .active: markForFetch(mirror, in: &stage)
            case .pendingMirror: schedule(.start, of: mirror, at: stage.now + timing.mirrorStart)
            case .pendingStopped where mirror.ending == .promote, .pendingSynchronize:
                markForFetch(mirror, in: &stage)
            case .pendingSetupForRestore, .pendingRestore:
                schedule(.restore, of: mirror, at: stage.now + timing.restore)
            default: break
            }
        }
        for task in LinkTask.allCases { wake(task, of: link, in: &stage) }
    }
}

/// The value of `sasl.jaas.config`.
package enum Jaas {
    package static func credentials(in text: String) -> Credentials? {
        guard let key = value(of: "username", in: text), let secret = value(of: "password", in: text) else {
            return nil
        }
        return Credentials(key: key, secret: secret)
    }

    private static func value(of name: String, in text: String) -> String? {
        let opening = Array("\(name)=".utf8)
        let bytes = Array(text.utf8)
        let starts = bytes.indices.dropLast(opening.count)
        guard let start = starts.first(where: { bytes[$0...].starts(with: opening) }) else { return nil }
        let rest = bytes[(start + opening.count)...]
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let value = rest.dropFirst().prefix { $0 != quote }
        guard value.endIndex < bytes.endIndex else { return nil }
        return String(decoding: value, as: UTF8.self)
    }
}
