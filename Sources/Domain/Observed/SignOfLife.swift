/// What an endpoint that gave no snapshot gave instead: whether somebody is there.
///
/// An endpoint that is ``none`` cannot be told from one that is gone. All others have said something within the
/// deadline.
package enum SignOfLife: String, Hashable, Sendable, Codable, CaseIterable {
    /// Refused, unreachable, or not a byte within the deadline.
    case none
    /// Answers began, and none of them was whole within the deadline.
    case trickling
    /// Whole answers came, and none of them could be used: 401, 403, 5xx, HTML, rows that do not decode, another cluster.
    case unusable
    /// Some answers could be used; others were late, missing, refused or unusable.
    case partial
    /// It asked to be asked later (429).
    case throttled
}

extension Reach {
    /// The sign of life of an endpoint that was asked and gave no snapshot; `nil` when it gave one, or was not asked.
    package var signOfLife: SignOfLife? {
        switch self {
        case .unreachable(_, let sign), .denied(_, let sign), .broken(_, let sign): sign
        case .throttled: .throttled
        case .wrong, .stranger: .unusable
        case .reachable, .withoutCredentials, .beingMade, .absent, .unmanaged: nil
        }
    }
}
