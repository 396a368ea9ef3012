import Domain
import Execution
import Transport

/// The config with which an exporter reaches and signs in at its destination, from that environment's
/// `linkCredentials`.
struct ExporterConnection: Sendable {
    struct Config: Sendable {
        var values: [String: String]
        var secrets: [Secret] = []

        fileprivate mutating func set(_ name: String, _ secret: Secret) {
            secret.reveal { values[name] = $0 }
            secrets.append(secret)
        }
    }

    let context: StepContext

    func config(to destination: String) async throws(StepFailure) -> Config {
        guard let url = await context.directory.environment(destination)?.registryEndpoint else {
            throw StepFailure(.unreachable, "the registry endpoint of environment \(destination) is not known")
        }
        guard let credentials = context.workspace.environments[destination]?.schemaRegistry.linkCredentials else {
            throw StepFailure(.rejected, "environment \(destination) declares no schemaRegistry.linkCredentials")
        }
        var config = Config(values: ["schema.registry.url": url])
        switch credentials.signIn {
        case .apiKey(let user, let password), .username(let user, let password, _):
            let user = try await secret(user)
            let password = try await secret(password)
            config.values["basic.auth.credentials.source"] = "USER_INFO"
            config.secrets += [user, password]
            config.set("basic.auth.user.info", user.reveal { user in password.reveal { Secret("\(user):\($0)") } })
        case .oauth(let spec): try await oauth(spec, destination, into: &config)
        case .certificate: break
        }
        if let tls = credentials.tls { try await certificates(tls, into: &config) }
        return config
    }

    private func oauth(
        _ spec: OAuthSpec, _ destination: String, into config: inout Config
    ) async throws(StepFailure) {
        config.values["bearer.auth.credentials.source"] = "OAUTHBEARER"
        config.values["bearer.auth.issuer.endpoint.url"] = spec.tokenEndpoint
        config.values["bearer.auth.scope"] = spec.scope
        config.values["bearer.auth.identity.pool.id"] = spec.identityPool
        config.values["bearer.auth.logical.cluster"] = await context.directory.environment(destination)?.registryID
        config.set("bearer.auth.client.id", try await secret(spec.clientID))
        config.set("bearer.auth.client.secret", try await secret(spec.clientSecret))
    }

    private func certificates(_ tls: TLSSpec, into config: inout Config) async throws(StepFailure) {
        if let ca = tls.ca {
            config.values["schema.registry.ssl.truststore.type"] = "PEM"
            config.set("schema.registry.ssl.truststore.certificates", try await secret(ca))
        }
        guard let certificate = tls.certificate, let key = tls.key else { return }
        config.values["schema.registry.ssl.keystore.type"] = "PEM"
        config.set("schema.registry.ssl.keystore.certificate.chain", try await secret(certificate))
        config.set("schema.registry.ssl.keystore.key", try await secret(key))
    }

    private func secret(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        try await context.call { try await context.endpoints.secret(reference, for: "schema exporter") }
    }
}
