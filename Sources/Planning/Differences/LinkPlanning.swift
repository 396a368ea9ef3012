import Domain

/// Cluster links: those of ClusterLink manifests and those derived from groups.
struct LinkPhase: PlanningPhase {
    let facts: Facts
    var written: Draft

    /// The plan for ClusterLink manifests, after what groups claim.
    static func plan(_ facts: Facts, _ claims: Claims) -> Draft {
        var phase = LinkPhase(facts: facts, written: Draft(claims))
        phase.planClusterLinks()
        return phase.written
    }

    private mutating func planClusterLinks() {
        for spec in facts.chainedClusterLinks() {
            let owner = LinkOwner(spec)
            let halves = plan(spec.halves, owner)
            func mirror(_ selector: TopicSelector?, from source: String, to destination: String) {
                guard let selector else { return }
                let topics = select([selector], declared: [], from: source, mirroredOn: [destination], owner)
                planMirrors(
                    WantedMirrors(
                        topics: topics, source: source, cluster: destination, halves: halves, prefix: spec.prefix,
                        owner: owner))
            }
            mirror(spec.mirrorTopics, from: spec.source, to: spec.destination)
            mirror(spec.reverseMirrorTopics, from: spec.destination, to: spec.source)
        }
    }
}

extension Facts {
    /// Links in an order in which what one mirrors is known before another link reads it from there; links in a circle
    /// by name.
    fileprivate func chainedClusterLinks() -> [ClusterLinkSpec] {
        var open = workspace.clusterLinks.values.sorted { $0.name < $1.name }
        var ordered: [ClusterLinkSpec] = []
        while !open.isEmpty {
            let destinations = Set(open.map(\.destination))
            let next = open.firstIndex { !destinations.contains($0.source) } ?? open.startIndex
            ordered.append(open.remove(at: next))
        }
        return ordered
    }

    // MARK: What is wanted

    fileprivate func fields(of link: DesiredLink) -> [String: String] {
        var fields = Dictionary(uniqueKeysWithValues: link.configs.map { ("configs.\($0)", $1) })
        fields["mode"] = link.half.mode.description
        fields["remote"] = link.remote
        if let credentials = secrets.fingerprint(of: credentials(of: link)) { fields["credentials"] = credentials }
        return fields
    }

    /// The credentials that are written into a half.
    fileprivate func credentials(of link: DesiredLink) -> [Credentials] {
        [
            link.half.dials ? workspace.clusters[link.remote]?.linkCredentials : nil,
            link.half.needsLocalCredentials ? workspace.clusters[link.cluster]?.linkCredentials : nil,
        ].compactMap(\.self)
    }

    /// A half that dials is checked against the other side when it is made: it has to be there, and its credentials too.
    fileprivate func obstacle(toCreating link: DesiredLink) -> String? {
        if let reason = secrets.obstacle(to: credentials(of: link)) { return "credentials: \(reason)" }
        guard link.half.dials else { return nil }
        switch observation.clusters[link.remote] {
        case .unreachable?, .broken?, .wrong?, .throttled?:
            return observation.clusters[link.remote]?.silence(of: link.remote)
        default: return nil
        }
    }

    /// The row of a link that is owned, while its credentials are written: what a write that fails has left is not
    /// known, so whatever is wanted afterwards is written again.
    fileprivate func uncertainRow(of unit: Unit, _ nativeID: String?) -> Recorded.Owned? {
        guard var row = ownedRow(of: unit.address, nativeID: nativeID), row.applied["credentials"] != nil else {
            return nil
        }
        row.applied["credentials"] = LinkCredentials.unknown
        return row
    }

