/// TLS of one client connection.
public struct TLSSpec: Hashable, Sendable, Codable {
    /// PEM of the authorities to trust; `nil` trusts the system's roots.
    public var ca: SecretReference?
    /// PEM chain of the client certificate (mTLS).
    public var certificate: SecretReference?
    /// PEM (PKCS#8) of the client's private key.
    public var key: SecretReference?
    /// Name expected in the server's certificate; `nil` = host of the URL.
    public var serverName: String?

    /// TLS settings; absent parts fall back to the system's.
    public init(
        ca: SecretReference? = nil, certificate: SecretReference? = nil, key: SecretReference? = nil,
        serverName: String? = nil
    ) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
    }
}

/// SASL mechanism of a user name towards Kafka.
public enum SASLMechanism: String, Hashable, Sendable, Codable, CaseIterable {
    case plain = "PLAIN"
    case scramSHA256 = "SCRAM-SHA-256"
    case scramSHA512 = "SCRAM-SHA-512"
}

/// How one principal signs in to a Kafka cluster or a Schema Registry.
public struct Credentials: Hashable, Sendable, Codable {
    /// The form of sign-in.
    public enum SignIn: Hashable, Sendable, Codable {
        /// Confluent Cloud API key of this cluster or registry.
        case apiKey(key: SecretReference, secret: SecretReference)
        /// User name and password (HTTP Basic; SASL towards Kafka).
        case username(SecretReference, password: SecretReference, mechanism: SASLMechanism)
        /// OAuth client credentials.
        case oauth(OAuthSpec)
        /// The client certificate of `tls` is the sign-in.
        case certificate
    }

    /// The form of sign-in.
    public var signIn: SignIn
    /// Certificates, beside any form.
    public var tls: TLSSpec?

    /// Credentials of one principal.
    public init(signIn: SignIn, tls: TLSSpec? = nil) {
        self.signIn = signIn
        self.tls = tls
    }

    /// Every secret these credentials need, in a stable order.
    public var references: [SecretReference] {
        let own: [SecretReference] =
            switch signIn {
            case .apiKey(let key, let secret): [key, secret]
            case .username(let name, let password, _): [name, password]
            case .oauth(let oauth): [oauth.clientID, oauth.clientSecret]
            case .certificate: []
            }
        return own + [tls?.ca, tls?.certificate, tls?.key].compactMap(\.self)
    }

    /// What is written beside the secrets where it is not the usual: another mechanism, the provider of tokens, its
    /// scope, the identity pool.
    public var usage: [String] {
        switch signIn {
        case .apiKey, .certificate, .username(_, _, mechanism: .plain): []
        case .username(_, _, let mechanism): ["mechanism \(mechanism.rawValue)"]
        case .oauth(let oauth):
            ["tokens \(oauth.tokenEndpoint)"]
                + [oauth.scope.map { "scope \($0)" }, oauth.identityPool.map { "pool \($0)" }]
                .compactMap(\.self)
        }
    }
}

/// OAuth client credentials.
public struct OAuthSpec: Hashable, Sendable, Codable {
    /// Token endpoint of the identity provider.
    public var tokenEndpoint: String
    /// OAuth client id.
    public var clientID: SecretReference
    /// OAuth client secret.
    public var clientSecret: SecretReference
    /// Scope to request.
    public var scope: String?
    /// Confluent Cloud identity pool, `pool-…`.
    public var identityPool: String?

    /// OAuth client credentials.
    public init(
        tokenEndpoint: String, clientID: SecretReference, clientSecret: SecretReference, scope: String? = nil,
        identityPool: String? = nil
    ) {
        self.tokenEndpoint = tokenEndpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scope = scope
        self.identityPool = identityPool
    }
}
