/// TLS of one client connection.
package struct TLSSpec: Hashable, Sendable, Codable {
    /// PEM of the authorities to trust; `nil` trusts the system's roots.
    package var ca: SecretReference?
    /// PEM chain of the client certificate (mTLS).
    package var certificate: SecretReference?
    /// PEM (PKCS#8) of the client's private key.
    package var key: SecretReference?
    /// Name expected in the server's certificate; `nil` = host of the URL.
    package var serverName: String?

    /// TLS settings; absent parts fall back to the system's.
    package init(
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
package enum SASLMechanism: String, Hashable, Sendable, Codable, CaseIterable {
    case plain = "PLAIN"
    case scramSHA256 = "SCRAM-SHA-256"
    case scramSHA512 = "SCRAM-SHA-512"
}

/// How one principal signs in to a Kafka cluster or a Schema Registry.
package struct Credentials: Hashable, Sendable, Codable {
    /// The form of sign-in.
    package enum SignIn: Hashable, Sendable, Codable {
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
    package var signIn: SignIn
    /// Certificates, beside any form.
    package var tls: TLSSpec?

    package init(signIn: SignIn, tls: TLSSpec? = nil) {
        self.signIn = signIn
        self.tls = tls
    }

    /// Every secret these credentials need, in a stable order.
    package var references: [SecretReference] {
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
    package var usage: [String] {
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
package struct OAuthSpec: Hashable, Sendable, Codable {
    /// Token endpoint of the identity provider.
    package var tokenEndpoint: String
    package var clientID: SecretReference
    package var clientSecret: SecretReference
    /// Scope to request.
    package var scope: String?
    /// Confluent Cloud identity pool, `pool-…`.
    package var identityPool: String?

    package init(
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