    /// What a live link says, with the defaults it does not list. Its credentials read back as null: they are what was
    /// last written, unless the other side refuses them.
    fileprivate func seenFields(
        of link: DesiredLink, _ live: ObservedLink, _ address: ResourceAddress, set: [String: String],
        wanted: [String: String]
    ) -> [String: String] {
        var fields = set
        for (name, value) in LinkConfigs.defaults where fields["configs.\(name)"] == nil {
            fields["configs.\(name)"] = value
        }
        fields["mode"] = link.half.mode.description
        fields["remote"] = link.remote
        let applied = recorded.owned[address]?.applied["credentials"] ?? wanted["credentials"]
        fields["credentials"] = live.isRefusedByRemote && applied != nil ? LinkCredentials.unknown : applied
        return fields
    }

    /// Configs to reset: those that were set before, are set now and nobody wants; filters go with their flags.
    fileprivate func linkResets(
        _ address: ResourceAddress, _ wanted: [String: String], _ set: [String: String]
    ) -> [Change.FieldDifference] {
        resets(of: address, wanted: wanted, live: set).filter { reset in
            let name = String(reset.field.dropFirst("configs.".count))
            let isFilter = LinkConfigs.enableFlags.values.contains(name)
            return !isFilter && reset.from != LinkConfigs.defaults[name]
        }
    }

    /// The other cluster's bootstrap servers, when they are known on both sides and differ by meaning.
    fileprivate func movedBootstrap(of link: DesiredLink, _ live: ObservedLink) -> [Change.FieldDifference] {
        guard link.half.dials, let now = live.configs["bootstrap.servers"],
            let wanted = observation.sites.clusters[link.remote]?.bootstrapServers,
            ServerList(now) != ServerList(wanted)
        else { return [] }
        return [Change.FieldDifference("bootstrap.servers", from: now, to: ServerList(wanted).description)]
    }

    /// Filters and intervals first, enable flags last: a flag without its filter syncs nothing, and switching one off
    /// wipes its filter.
    static func batches(_ changes: [ConfigChange]) -> [[ConfigChange]] {
        let flags = changes.filter { LinkConfigs.enableFlags[$0.name] != nil }
        let others = changes.filter { LinkConfigs.enableFlags[$0.name] == nil }
        return [others, flags].filter { !$0.isEmpty }.map { $0.sorted { $0.name < $1.name } }
    }
}

extension PlanningPhase {
    /// Plans the halves of one link.
    ///
    /// - Returns: The halves under the name the link really has.
    mutating func plan(_ halves: [DesiredLink], _ owner: LinkOwner) -> [DesiredLink] {
        let named = halves.map { half in
            var half = half
            half.name = links.names[half.key] ?? half.name
            return half
        }
        let addresses = Dictionary(named.map { ($0.cluster, $0.address) }) { first, _ in first }
        for half in named {
            var unit = Unit(
                half.address, after: [ResourceAddress(.cluster, half.cluster), ResourceAddress(.cluster, half.remote)],
                labels: owner.labels, ownership: owner.ownership)
            if let first = half.afterHalfOn, let address = addresses[first] { unit.dependencies.append(address) }
            plan(half, unit, owner)
        }
        return named
    }

    private mutating func plan(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner) {
        if let other = written.claims.linkOwners[link.address] {
            return other.link.isSame(as: link) ? () : refuseSecondOwner(link, unit, owner, other.owner)
        }
        written.claims.linkOwners[link.address] = (link, owner)
        if let names = links.ambiguous[link.key] { return refuseAmbiguous(link, unit, owner, names) }
        if links.misnamed.contains(link.key) { return refuseRename(link, unit, owner) }
        let fields = facts.fields(of: link)
        switch observation.clusters[link.cluster] {
        case .reachable(let snapshot)?:
            guard let live = snapshot.links.first(where: { $0.name == link.name }) else {
                if let taken = facts.takenPrefix(of: link, among: snapshot.links) {
                    return refuseLink(unit, owner, .links, taken)
                }
                return create(link, unit, fields, owner)
            }
            guard facts.hasEnds(live, of: link) else { return refuseOtherEnds(link, unit, owner, live) }
            settle(link, unit, live, fields, owner)
        case .absent?: create(link, unit, fields, owner)
        case .unmanaged?, nil:
            refuseLink(unit, owner, .unsupported, .withoutCredentials(cluster: link.cluster))
        case .some(let silent):
            leaveUnseen(unit, fields: fields, waitsFor: silent.silence(of: link.cluster) ?? link.cluster)
        }
    }

