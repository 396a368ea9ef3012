import Domain
import Execution
import FoundationEssentials
import Transport

/// The token of one connection to Vault: given, or from a login that is made when it is first needed, shared by
/// everything that goes through the connection, and made again when its lease ends.
actor VaultSession {
    /// How a token is had.
    enum Source: Sendable {
        /// It was given.
        case token(Secret)
        /// It comes from a login: the path below `/v1/auth`, and what is sent.
        case login(path: RequestPath, body: @Sendable () async throws(StepFailure) -> [String: Secret])
    }

    private struct Token: Sendable {
        let text: Secret
        /// When it is no longer used; `nil` = never.
        let end: ContinuousClock.Instant?
    }

    private typealias Login = Task<Result<Token, TransportFailure>, Never>

    private let source: Source
    private var login: Login?
    private var engines: [String: VaultAPI.Engine] = [:]

    init(_ source: Source) {
        self.source = source
    }

    func engine(of mount: String) -> VaultAPI.Engine? { engines[mount] }

    func keep(_ engine: VaultAPI.Engine, of mount: String) {
        engines[mount] = engine
    }

    /// Sends a call with the token; once more, after another login, when a token that came from a login is refused.
    nonisolated func signed<Value: Sendable>(
        _ call: HTTPCall, for endpoint: HTTPEndpoint,
        _ send: @Sendable (HTTPCall) async throws(TransportFailure) -> Value
    ) async throws(TransportFailure) -> Value {
        let token = try await token(for: endpoint)
        do throws(TransportFailure) {
            return try await send(Self.signed(call, with: token))
        } catch {
            guard error.status == 403, case .login = source else { throw error }
            // A policy that refuses the call refuses it again; a token that has ended is another one afterwards.
            await forget(token)
            return try await send(Self.signed(call, with: try await self.token(for: endpoint)))
        }
    }

    private static func signed(_ call: HTTPCall, with token: Secret) -> HTTPCall {
        var call = call
        call.holdsSecrets = true
        call.secrets.append(token)
        token.reveal { call.headers["X-Vault-Token"] = $0 }
        return call
    }

    private func forget(_ refused: Secret) async {
        guard let login, case .success(let token) = await login.value else { return }
        if token.text.isSame(as: refused) { self.login = nil }
    }

    private func token(for endpoint: HTTPEndpoint) async throws(TransportFailure) -> Secret {
        guard case .login(let path, let body) = source else {
            guard case .token(let given) = source else { return Secret("") }
            return given
        }
        if let login, case .success(let token) = await login.value,
            token.end.map({ ContinuousClock.now < $0 }) ?? true
        {
            return token.text
        }
        let login = Login { await Self.login(path, body, endpoint) }
        self.login = login
        return try await login.value.get().text
    }

    private static func login(
        _ path: RequestPath, _ body: @Sendable () async throws(StepFailure) -> [String: Secret],
        _ endpoint: HTTPEndpoint
    ) async -> Result<Token, TransportFailure> {
        struct Answer: Decodable, Sendable {
            struct Auth: Decodable, Sendable {
                let token: String
                let lease: Int64

                enum CodingKeys: String, CodingKey {
                    case token = "client_token"
                    case lease = "lease_duration"
                }
            }

            let auth: Auth
        }
        let call = HTTPCall(.post, path)
        let fields: [String: Secret]
        do throws(StepFailure) {
            fields = try await body()
        } catch {
            let unresolved = UnresolvedSecret(reference: .firstOf([]), reason: error.message)
            return .failure(endpoint.failure(.withoutCredentials(unresolved), call))
        }
        do throws(TransportFailure) {
            let signed = try VaultAPI.call(.post, path, fields.mapValues { $0.reveal { $0 } }, hiding: fields)
            let auth = try await endpoint.send(signed.repeatable().having(.none), as: Answer.self).auth
            // A tenth of the lease is left for calls under way.
            let useful = Duration.seconds(auth.lease) * 9 / 10
            let end = auth.lease > 0 ? ContinuousClock.now + useful : nil
            return .success(Token(text: Secret(auth.token), end: end))
        } catch {
            // Vault answers refused logins as bad requests.
            guard error.status == 400 else { return .failure(error) }
            let denied = TransportFailure.Cause.denied(status: 400, code: error.code, message: error.message)
            return .failure(TransportFailure(denied, endpoint: error.endpoint, call: error.call))
        }
    }
}

extension Connections {
    /// Where a pod finds the token of its service account.
    private static let serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token"

    func vault(_ name: String) async throws(StepFailure) -> VaultAPI {
        guard case .vault(let spec)? = specs[name]?.system else {
            throw StepFailure(.rejected, "there is no connection \(name) to Vault")
        }
        let endpoint = try await opened(name) { connections async throws(StepFailure) in
            var headers = ["X-Vault-Request": "true"]
            headers["X-Vault-Namespace"] = spec.namespace
            return try connections.endpoint(
                spec.endpoint, tls: try await connections.material(spec.tls), headers: headers)
        }
        if let session = vaultSessions[name] { return VaultAPI(endpoint: endpoint, session: session) }
        let source = try await source(of: spec.login)
        let session = vaultSessions[name] ?? VaultSession(source)
        vaultSessions[name] = session
        return VaultAPI(endpoint: endpoint, session: session)
    }

    private func source(of login: VaultSpec.Login) async throws(StepFailure) -> VaultSession.Source {
        switch login {
        case .token(let token): return .token(try await secret(token))
        case .jwt(let role, let mount, let token):
            return .login(path: Self.loginPath(mount)) { [self] () async throws(StepFailure) in
                ["role": Secret(role), "jwt": try await secret(token)]
            }
        case .appRole(let roleID, let secretID, let mount):
            return .login(path: Self.loginPath(mount)) { [self] () async throws(StepFailure) in
                ["role_id": try await secret(roleID), "secret_id": try await secret(secretID)]
            }
        case .kubernetes(let role, let mount):
            let file = environment["SPILLWAY_SERVICE_ACCOUNT_TOKEN"] ?? Self.serviceAccountToken
            return .login(path: Self.loginPath(mount)) { [self] () async throws(StepFailure) in
                ["role": Secret(role), "jwt": try await secret(.file(file))]
            }
        }
    }

    private static func loginPath(_ mount: String) -> RequestPath {
        VaultAPI.path("/v1/auth", mount, "login")
    }
}
