import Domain
import SimulatorServer

/// The made-up credentials of a rehearsal: no reference of the workspace is ever resolved.
struct DrillCredentials {
    /// What a key of an application opens.
    enum Door: Hashable {
        case cluster(String)
        case registry(environment: String)
    }

    /// A key that an application signs in with.
    struct ClientKey {
        let id: String
        let secret: String
        let door: Door
    }

    private static let ownKey = "SPILLWAY_DRILL_KEY"
    private static let ownSecret = "SPILLWAY_DRILL_SECRET"

    /// What every reference of the rehearsed workspace resolves to.
    private(set) var environment: [String: String]
    /// What the applications sign in with.
    private(set) var clientKeys: [ClientKey] = []

    /// Credentials for a simulator.
    ///
    /// - Parameter pair: The pair that opens every endpoint.
    init(pair: SimulatorEndpoints.KeyPair) {
        environment = [Self.ownKey: pair.key, Self.ownSecret: pair.secret]
    }

    /// Reference to the key that opens everything.
    var key: SecretReference { .environment(Self.ownKey) }
    var secret: SecretReference { .environment(Self.ownSecret) }

    /// Spillway's and the links' own credentials, in the form the workspace declares where the simulator knows it.
    func own(insteadOf credentials: Credentials, isCloud: Bool) -> Credentials {
        switch credentials.signIn {
        case .username(_, _, let mechanism):
            Credentials(signIn: .username(key, password: secret, mechanism: mechanism))
        case .apiKey: Credentials(signIn: .apiKey(key: key, secret: secret))
        case .oauth, .certificate:
            isCloud
                ? Credentials(signIn: .apiKey(key: key, secret: secret))
                : Credentials(signIn: .username(key, password: secret, mechanism: .plain))
        }
    }

    /// Credentials of an application: a key of its own.
    mutating func client(insteadOf credentials: Credentials, for door: Door) -> Credentials {
        let number = clientKeys.count + 1
        let made = ClientKey(id: "DRILLKEY\(number)", secret: "drill-secret-\(number)", door: door)
        clientKeys.append(made)
        let key = reference("\(number)_KEY", to: made.id)
        let secret = reference("\(number)_SECRET", to: made.secret)
        var copy = credentials
        switch credentials.signIn {
        case .apiKey: copy.signIn = .apiKey(key: key, secret: secret)
        case .username(_, _, let mechanism): copy.signIn = .username(key, password: secret, mechanism: mechanism)
        case .oauth, .certificate: copy.signIn = .certificate
        }
        copy.tls = credentials.tls.map { tls in
            TLSSpec(
                ca: tls.ca.map { _ in reference("\(number)_CA", to: "drill authority") },
                certificate: tls.certificate.map { _ in reference("\(number)_CERTIFICATE", to: "drill certificate") },
                key: tls.key.map { _ in reference("\(number)_PRIVATE_KEY", to: "drill private key") },
                serverName: tls.serverName)
        }
        return copy
    }

    private mutating func reference(_ name: String, to value: String) -> SecretReference {
        let variable = "SPILLWAY_DRILL_CLIENT_\(name)"
        environment[variable] = value
        return .environment(variable)
    }
}