    // MARK: Create

    private mutating func create(_ link: DesiredLink, _ unit: Unit, _ fields: [String: String], _ owner: LinkOwner) {
        if let obstacle = facts.obstacle(toCreating: link) { return hold(unit, .create, waitsFor: obstacle) }
        let creation = LinkCreation(
            cluster: link.cluster, link: link.name, remote: link.remote, half: link.half,
            configs: Facts.batches(link.configs.map { ConfigChange($0, $1) }).flatMap(\.self),
            validates: link.half.dials
        )
        create(unit, fields: fields, shown: fields.asDifferences, group: owner.group) { effect in
            Step("create", unit.address, .kafka(.createLink(creation)), ledger: effect)
        }
    }

    // MARK: Change

    private static var paused: String { "configs.cluster.link.paused" }

    private mutating func settle(
        _ link: DesiredLink, _ unit: Unit, _ live: ObservedLink, _ fields: [String: String], _ owner: LinkOwner
    ) {
        let connection = live.connection
        guard connection == link.half.connection || options.adoptOnly else {
            return refuseLink(
                unit, owner, .immutable,
                .connection(
                    link: live.name, cluster: link.cluster, live: connection, wanted: link.half.connection,
                    facts.initiator(of: link, owner, live: connection)))
        }
        let fields = facts.remembering("credentials", of: unit.address, in: fields)
        let set = live.configs.reduce(into: [:]) { $0["configs.\($1.key)"] = ConfigValue.canonical($1.key, $1.value) }
        var wanted = fields
        for (flag, filter) in LinkConfigs.enableFlags where wanted["configs.\(flag)"] == "false" {
            wanted["configs.\(filter)"] = nil
        }
        // A standby follows: a link of a group that somebody paused is resumed, like its mirrors, unless that is declared.
        if owner.group != nil, wanted[Self.paused] == nil, set[Self.paused] == "true" { wanted[Self.paused] = "false" }
        let liveFields = facts.seenFields(of: link, live, unit.address, set: set, wanted: wanted)
        let differences =
            (wanted.differences(fromLive: liveFields) + facts.linkResets(unit.address, wanted, set)
            + facts.movedBootstrap(of: link, live)).sorted { $0.field < $1.field }
        let alteration = LinkAlteration(
            cluster: link.cluster, link: link.name, remote: link.remote, half: link.half,
            batches: Facts.batches(differences.configChanges),
            renewsConnection: differences.contains { ["credentials", "bootstrap.servers"].contains($0.field) })
        if alteration.renewsConnection, !options.adoptOnly, let obstacle = facts.obstacle(toCreating: link) {
            var unit = unit
            unit.isThere = true
            return hold(unit, waitsFor: obstacle)
        }
        let before = alteration.renewsConnection ? facts.uncertainRow(of: unit, live.clusterLinkID) : nil
        settle(
            unit, differences: differences, fields: fields, live: liveFields, nativeID: live.clusterLinkID,
            group: owner.group
        ) { effect in
            [
                before.map { Step("renew", unit.address, .ledger(.record), ledger: .own($0)) },
                Step("alter", unit.address, .kafka(.alterLink(alteration)), ledger: effect),
            ].compactMap(\.self)
        }
    }
}

/// What is known of the credentials in a link, which nobody can read.
enum LinkCredentials {
    /// Stands for a fingerprint: some write may have left others.
    static let unknown = "unknown"
}

extension ObservedLink {
    /// Whether the other side refuses the credentials of the link.
    fileprivate var isRefusedByRemote: Bool { LinkFault(of: self)?.concernsCredentials ?? false }
}
