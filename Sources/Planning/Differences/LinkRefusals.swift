import Domain

/// Why a link cannot be as its manifest says.
extension Planner {
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
            wayOut: "name the one that is meant (`linkName`, or `link.names` in a group)")
    }

    mutating func refuseRename(_ link: DesiredLink, _ unit: Unit, _ owner: LinkOwner) {
        let declared = declaredName(of: link.key) ?? link.name
        let field = owner.group == nil ? "linkName" : "link.names"
        refuseLink(
            unit, owner, .immutable,
            "\(owner.description) names its link \(declared), and the one between \(link.remote) and \(link.cluster) is "
                + "\(link.name): a link cannot be renamed, and its mirrors go with it",
            wayOut: "write \(link.name) in `\(field)`; or, for a link of another name, end the mirrors of "
                + "\(link.name) and delete it on \(link.cluster) by hand first")
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
        refusals.append(
            RefusedWork(
                refusal: Refusal(
                    .links, subject: owner.description,
                    message: "\(unit.address) is declared by \(first.description) too, with other settings",
                    wayOut:
                        "let one group follow the other, give both the same settings, or give them different link names",
                    origin: owner.origin(owner.group == nil ? "spec" : "spec.link")),
                addresses: [unit.address], owner: ownerRefused(with: owner)))
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
