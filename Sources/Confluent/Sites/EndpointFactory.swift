import Domain
import Execution
import Transport

/// Makes endpoints: resolves credentials when an endpoint is first needed, and keeps what it made.
///
/// Secrets are read where they are used, so that a secret that does not resolve stops only what needs it.
actor EndpointFactory {
    private let workspace: Workspace
    private let secrets: any SecretResolver
    private let transport: HTTPTransport
    /// Who was silent a moment ago.
    nonisolated var silences: RememberedSilence { transport.silences }
    private var made: [Key: HTTPEndpoint] = [:]

    private struct Key: Hashable {
        let base: String
        let credentials: Credentials
        let headers: [String: String]
    }

    init(workspace: Workspace, secrets: any SecretResolver, transport: HTTPTransport) {
        self.workspace = workspace
        self.secrets = secrets
        self.transport = transport
    }

    func controlPlane(_ connection: String) async throws(TransportFailure) -> HTTPEndpoint {
        guard case .confluentCloud(let spec)? = workspace.connections[connection]?.system else {
            throw TransportFailure(
                .unreachable("connection \(connection) is not a Confluent Cloud control plane"), endpoint: connection,
                call: "connecting")
        }
        let signIn = Credentials.SignIn.apiKey(key: spec.apiKey, secret: spec.apiSecret)
        return try await endpoint(spec.endpoint, Credentials(signIn: signIn, tls: spec.tls), headers: [:])
    }

    /// The REST API of a cluster.
    func kafka(_ cluster: String, at base: String) async throws(TransportFailure) -> HTTPEndpoint {
        guard let credentials = workspace.clusters[cluster]?.credentials else {
            throw TransportFailure(.unreachable("no credentials are declared"), endpoint: base, call: "connecting")
        }
        return try await endpoint(base, credentials, headers: Self.headers(credentials, registryID: nil))
    }

    /// The REST API of a cluster, as somebody else.
    func kafka(at base: String, as credentials: Credentials) async throws(TransportFailure) -> HTTPEndpoint {
        try await endpoint(base, credentials, headers: Self.headers(credentials, registryID: nil))
    }

    /// A Schema Registry, as somebody else.
    func registry(
        at base: String, as credentials: Credentials, registryID: String?
    ) async throws(TransportFailure) -> HTTPEndpoint {
        try await endpoint(base, credentials, headers: Self.headers(credentials, registryID: registryID))
    }

    /// The Schema Registry of an environment.
    func registry(
        _ environment: String, at base: String, registryID: String?
    ) async throws(TransportFailure) -> HTTPEndpoint {
        guard let credentials = workspace.environments[environment]?.schemaRegistry.credentials else {
            throw TransportFailure(.unreachable("no credentials are declared"), endpoint: base, call: "connecting")
        }
        return try await endpoint(base, credentials, headers: Self.headers(credentials, registryID: registryID))
    }

    /// One secret, as text to be written somewhere.
    func secret(_ reference: SecretReference, for endpoint: String) async throws(TransportFailure) -> Secret {
        do throws(UnresolvedSecret) {
            let secret = try await secrets.resolve(reference)
            transport.secrets.learn(secret)
            return secret
        } catch {
            throw TransportFailure(.withoutCredentials(error), endpoint: endpoint, call: "connecting")
        }
    }

    private func endpoint(
        _ base: String, _ credentials: Credentials, headers: [String: String]
    ) async throws(TransportFailure) -> HTTPEndpoint {
        let key = Key(base: base, credentials: credentials, headers: headers)
        if let endpoint = made[key] { return endpoint }
        let tls = try await material(credentials.tls, base)
        let authorization = try await authorization(credentials.signIn, tls: tls, base)
        let made = HTTPEndpoint(base, transport: transport, authorization: authorization, tls: tls, headers: headers)
        guard let made else {
            throw TransportFailure(
                .unreachable("'\(base)' is not an http or https URL"), endpoint: base, call: "connecting")
        }
        self.made[key] = made
        return made
    }

    private func authorization(
        _ signIn: Credentials.SignIn, tls: TLSMaterial, _ base: String
    ) async throws(TransportFailure) -> Authorization {
        switch signIn {
        case .apiKey(let key, let password), .username(let key, let password, _):
            let user = try await secret(key, for: base)
            return .basic(user: user, password: try await secret(password, for: base))
        case .oauth(let spec):
            let client = try await secret(spec.clientID, for: base)
            let password = try await secret(spec.clientSecret, for: base)
            guard var tokens = HTTPEndpoint(spec.tokenEndpoint, transport: transport, tls: tls.ofAnotherServer) else {
                throw TransportFailure(
                    .unreachable("'\(spec.tokenEndpoint)' is not an http or https URL"), endpoint: base,
                    call: "connecting")
            }
            tokens.overall = workspace.spec.timeouts.unreachableAfter
            return .oauth(
                OAuthTokens(
                    endpoint: tokens, url: spec.tokenEndpoint, clientID: client, clientSecret: password,
                    scope: spec.scope))
        case .certificate: return .none
        }
    }

    private func material(_ spec: TLSSpec?, _ base: String) async throws(TransportFailure) -> TLSMaterial {
        guard let spec else { return TLSMaterial() }
        var material = TLSMaterial(serverName: spec.serverName)
        if let ca = spec.ca { material.authorities = try await secret(ca, for: base) }
        if let certificate = spec.certificate { material.certificate = try await secret(certificate, for: base) }
        if let key = spec.key { material.key = try await secret(key, for: base) }
        return material
    }

    /// Headers that OAuth needs at Confluent Cloud.
    private static func headers(_ credentials: Credentials, registryID: String?) -> [String: String] {
        guard case .oauth(let spec) = credentials.signIn else { return [:] }
        var headers: [String: String] = [:]
        headers["Confluent-Identity-Pool-Id"] = spec.identityPool
        headers["target-sr-cluster"] = registryID
        return headers
    }
}

extension Credentials {
    /// Whether the same sign-in works at REST APIs: SCRAM and certificates of clients need not.
    var signsInOverHTTP: Bool {
        switch signIn {
        case .apiKey, .oauth: true
        case .username(_, _, let mechanism): mechanism == .plain
        case .certificate: false
        }
    }
}
