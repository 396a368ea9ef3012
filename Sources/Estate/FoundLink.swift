import Domain

/// A link between two clusters, put together from the halves that they hold.
struct FoundLink {
    /// Name on the wire.
    let name: String
    let source: String
    let destination: String
    let mode: LinkMode
    /// The only side that dials, where it is not the usual one.
    let initiator: String?
    /// The half that pulls to the destination.
    let half: ObservedLink
    /// The half that pulls to the source: of bidirectional links.
    let back: ObservedLink?
    /// Mirrors on the destination that live.
    let mirrors: [ObservedMirror]
    /// Mirrors on the source that live.
    let reverse: [ObservedMirror]

    /// What links are known by where their manifests do not name them.
    var identity: [String] {
        [mode.rawValue, prefix ?? ""]
            + (mode == .bidirectional ? [source, destination].sorted() : [source, destination])
    }

    var prefix: String? { half.configs["cluster.link.prefix"].flatMap { $0.isEmpty ? nil : $0 } }
}

/// Pairs the halves of links.
struct LinkPairing {
    private let estate: Estate
    private let names: [String: String]
    private(set) var links: [FoundLink] = []
    private(set) var remarks: [Remark] = []

    init(_ estate: Estate) {
        self.estate = estate
        names = Dictionary(
            estate.clusters.compactMap { cluster in cluster.id.map { ($0, cluster.name) } },
            uniquingKeysWith: { first, _ in first })
        for cluster in estate.clusters {
            for link in cluster.kafka?.links ?? [] { take(link, on: cluster.name) }
        }
    }

    private mutating func take(_ link: ObservedLink, on cluster: String) {
        guard let remote = link.remoteClusterID.flatMap({ names[$0] }) else {
            remarks.append(.linkToElsewhere(link: link.name, cluster: cluster, remote: link.remoteClusterID))
            return
        }
        let other = estate.cluster(remote)?.kafka?.links.first {
            $0.name == link.name && names[$0.remoteClusterID ?? ""] == cluster
        }
        switch link.mode {
        case .destination:
            let isDialled = link.saysConnection == .inbound
            guard !isDialled || other != nil else {
                remarks.append(.halfOfLink(link: link.name, cluster: cluster))
                return
            }
            add(link, nil, from: remote, to: cluster, .unidirectional, initiator: isDialled ? remote : nil)
        case .source: break
        case .bidirectional:
            guard let other else {
                remarks.append(.halfOfLink(link: link.name, cluster: cluster))
                return
            }
            addBidirectional(link, other, on: cluster, remote)
        case .other(let word): remarks.append(.linkMode(link: link.name, cluster: cluster, mode: word))
        }
    }

    /// Both halves come by; the link goes from the side that has records of its own, and is named once.
    private mutating func addBidirectional(
        _ half: ObservedLink, _ other: ObservedLink, on cluster: String, _ remote: String
    ) {
        let here = mirrors(of: half.name, on: cluster)
        let there = mirrors(of: other.name, on: remote)
        let isDestination = here.isEmpty == there.isEmpty ? cluster > remote : !here.isEmpty
        guard isDestination else { return }
        let initiator: String? =
            switch (half.saysConnection, other.saysConnection) {
            case (.inbound, _): remote
            case (_, .inbound): cluster
            default: nil
            }
        add(half, other, from: remote, to: cluster, .bidirectional, initiator: initiator)
    }

    private mutating func add(
        _ half: ObservedLink, _ back: ObservedLink?, from source: String, to destination: String, _ mode: LinkMode,
        initiator: String?
    ) {
        links.append(
            FoundLink(
                name: half.name, source: source, destination: destination, mode: mode, initiator: initiator, half: half,
                back: back, mirrors: livingMirrors(of: half.name, on: destination),
                reverse: back == nil ? [] : livingMirrors(of: half.name, on: source)))
    }

    private func mirrors(of link: String, on cluster: String) -> [ObservedMirror] {
        (estate.cluster(cluster)?.kafka?.mirrors ?? []).filter { $0.link == link && $0.status != .stopped }
    }

    /// Mirrors that a manifest can mean; what has failed, or is being ended, is told.
    private mutating func livingMirrors(of link: String, on cluster: String) -> [ObservedMirror] {
        let all = mirrors(of: link, on: cluster)
        let living = all.filter { $0.status.isLasting }
        let others = Dictionary(grouping: all.filter { !$0.status.isLasting }, by: \.status)
        remarks += others.map { status, rows in
            .mirrors(cluster: cluster, link: link, status: status, topics: rows.map(\.topic).sorted())
        }.sorted { "\($0)" < "\($1)" }
        return living.sorted { $0.topic < $1.topic }
    }
}

extension MirrorStatus {
    /// Whether it is a mirror that goes on, or will as soon as its source can be reached.
    fileprivate var isLasting: Bool {
        switch self {
        case .failed, .pendingStopped, .stopped, .other: false
        default: true
        }
    }
}
