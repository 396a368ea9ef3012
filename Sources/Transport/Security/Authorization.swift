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
    /// Headers that are computed from each request as it is sent.
    case signed(any RequestSigner)

    /// The secrets in play.
    var secrets: [Secret] {
        switch self {
        case .none, .signed: []
        case .basic(let user, let password): [user, password]
        case .bearer(let token): [token]
        case .oauth(let tokens): tokens.secrets
        }
    }
}

/// Signs requests one by one, every attempt anew.
public protocol RequestSigner: Sendable {
    /// The headers that sign a request.
    func headers(signing request: SignableRequest) -> [String: String]
}

/// A request as it goes onto the wire, without what signs it.
public struct SignableRequest: Sendable {
    /// Method.
    public var method: String
    /// Host, with the port unless it is the scheme's own.
    public var host: String
    /// Path, percent-encoded.
    public var path: String
    /// Query items in their order, not encoded.
    public var query: [(name: String, value: String)]
    /// Headers.
    public var headers: [(name: String, value: String)]
    /// Body.
    public var body: [UInt8]

    /// A request.
    public init(
        method: String, host: String, path: String = "/", query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
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
