package import Domain
import Execution
import FoundationEssentials
import TextForms

/// OAuth client credentials (RFC 6749 §4.4): fetches a token when there is none or when it is about to expire; callers
/// that come while it is fetched wait for the same one.
package actor OAuthTokens {
    private struct Token {
        let text: Secret
        let expiresAt: ContinuousClock.Instant
    }

    private struct Answer: Decodable {
        let accessToken: String
        let expiresIn: Double?

        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private let endpoint: HTTPEndpoint
    private let path: RequestPath
    private let scope: String?
    private let clientID: Secret
    private let clientSecret: Secret
    private var token: Token?
    private var fetching: Task<Result<Token, TransportFailure>, Never>?

    nonisolated let secrets: [Secret]

    /// Tokens of one client.
    ///
    /// - Parameters:
    ///   - endpoint: The token endpoint as base URL, without authorization.
    ///   - url: The token endpoint as it is written, whose query goes along.
    package init(endpoint: HTTPEndpoint, url: String, clientID: Secret, clientSecret: Secret, scope: String?) {
        self.endpoint = endpoint
        self.path = RequestPath("").queryingAsWritten(in: url)
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scope = scope
        self.secrets = [clientID, clientSecret]
    }

    /// A token that is valid for some time yet.
    func current() async throws(TransportFailure) -> Secret {
        if let token, token.expiresAt > .now { return token.text }
        let task = fetching ?? Task { await fetch() }
        fetching = task
        let result = await task.value
        fetching = nil
        let fresh = try result.get()
        token = fresh
        return fresh.text
    }

    /// Forgets the token, because a service refused it.
    func invalidate() {
        token = nil
    }

    private func fetch() async -> Result<Token, TransportFailure> {
        var form = "grant_type=client_credentials"
        if let scope { form += "&scope=\(PercentEncoding.encoded(scope))" }
        clientID.reveal { form += "&client_id=\(PercentEncoding.encoded($0))" }
        clientSecret.reveal { form += "&client_secret=\(PercentEncoding.encoded($0))" }
        var call = HTTPCall(.post, path).repeatable().having(.none)
        call.body = HTTPCall.Body(Array(form.utf8), mediaType: "application/x-www-form-urlencoded")
        call.secrets = secrets
        call.holdsSecrets = true
        do throws(TransportFailure) {
            let answer = try await endpoint.send(call, as: Answer.self)
            let lifetime = Duration.seconds(min(max(30, (answer.expiresIn ?? 300) - 30), 86400))
            let text = Secret(answer.accessToken)
            endpoint.transport.secrets.learn(text)
            return .success(Token(text: text, expiresAt: .now + lifetime))
        } catch {
            return .failure(error)
        }
    }
}
