import Domain

/// Why a link cannot be as its manifest says.
extension PlanningPhase {
    mutating func refuseLink(
        _ unit: Unit, _ owner: LinkOwner, _ gate: Refusal.Gate, _ message: String, wayOut: String
    ) {
        refuse(
            unit,
            Refusal(
                gate, subject: unit.address.description, message: message, wayOut: wayOut,
                origin: owner.origin(owner.group == nil ? "spec" : "spec.link")), owner: owner)
    }

    mutating func refuseAmbiguous(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ names: [String]) {
        let links = names.count == 1 ? "link \(names[0])" : "one of the links \(names.joined(separator: ", "))"
        refuseLink(
            unit, owner, .identity,
            "\(link.cluster) holds \(links) from \(link.remote), which may be the one meant by \(owner.description) or not",
            wayOut: "write which one is meant: "
                + names.map { "`\(facts.nameField(of: link, owner)): \($0)`" }.joined(separator: " or "))
    }

    mutating func refuseRename(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner) {
        let declared = facts.declaredName(of: link.key) ?? link.name
        refuseLink(
            unit, owner, .immutable,
            "\(owner.description) names its link \(declared), and the one between \(link.remote) and \(link.cluster) is "
                + "\(link.name): a link cannot be renamed, and its mirrors go with it",
            wayOut:
                "write `\(facts.nameField(of: link, owner)): \(link.name)`; or, for a link of another name, end the "
                + "mirrors of \(link.name) and delete it on \(link.cluster) by hand first")
    }

    mutating func refuseOtherEnds(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ live: ObservedLink) {
        refuseLink(
            unit, owner, .immutable,
            "link \(live.name) on \(link.cluster) is another one (\(live.mode), remote \(live.remoteClusterID ?? "unknown"));"
                + " mode, prefix and ends of a link cannot change",
            wayOut: "choose another name, or delete the link by hand first")
    }

    /// Two manifests that mean one link with different settings would undo each other's work for ever.
    mutating func refuseSecondOwner(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner, _ first: LinkOwner) {
        written.refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .links, subject: owner.description,
                    message: "\(unit.address) is declared by \(first.description) too, with other settings",
                    wayOut:
                        "let one group follow the other, give both the same settings, or give them different link names",
                    origin: owner.origin(owner.group == nil ? "spec" : "spec.link")),
                addresses: [unit.address], owner: facts.ownerRefused(with: owner)))
    }
}

extension Facts {
    /// A cluster takes a prefix for one link only, and refuses it to others as long as that one is there.
    func takenPrefix(of link: DesiredLink, among links: [ObservedLink]) -> (message: String, wayOut: String)? {
        guard let prefix = link.prefix,
            let holder = links.first(where: { $0.configs["cluster.link.prefix"] == prefix })?.name
        else { return nil }
        return (
            "link \(holder) on \(link.cluster) has prefix \(prefix) already, and a cluster takes a prefix for one link only",
            "write another `prefix`; or delete link \(holder) on \(link.cluster) first"
        )
    }

    /// The field that names a link, below `spec`.
    func nameField(of link: DesiredLink, _ owner: LinkOwner) -> String {
        guard let family = families.first(where: { $0.name == owner.group }) else { return "linkName" }
        let other = link.cluster == family.primary ? link.remote : link.cluster
        let ends = [family.primary, other]
        let pair = family.linkSettings.mode == .bidirectional ? ends.sorted() : ends
        return "link.names.\(pair.joined(separator: "-"))"
    }

    /// The edit after which a half has the connection mode of the live one.
    func initiator(of link: DesiredLink, _ owner: LinkOwner, live connection: LinkHalf.Connection) -> String {
        let field = owner.group == nil ? "initiator" : "link.initiator"
        let other = observation.clusters[link.remote]?.snapshot?.links.first { $0.name == link.name }
        if connection == .outbound, other?.saysConnection == .outbound { return "remove `\(field)`" }
        return "write `\(field): \(connection == .outbound ? link.cluster : link.remote)`"
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
