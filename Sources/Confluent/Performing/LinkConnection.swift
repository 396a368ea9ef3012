import Domain
import Execution
import Transport

/// The configs with which a link connects and signs in, derived from `linkCredentials`. They are made when a step runs
/// and go nowhere but into its call.
struct LinkConnection: Sendable {
    /// Configs and the secrets in them.
    struct Configs: Sendable {
        var changes: [(name: String, value: String)] = []
        var secrets: [Secret] = []
    }

    let context: StepContext

    /// Every config by which a link can sign in, at the other side or at its own: what one way does not write, another
    /// one may have left.
    static let signInConfigs: Set<String> = Set(
        ["", "local."].flatMap { side in
            [
                "sasl.jaas.config", "sasl.login.callback.handler.class", "sasl.mechanism",
                "sasl.oauthbearer.token.endpoint.url", "ssl.key.password", "ssl.keystore.certificate.chain",
                "ssl.keystore.key", "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type",
                "ssl.truststore.certificates", "ssl.truststore.location", "ssl.truststore.password",
                "ssl.truststore.type",
            ].map { side + $0 }
        })

    /// Connection configs of one half.
    ///
    /// - Parameters:
    ///   - local: Cluster that holds the half.
    ///   - remote: The cluster at the other end.
    func configs(_ half: LinkHalf, local: String, remote: String) async throws(StepFailure) -> Configs {
        var configs = Configs()
        guard half.dials else { return configs }
        guard let bootstrap = await context.directory.cluster(remote)?.bootstrapServers else {
            throw StepFailure(.unreachable, "the bootstrap servers of cluster \(remote) are not known")
        }
        configs.changes.append((name: "bootstrap.servers", value: bootstrap))
        configs.append(try await signIn(at: remote), prefix: "")
        if half == .outboundBidirectional {
            configs.changes.append((name: "remote.link.connection.mode", value: "INBOUND"))
        }
        if half.needsLocalCredentials { configs.append(try await signIn(at: local), prefix: "local.") }
        return configs
    }

    private func signIn(at cluster: String) async throws(StepFailure) -> Configs {
        guard let credentials = context.workspace.clusters[cluster]?.linkCredentials else {
            throw StepFailure(.rejected, "cluster \(cluster) declares no linkCredentials")
        }
        var configs = Configs()
        switch credentials.signIn {
        case .apiKey(let key, let password):
            try await configs.sasl("PLAIN", JAAS.plain, [("username", key), ("password", password)], read: self)
        case .username(let name, let password, let mechanism):
            let module = mechanism == .plain ? JAAS.plain : JAAS.scram
            try await configs.sasl(
                mechanism.rawValue, module, [("username", name), ("password", password)], read: self)
        case .oauth(let spec): try await oauth(spec, at: cluster, into: &configs)
        case .certificate: configs.changes.append((name: "security.protocol", value: "SSL"))
        }
        if let tls = credentials.tls { try await certificates(tls, into: &configs) }
        return configs
    }

    private func oauth(_ spec: OAuthSpec, at cluster: String, into configs: inout Configs) async throws(StepFailure) {
        var options: [(String, String)] = []
        options.append(("scope", spec.scope ?? ""))
        options.append(("extension_logicalCluster", await context.directory.cluster(cluster)?.id ?? ""))
        options.append(("extension_identityPoolId", spec.identityPool ?? ""))
        try await configs.sasl(
            "OAUTHBEARER", JAAS.oauth, [("clientId", spec.clientID), ("clientSecret", spec.clientSecret)],
            options.filter { !$0.1.isEmpty }, read: self)
        configs.changes.append((name: "sasl.oauthbearer.token.endpoint.url", value: spec.tokenEndpoint))
        configs.changes.append((name: "sasl.login.callback.handler.class", value: JAAS.oauthHandler))
    }

    private func certificates(_ tls: TLSSpec, into configs: inout Configs) async throws(StepFailure) {
        if let ca = tls.ca {
            configs.changes.append((name: "ssl.truststore.type", value: "PEM"))
            configs.add("ssl.truststore.certificates", try await secret(ca))
        }
        guard let certificate = tls.certificate, let key = tls.key else { return }
        configs.changes.append((name: "ssl.keystore.type", value: "PEM"))
        configs.add("ssl.keystore.certificate.chain", try await secret(certificate))
        configs.add("ssl.keystore.key", try await secret(key))
    }

    fileprivate func secret(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        try await context.call { try await context.endpoints.secret(reference, for: "cluster link") }
    }
}

extension LinkConnection.Configs {
    fileprivate mutating func add(_ name: String, _ secret: Secret) {
        secret.reveal { changes.append((name: name, value: $0)) }
        secrets.append(secret)
    }

    fileprivate mutating func append(_ other: Self, prefix: String) {
        changes += other.changes.map { (name: prefix + $0.name, value: $0.value) }
        secrets += other.secrets
    }

    fileprivate mutating func sasl(
        _ mechanism: String, _ module: String, _ references: [(String, SecretReference)],
        _ options: [(String, String)] = [], read connection: LinkConnection
    ) async throws(StepFailure) {
        changes.append((name: "security.protocol", value: "SASL_SSL"))
        changes.append((name: "sasl.mechanism", value: mechanism))
        var values: [(String, Secret)] = []
        for (name, reference) in references { values.append((name, try await connection.secret(reference))) }
        let jaas = JAAS.line(module, values, options)
        jaas.reveal { changes.append((name: "sasl.jaas.config", value: $0)) }
        secrets += values.map(\.1) + [jaas]
    }
}

/// Lines of a JAAS configuration, as Kafka's `sasl.jaas.config` takes them.
enum JAAS {
    static let plain = "org.apache.kafka.common.security.plain.PlainLoginModule"
    static let scram = "org.apache.kafka.common.security.scram.ScramLoginModule"
    static let oauth = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
    static let oauthHandler =
        "org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler"

    /// `Module required name='value' …;`
    static func line(_ module: String, _ secrets: [(String, Secret)], _ options: [(String, String)]) -> Secret {
        var line = module + " required"
        for (name, secret) in secrets {
            secret.reveal { line += " \(name)=\(quoted($0))" }
        }
        for (name, value) in options { line += " \(name)=\(quoted(value))" }
        return Secret(line + ";")
    }

    /// A value between single quotes; Kafka reads it with Java's StreamTokenizer, which knows C's escapes and ends a
    /// quoted value at a line break.
    static func quoted(_ value: String) -> String {
        var result = "'"
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\", "'": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
