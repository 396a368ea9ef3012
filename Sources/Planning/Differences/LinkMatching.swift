import Domain

/// Which live link each link of a manifest means. Links are known by their ends, mode and prefix; a name only creates
/// them, so all links of a workspace are matched together and no live link is meant twice.
struct LinkMatches {
    /// One link of a manifest, with its halves.
    struct Key: Hashable {
        let declaration: DesiredLink.Declaration
        let ends: Set<String>
    }

    /// Names by link; a link that is not here keeps the name its manifest gives it.
    var names: [Key: String] = [:]
    /// Links for which several live ones could be meant.
    var ambiguous: [Key: [String]] = [:]
    /// Links that a manifest names, and that have another name.
    var misnamed: Set<Key> = []

    init() {}
}

extension DesiredLink {
    var key: LinkMatches.Key { .init(declaration: declaration, ends: [cluster, remote]) }

    /// `FailoverGroup payments`, `ClusterLink audit`.
    fileprivate var declaredBy: String {
        switch declaration {
        case .clusterLink(let name): "ClusterLink \(name)"
        case .failoverGroup(let name): "FailoverGroup \(name)"
        }
    }

    /// What makes it the same link as another.
    fileprivate var identity: [String] { [cluster, remote, half.mode.description, prefix ?? ""] }
}

extension LinkMatches {
    init(of facts: Facts) {
        var open: [Key: [DesiredLink]] = [:]
        for half in facts.familyLinks.values.joined() + facts.workspace.clusterLinks.values.flatMap(\.halves) {
            open[half.key, default: []].append(half)
        }
        var claimed: Set<ResourceAddress> = []
        func settle(_ key: Key, _ name: String) {
            claimed.formUnion((open[key] ?? []).map { ResourceAddress(.link, in: $0.cluster, name) })
            note(name, of: key, facts)
            open[key] = nil
        }
        for (key, halves) in open where halves.contains(where: { facts.isLive($0, named: $0.name) }) {
            settle(key, halves[0].name)
        }
        for (key, halves) in open {
            if let name = halves.lazy.compactMap(facts.recordedName).min() { settle(key, name) }
        }
        let contenders = Dictionary(grouping: open.values.joined(), by: \.identity).mapValues(\.count)
        for (key, halves) in open {
            let candidates = Set(halves.flatMap { facts.candidates(for: $0, besides: claimed) })
            guard let name = candidates.first else { continue }
            let isContested = halves.contains { contenders[$0.identity] ?? 0 > 1 }
            if candidates.count == 1, !isContested {
                note(name, of: key, facts)
            } else {
                ambiguous[key] = candidates.sorted()
            }
        }
    }

    /// A name that the manifest itself gives is not only for a link that is still to be made.
    private mutating func note(_ name: String, of key: Key, _ facts: Facts) {
        names[key] = name
        if let declared = facts.declaredName(of: key), declared != name { misnamed.insert(key) }
    }
}

extension Facts {
    /// The name a manifest gives a link; `nil` where it leaves that to Spillway.
    func declaredName(of key: LinkMatches.Key) -> String? {
        switch key.declaration {
        case .clusterLink(let name): workspace.clusterLinks[name]?.settings.linkName
        case .failoverGroup(let name):
            (familyLinks[name] ?? []).first { $0.key == key }.flatMap { half in
                let names = families.first { $0.name == name }?.linkSettings.names ?? [:]
                return names.values.contains(half.name) ? half.name : nil
            }
        }
    }

    fileprivate func isLive(_ half: DesiredLink, named name: String) -> Bool {
        observation.clusters[half.cluster]?.snapshot?.links.contains { $0.name == name && hasEnds($0, of: half) }
            ?? false
    }

    /// Whether a live link is the one a half means, but for its name.
    func hasEnds(_ live: ObservedLink, of half: DesiredLink) -> Bool {
        live.mode == half.half.mode && isBetween(live, ends: half)
    }

    /// Whether a live link is between the ends of a declared half and has its prefix, whatever its mode.
    func isBetween(_ live: ObservedLink, ends half: DesiredLink) -> Bool {
        guard live.configs["cluster.link.prefix"] ?? "" == half.prefix ?? "" else { return false }
        if let remoteID = id(ofCluster: half.remote), let live = live.remoteClusterID { return live == remoteID }
        if case .absent? = observation.clusters[half.remote] { return false }
        return true
    }

    func id(ofCluster cluster: String) -> String? {
        observation.sites.clusters[cluster]?.id ?? workspace.clusters[cluster]?.id
    }

    /// The name under which the ledger owns a half that this manifest declared.
    fileprivate func recordedName(of half: DesiredLink) -> String? {
        index.recordedLinks[half.cluster]?.filter { address, owned in
            owned.declaredBy == half.declaredBy && owned.applied["remote"] == half.remote
                && owned.applied["mode"] == half.half.mode.description && mayExist(address, as: half)
        }.keys.map(\.name).min()
    }

    fileprivate func mayExist(_ address: ResourceAddress, as half: DesiredLink) -> Bool {
        guard let snapshot = observation.clusters[half.cluster]?.snapshot else { return true }
        return snapshot.links.contains { $0.name == address.name && hasEnds($0, of: half) }
    }

    /// Live links between the same ends that nobody else is known to mean.
    fileprivate func candidates(for half: DesiredLink, besides claimed: Set<ResourceAddress>) -> [String] {
        guard id(ofCluster: half.remote) != nil, let live = observation.clusters[half.cluster]?.snapshot?.links else {
            return []
        }
        return live.filter { hasEnds($0, of: half) }.map(\.name).filter { name in
            let address = ResourceAddress(.link, in: half.cluster, name)
            return !claimed.contains(address) && recorded.ownedElsewhere[address] == nil
                && !isOfAnotherManifest(address, half)
        }
    }

    /// Whether the ledger knows the link, or what it mirrors, as that of another manifest. A ClusterLink may have left: its
    /// link is not taken over under a new name without being named. A group that is still there ends its own links.
    fileprivate func isOfAnotherManifest(_ address: ResourceAddress, _ half: DesiredLink) -> Bool {
        let owner = index.recordedLinks[half.cluster]?[address]?.declaredBy
        guard case .clusterLink = half.declaration else {
            return families.contains { LinkOwner($0).description == owner && owner != half.declaredBy }
        }
        if index.recordedLinks[half.cluster]?[address] != nil { return owner.map { $0 != half.declaredBy } ?? false }
        return recorded.owned.contains { mirror, row in
            mirror.kind == .mirror && mirror.place == half.cluster && row.applied["link"] == address.name
                && row.declaredBy.map { $0 != half.declaredBy } ?? false
        }
    }
}

extension ClusterLinkSpec {
    var halves: [DesiredLink] {
        DesiredLink.halves(
            named: linkName, from: source, to: destination, settings: settings, selector: mirrorTopics, prefix: prefix,
            declaration: .clusterLink(name))
    }
}
