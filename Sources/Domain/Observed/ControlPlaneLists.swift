package enum ControlPlaneList: Hashable, Sendable {
    case environments
    /// Clusters of an environment, by its id.
    case clusters(environment: String)
    /// Schema Registries of an environment, by its id.
    case registries(environment: String)

    /// The list in words: `clusters of env-1a2b`.
    package var words: String {
        switch self {
        case .environments: "environments"
        case .clusters(let environment): "clusters of \(environment)"
        case .registries(let environment): "Schema Registries of \(environment)"
        }
    }
}

/// Why a list tells less than there is.
package enum ListGap: Hashable, Sendable {
    /// It answered 401 or 403.
    case denied(reason: String)
    /// It answered something that is no whole list: a part that cannot be read, or one that leaves out what is there.
    case broken(reason: String)
    /// It did not answer.
    case unreachable(reason: String)

    /// Why, in words.
    package var reason: String {
        switch self {
        case .denied(let reason), .broken(let reason), .unreachable(let reason): reason
        }
    }

    /// Why, with the kind of silence, as ``Reach/silence`` says it of an endpoint.
    package var silence: String {
        let reach: Reach<Never> = reach()
        return reach.silence ?? reason
    }

    /// How far it could be read.
    package var state: Reachability {
        let reach: Reach<Never> = reach()
        return reach.state
    }

    /// The same about whatever the list would have told.
    package func reach<Snapshot>() -> Reach<Snapshot> {
        switch self {
        case .denied(let reason): .denied(reason: reason)
        case .broken(let reason): .broken(reason: reason)
        case .unreachable(let reason): .unreachable(reason: reason)
        }
    }
}

/// What asking for an object by its id told, after the list in which it belongs had left it out.
package enum OwnAnswer: Hashable, Sendable {
    /// 404: there is no such object any more. Nothing else proves that.
    case gone
    /// It is there: the list is wrong.
    case shown
    /// The answer does not tell.
    case untold(ListGap)
}

extension ControlPlaneSnapshot {
    /// Why it is not known whether an object exists that the lists do not show; `nil` when it is known that it does not.
    ///
    /// - Parameters:
    ///   - id: Id of the object.
    ///   - list: The list in which it belongs.
    ///   - wasKnown: Whether it was there before: then only its own 404 proves that it is gone.
    package func doubt(about id: String, in list: ControlPlaneList, wasKnown: Bool) -> ListGap? {
        switch answers[id] {
        case .gone?: nil
        case .untold(let gap)?: gap
        case .shown?: gaps[list] ?? .broken(reason: "its list leaves it out")
        case nil: gaps[list] ?? (wasKnown ? .broken(reason: "it is not listed, and was not asked for") : nil)
        }
    }
}
