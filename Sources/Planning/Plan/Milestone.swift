package import Domain

/// A point in the life of a family of groups that other work waits for. Each is an object of the plan with an address of its
/// own, so that edges between groups, bindings and members are edges between milestones.
package enum Milestone: Hashable, Sendable {
    /// The primary of now serves: clients may be sent there.
    case served
    /// Writers are kept from a member.
    case fenced(member: String)
    /// Copies on a member may be replaced: consents are on record, and the holder was seen once more.
    case confirmed(member: String)
    /// Writers are let in again where nothing stands apart any more.
    case unfenced(member: String)
    /// A member that was left follows again.
    case returned(member: String)
    /// The epoch is over.
    case closed
    /// A member that left with something unfinished was given up.
    case abandoned(member: String)
    /// Schemas that only the registry of an environment holds are gone from there.
    case schemasReconciled(environment: String)

    package func address(of family: String) -> ResourceAddress {
        switch self {
        case .served: ResourceAddress(.group, family)
        case .fenced(let member): ResourceAddress(.fence, in: member, family)
        case .unfenced(let member): ResourceAddress(.fence, in: member, "\(family)/lift")
        case .confirmed(let member): ResourceAddress(.group, "\(family)/\(Self.confirmed)\(member)")
        case .returned(let member): ResourceAddress(.group, "\(family)/\(Self.returned)\(member)")
        case .closed: ResourceAddress(.group, "\(family)/\(Self.close)")
        case .abandoned(let member): ResourceAddress(.group, "\(family)/\(Self.abandon)\(member)")
        case .schemasReconciled(let environment): ResourceAddress(.group, "\(family)/\(Self.schemas)\(environment)")
        }
    }

    /// The milestone that an object of kind `group` stands for, with its family; `nil` for what is none.
    package static func of(_ address: ResourceAddress) -> (family: String, milestone: Milestone)? {
        guard address.kind == .group else { return nil }
        let parts = address.name.split(separator: "/", maxSplits: 1).map(String.init)
        guard let family = parts.first else { return nil }
        guard parts.count == 2 else { return (family, .served) }
        func rest(behind prefix: String) -> String? {
            parts[1].hasPrefix(prefix) ? String(parts[1].dropFirst(prefix.count)) : nil
        }
        if parts[1] == close { return (family, .closed) }
        if let member = rest(behind: confirmed) { return (family, .confirmed(member: member)) }
        if let member = rest(behind: returned) { return (family, .returned(member: member)) }
        if let member = rest(behind: abandon) { return (family, .abandoned(member: member)) }
        return rest(behind: schemas).map { (family, .schemasReconciled(environment: $0)) }
    }

    private static let confirmed = "return-"
    private static let returned = "returned-"
    private static let close = "close"
    private static let abandon = "abandon-"
    private static let schemas = "schemas-"
}

extension GroupFamily {
    func address(of milestone: Milestone) -> ResourceAddress { milestone.address(of: name) }
}
