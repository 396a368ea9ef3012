import Domain

/// Why a link cannot be as its manifest says.
extension PlanningPhase {
    mutating func refuseLink(_ unit: Unit, _ owner: LinkOwner, _ gate: Refusal.Gate, _ reason: LinkReason) {
        refuse(
            unit,
            Refusal(
                gate, subject: unit.address.description, .link(reason),
                origin: owner.origin(owner.group == nil ? "spec" : "spec.link")), owner: owner)
    }

    mutating func refuseAmbiguous(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ names: [String]) {
        refuseLink(unit, owner, .identity, .ambiguous(among: names, facts.declaration(of: link, owner)))
    }

    mutating func refuseRename(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner) {
        let declared = facts.declaredName(of: link.key) ?? link.name
        refuseLink(
            unit, owner, .immutable,
            .renamed(live: link.name, declared: declared, facts.declaration(of: link, owner)))
    }

    mutating func refuseOtherEnds(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ live: ObservedLink) {
        let other = OtherLink(
            name: live.name, mode: live.mode, remote: live.remoteClusterID,
            edit: facts.modeEdit(after: live, of: link, owner))
        refuseLink(unit, owner, .immutable, .otherEnds(other, facts.declaration(of: link, owner)))
    }

    /// Two manifests that mean one link with different settings would undo each other's work for ever.
    mutating func refuseSecondOwner(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ first: LinkOwner) {
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .links, subject: owner.description,
                    .link(.declaredTwice(unit.address, by: first.description)),
                    origin: owner.origin(owner.group == nil ? "spec" : "spec.link")),
                addresses: [unit.address], owner: facts.ownerRefused(with: owner)))
    }
}

extension Facts {
    /// A cluster takes a prefix for one link only, and refuses it to others as long as that one is there.
    func takenPrefix(of link: DesiredLink, among links: [ObservedLink]) -> LinkReason? {
        guard let prefix = link.prefix,
            let holder = links.first(where: { $0.configs["cluster.link.prefix"] == prefix })?.name
        else { return nil }
        return .prefixTaken(prefix, by: holder, cluster: link.cluster)
    }

    fileprivate func declaration(of link: DesiredLink, _ owner: LinkOwner) -> DeclaredLink {
        DeclaredLink(
            cluster: link.cluster, remote: link.remote, owner: owner.description, nameField: nameField(of: link, owner))
    }

    /// The field that names a link, below `spec`.
    func nameField(of link: DesiredLink, _ owner: LinkOwner) -> String {
        guard let family = families.first(where: { $0.name == owner.group }) else { return "linkName" }
        let other = link.cluster == family.primary ? link.remote : link.cluster
        let ends = [family.primary, other]
        let pair = family.linkSettings.mode == .bidirectional ? ends.sorted() : ends
        return "link.names.\(pair.joined(separator: "-"))"
    }

    /// The mode of the live links that carry mirrors, where it is one and not the declared one: a link cannot change it.
    func otherMode(of mirrors: [MirrorReason.LinkedTopic], than declared: DesiredLink) -> LinkMode? {
        let live = observation.clusters[declared.cluster]?.snapshot?.links ?? []
        let modes = Set(mirrors.map(\.link)).map { name in live.first { $0.name == name }?.mode }
        guard let mode = modes.first, modes.allSatisfy({ $0 == mode }), mode != declared.half.mode else { return nil }
        return mode?.declared
    }

    /// The edit after which a live link is the declared one, where only the mode is another.
    fileprivate func modeEdit(after live: ObservedLink, of link: DesiredLink, _ owner: LinkOwner) -> OtherLink.ModeEdit?
    {
        guard isBetween(live, ends: link) else { return nil }
        return live.mode.declared.map { .init(field: owner.group == nil ? "mode" : "link.mode", mode: $0) }
    }

    /// The edit after which a half has the connection mode of the live one.
    func initiator(
        of link: DesiredLink, _ owner: LinkOwner, live connection: LinkHalf.Connection
    ) -> InitiatorEdit {
        let field = owner.group == nil ? "initiator" : "link.initiator"
        let other = observation.clusters[link.remote]?.snapshot?.links.first { $0.name == link.name }
        if connection == .outbound, other?.saysConnection == .outbound { return .init(field: field, cluster: nil) }
        return .init(field: field, cluster: connection == .outbound ? link.cluster : link.remote)
    }
}

extension LinkHalf.Mode {
    /// The mode of a manifest whose halves have it.
    fileprivate var declared: LinkMode? {
        switch self {
        case .bidirectional: .bidirectional
        case .destination, .source: .unidirectional
        case .other: nil
        }
    }
}

extension DesiredLink {
    /// Whether two manifests want the same of a half.
    func isSame(as other: DesiredLink) -> Bool {
        var other = other
        other.declaration = declaration
        other.afterHalfOn = afterHalfOn
        return self == other
    }
}

/// Bootstrap servers by meaning: without `SASL_SSL://`, trailing `/`, spaces and order.
struct ServerList: Hashable, CustomStringConvertible {
    private let servers: Set<String>

    init(_ text: String) {
        servers = Set(text.split(separator: ",").map { Self.plain($0) }.filter { !$0.isEmpty })
    }

    var description: String { servers.sorted().joined(separator: ",") }

    private static func plain(_ server: Substring) -> String {
        var host = server.filter { !$0.isWhitespace }[...]
        if let colon = host.firstIndex(of: ":"), host[colon...].hasPrefix("://") { host = host[colon...].dropFirst(3) }
        while host.hasSuffix("/") { host.removeLast() }
        return host.lowercased()
    }
}
