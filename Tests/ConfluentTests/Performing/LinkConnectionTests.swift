import Domain
import Execution
import Planning
import Testing
import Transport

@testable import Confluent

/// The configs with which a link signs in, per form of credentials.
@Suite struct LinkConnectionTests {
    private func configs(
        _ half: LinkHalf, _ credentials: Credentials, values: [String: String] = [:]
    ) async throws -> [String: String] {
        var workspace = Estate.workspace("http://127.0.0.1:1")
        workspace.clusters["west"]?.linkCredentials = credentials
        var secrets = FixedSecrets()
        secrets.values.merge(values) { $1 }
        let directory = SiteDirectory(
            KnownSites(clusters: [
                "west": KnownSites.Cluster(id: "lkc-west", bootstrapServers: "west:9092"),
                "east": KnownSites.Cluster(id: "lkc-east", bootstrapServers: "east:9092"),
            ]))
        let transport = HTTPTransport()
        let context = StepContext(
            workspace: workspace, directory: directory,
            endpoints: EndpointFactory(workspace: workspace, secrets: secrets, transport: transport),
            pollers: SitePollers(pacing: .realTime), pacing: .realTime)
        let made = try await LinkConnection(context: context).configs(half, local: "east", remote: "west")
        await transport.shutdown()
        return Dictionary(made.changes.map { ($0.name, $0.value) }) { $1 }
    }

    @Test("API keys: SASL_SSL with PLAIN, quoted for JAAS")
    func apiKey() async throws {
        let configs = try await configs(
            .destination, Credentials(signIn: Estate.key), values: ["KEY": "K", "SECRET": #"it's \a"b"#])
        #expect(
            configs == [
                "bootstrap.servers": "west:9092", "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN",
                "sasl.jaas.config": "org.apache.kafka.common.security.plain.PlainLoginModule required "
                    + #"username='K' password='it\'s \\a"b';"#,
            ])
    }

    @Test("User names: the mechanism decides the login module")
    func scram() async throws {
        let signIn = Credentials.SignIn.username(
            .environment("KEY"), password: .environment("SECRET"), mechanism: .scramSHA512)
        let configs = try await configs(
            .destination, Credentials(signIn: signIn, tls: TLSSpec(ca: .environment("CA"))), values: ["CA": "PEM"])
        #expect(configs["sasl.mechanism"] == "SCRAM-SHA-512")
        #expect(configs["sasl.jaas.config"]?.contains("scram.ScramLoginModule required username='SIMULATOR'") == true)
        #expect(configs["ssl.truststore.type"] == "PEM")
        #expect(configs["ssl.truststore.certificates"] == "PEM")
    }

    @Test("Certificates: SSL with PEM stores and no SASL")
    func certificate() async throws {
        let tls = TLSSpec(ca: .environment("CA"), certificate: .environment("CERT"), key: .environment("PRIVATE"))
        let configs = try await configs(
            .destination, Credentials(signIn: .certificate, tls: tls),
            values: ["CA": "ca", "CERT": "cert", "PRIVATE": "private"])
        #expect(
            configs == [
                "bootstrap.servers": "west:9092", "security.protocol": "SSL", "ssl.truststore.type": "PEM",
                "ssl.truststore.certificates": "ca", "ssl.keystore.type": "PEM",
                "ssl.keystore.certificate.chain": "cert", "ssl.keystore.key": "private",
            ])
    }

    @Test("OAuth: OAUTHBEARER with the token endpoint, the logical cluster and the identity pool")
    func oauth() async throws {
        let spec = OAuthSpec(
            tokenEndpoint: "https://idp.example/token", clientID: .environment("KEY"),
            clientSecret: .environment("SECRET"), scope: "kafka", identityPool: "pool-1")
        let configs = try await configs(.destination, Credentials(signIn: .oauth(spec)))
        #expect(configs["sasl.mechanism"] == "OAUTHBEARER")
        #expect(configs["sasl.oauthbearer.token.endpoint.url"] == "https://idp.example/token")
        let jaas = try #require(configs["sasl.jaas.config"])
        for part in [
            "clientId='SIMULATOR'", "clientSecret='simulator-secret'", "scope='kafka'",
            "extension_logicalCluster='lkc-west'", "extension_identityPoolId='pool-1'",
        ] {
            #expect(jaas.contains(part))
        }
    }

    @Test("A half that waits needs nothing; one that dials a waiting side also signs in at home")
    func halves() async throws {
        let credentials = Credentials(signIn: Estate.key)
        #expect(try await configs(.inboundDestination, credentials).isEmpty)
        #expect(try await configs(.inboundBidirectional, credentials).isEmpty)
        let dialling = try await configs(.outboundBidirectional, credentials)
        #expect(dialling["remote.link.connection.mode"] == "INBOUND")
        #expect(dialling["local.sasl.mechanism"] == "PLAIN")
        #expect(dialling["local.bootstrap.servers"] == nil)
        #expect(try await configs(.bidirectional, credentials)["local.sasl.mechanism"] == nil)
    }
}
