import Domain
import Synchronization

/// Servers whose certificates were not accepted a moment ago: they are not asked again at once, for a certificate does
/// not change from call to call.
final class RememberedRefusals: Sendable {
    private struct Key: Hashable {
        let server: String
        let serverName: String?
        let authorities: Int?
        let certificate: Int?
    }

    private struct Refusal {
        let cause: TransportFailure.Cause
        let at: ContinuousClock.Instant
    }

    private static let memory: Duration = .seconds(10)

    private let refusals = Mutex<[Key: Refusal]>([:])

    /// Remembers why an endpoint was refused.
    func remember(_ cause: TransportFailure.Cause, of endpoint: HTTPEndpoint) {
        refusals.withLock { $0[Self.key(endpoint)] = Refusal(cause: cause, at: .now) }
    }

    /// Why an endpoint was refused a moment ago; `nil` when it was not.
    func known(of endpoint: HTTPEndpoint) -> TransportFailure.Cause? {
        guard !endpoint.isPlain else { return nil }
        return refusals.withLock { refusals in
            guard let refusal = refusals[Self.key(endpoint)], refusal.at.duration(to: .now) < Self.memory else {
                return nil
            }
            return refusal.cause
        }
    }

    private static func key(_ endpoint: HTTPEndpoint) -> Key {
        let tls = endpoint.tls
        return Key(
            server: endpoint.server, serverName: tls.serverName, authorities: tls.authorities?.reveal(\.hashValue),
            certificate: tls.certificate?.reveal(\.hashValue))
    }
}
