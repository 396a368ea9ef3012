import Domain
package import Planning

extension NeededDecision {
    /// What there is to decide.
    package var message: String {
        switch reason {
        case .copies(let holder, areMirrors: true, _, _):
            "\(member) still mirrors \(topics.count) topics (\(topics.shortened)) from where \(holder) did, and may have "
                + "come further"
        case .copies(let holder, areMirrors: false, _, _):
            "\(member) holds \(topics.count) writable copies (\(topics.shortened)) beside those of \(holder)"
        case .schemas(let schemas, let place, let other, let colliding):
            "\(place) holds \(schemas.count) schema versions that \(other) does not (\(schemas.map(\.words).shortened))"
                + (colliding == 0 ? "" : ", \(colliding) of them under names or ids that are taken there")
        case .told(let message, _, _): message
        }
    }

    /// What it would cost.
    package var cost: String {
        switch reason {
        case .copies(let holder, _, costs: [], _): "nothing: \(holder) has every record"
        case .copies(_, _, let costs, _): costs.map { $0.words(of: member) }.joined(separator: "; ")
        case .schemas: "these schemas: records that name their ids cannot be read without them"
        case .told(_, let cost, _): cost
        }
    }

    /// The edit that consents.
    package var wayOut: String {
        switch reason {
        case .copies(_, _, _, .reprotect(let mayRestore)):
            "to mirror them anew: `reprotect: Recreate`\(mayRestore ? " or Restore" : "")"
                + (token.map { " and `discard: [\($0)]`" } ?? "")
        case .copies(_, _, _, .discard): "to destroy them: `discard: [\(token ?? "")]`"
        case .schemas(_, let place, let other, _):
            "to delete them on \(place): `discard: [\(token ?? "")]`; to keep them, register them on \(other) under their "
                + "ids (mode IMPORT)"
        case .told(_, _, let way): way
        }
    }
}

extension CopyCost {
    fileprivate func words(of member: String) -> String {
        switch self {
        case .records(let measured):
            "\(measured.isLowerBound ? "at least " : "")\(measured.records) records that only \(member) holds"
        case .unknownRecords(let lag):
            "an unknown number of records that only \(member) holds"
                + (lag > 0 ? ", at least \(lag) by the last known lag" : "")
        case .schemas(let schemas, let place):
            "\(schemas.count) schema versions that only \(place) holds (\(schemas.map(\.words).shortened))"
        }
    }
}
