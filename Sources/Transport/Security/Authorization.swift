package import Domain
import Execution

/// How calls to an endpoint are signed, with resolved secrets.
package enum Authorization: Sendable {
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

    /// Makes the secrets in play known, so that they are told to nobody.
    func teach(_ known: KnownSecrets) {
        switch self {
        case .none: break
        case .signed(let signer): known.learn(signer.secrets)
        case .basic(let user, let password): known.learn(user: user, password: password)
        case .bearer(let token): known.learn(token)
        case .oauth(let tokens): known.learn(tokens.secrets)
        }
    }
}

/// Signs requests one by one, every attempt anew.
package protocol RequestSigner: Sendable {
    /// What it signs with.
    var secrets: [Secret] { get }
    func headers(signing request: SignableRequest) -> [String: String]
}

/// A request as it goes onto the wire, without what signs it.
package struct SignableRequest: Sendable {
    package var method: String
    /// Host, with the port unless it is the scheme's own.
    package var host: String
    /// Path, percent-encoded.
    package var path: String
    /// Query items in their order, not encoded.
    package var query: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
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
package struct TLSMaterial: Sendable {
    /// Authorities to trust; `nil` trusts the system's roots.
    package var authorities: Secret?
    /// Client certificate chain.
    package var certificate: Secret?
    /// Private key of the client certificate.
    package var key: Secret?
    /// Name expected in the server's certificate; `nil` = host of the URL.
    package var serverName: String?
    /// Whether the system's authorities are trusted beside `authorities`.
    package var trustsEverybodysAuthorities = false

    /// TLS material; the default is the system's.
    package init(
        authorities: Secret? = nil, certificate: Secret? = nil, key: Secret? = nil, serverName: String? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.serverName = serverName
    }

    /// The material towards a server of another name that signs in to the same system, an identity provider: it has its
    /// own name in its certificate, and may have it from an authority that everybody trusts.
    package var ofAnotherServer: TLSMaterial {
        var copy = self
        copy.serverName = nil
        copy.trustsEverybodysAuthorities = true
        return copy
    }
}
