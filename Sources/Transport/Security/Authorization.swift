public import Domain

/// How calls to an endpoint are signed, with resolved secrets.
public enum Authorization: Sendable {
    /// Not at all, or by the client certificate alone.
    case none
    /// HTTP Basic.
    case basic(user: Secret, password: Secret)
    /// A bearer token that does not expire while the run goes on.
    case bearer(Secret)
    /// Bearer tokens fetched with OAuth client credentials.
    case oauth(OAuthTokens)

    /// The secrets in play.
    var secrets: [Secret] {
        switch self {
        case .none: []
        case .basic(let user, let password): [user, password]
        case .bearer(let token): [token]
        case .oauth(let tokens): tokens.secrets
        }
    }
}

/// Resolved TLS material of an endpoint, as PEM.
public struct TLSMaterial: Sendable {
    /// Authorities to trust; `nil` trusts the system's roots.
    public var authorities: Secret?
    /// Client certificate chain.
    public var certificate: Secret?
    /// Private key of the client certificate.
    public var key: Secret?
    /// Name expected in the server's certificate; `nil` = host of the URL.
    public var serverName: String?

    /// TLS material; the default is the system's.
    public init(
        authorities: Secret? = nil, certificate: Secret? = nil, key: Secret? = nil, serverName: String? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
    }
}
