/// What one endpoint told, or why it told nothing. An endpoint's silence never fails or delays another.
package enum Reach<Snapshot: Sendable>: Sendable {
    /// It answered.
    case reachable(Snapshot)
    /// It did not answer within `unreachableAfter`, or refused the connection.
    case unreachable(reason: String, sign: SignOfLife = .none)
    /// It answered 401 or 403: only steps that need it stop.
    case denied(reason: String, sign: SignOfLife = .unusable)
    /// It answered something that is not its API: HTML, garbage, 5xx until the deadline.
    case broken(reason: String, sign: SignOfLife = .unusable)
    /// What answers is not what the manifests name, or cannot be trusted to be it: another id, another certificate.
    case wrong(reason: String)
    /// It is there, and asked not to be asked for longer than it could be waited for: 429.
    case throttled(reason: String)
    /// The credentials to ask with do not resolve on this machine yet.
    case withoutCredentials(UnresolvedSecret)
    /// What answers is another object than the one that is meant.
    case stranger(found: String, expected: String)
    /// The object exists, and cannot be asked before it is provisioned.
    case beingMade(reason: String)
    /// The object does not exist yet, so there is nothing to ask.
    case absent
    /// The manifests declare nothing to ask with: the endpoint is not managed.
    case unmanaged

    /// The snapshot, when it answered.
    package var snapshot: Snapshot? {
        if case .reachable(let snapshot) = self { snapshot } else { nil }
    }

    /// Why there is no snapshot, in words; `nil` when there is one.
    package var silence: String? {
        switch self {
        case .reachable: nil
        case .unreachable(let reason, _): "unreachable: \(reason)"
        case .denied(let reason, _): "denied: \(reason)"
        case .broken(let reason, _): "broken: \(reason)"
        case .wrong(let reason): "wrong: \(reason)"
        case .throttled(let reason): "throttled: \(reason)"
        case .withoutCredentials(let unresolved): "waits for credentials: \(unresolved.reason)"
        case .stranger(let found, let expected): "misidentified: what answers is \(found), not \(expected)"
        case .beingMade(let reason): "being made: \(reason)"
        case .absent: "does not exist yet"
        case .unmanaged: "not managed: no credentials declared"
        }
    }

    /// The same reach with another form of snapshot.
    package func map<Other>(_ transform: (Snapshot) throws -> Other) rethrows -> Reach<Other> {
        switch self {
        case .reachable(let snapshot): .reachable(try transform(snapshot))
        case .unreachable(let reason, let sign): .unreachable(reason: reason, sign: sign)
        case .denied(let reason, let sign): .denied(reason: reason, sign: sign)
        case .broken(let reason, let sign): .broken(reason: reason, sign: sign)
        case .wrong(let reason): .wrong(reason: reason)
        case .throttled(let reason): .throttled(reason: reason)
        case .withoutCredentials(let unresolved): .withoutCredentials(unresolved)
        case .stranger(let found, let expected): .stranger(found: found, expected: expected)
        case .beingMade(let reason): .beingMade(reason: reason)
        case .absent: .absent
        case .unmanaged: .unmanaged
        }
    }
}

/// How far an endpoint could be reached, without what it told.
package enum Reachability: String, Sendable, Hashable, Codable, CaseIterable {
    case reachable
    case unreachable
    case denied
    case broken
    case wrong
    case throttled
    case withoutCredentials
    case stranger
    case beingMade
    case absent
    case unmanaged

    /// Whether it should have told something, and did not: what depends on it is not known.
    package var isUnseen: Bool {
        switch self {
        case .unreachable, .denied, .broken, .wrong, .throttled, .withoutCredentials, .stranger: true
        case .reachable, .beingMade, .absent, .unmanaged: false
        }
    }

    /// Whether somebody has to repair something before it can be seen: waiting brings nothing.
    package var needsRepair: Bool {
        switch self {
        case .denied, .wrong, .withoutCredentials, .stranger: true
        case .reachable, .unreachable, .broken, .throttled, .beingMade, .absent, .unmanaged: false
        }
    }
}

extension Reach {
    /// How far it could be reached.
    package var state: Reachability {
        switch self {
        case .reachable: .reachable
        case .unreachable: .unreachable
        case .denied: .denied
        case .broken: .broken
        case .wrong: .wrong
        case .throttled: .throttled
        case .withoutCredentials: .withoutCredentials
        case .stranger: .stranger
        case .beingMade: .beingMade
        case .absent: .absent
        case .unmanaged: .unmanaged
        }
    }
}
