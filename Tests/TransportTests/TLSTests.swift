import Domain
import NIOSSL
import TestSupport
import Testing
import Transport

/// Certificates: whom we trust, who we are, and what name we expect.
@Suite struct TLSTests {
    private func cause(_ tls: TLSMaterial) async throws -> TransportFailure.Cause? {
        try await LocalServer.with({ _, _ in .json("{}") }, tls: Self.context()) { server in
            var settings = HTTPTransport.Settings()
            settings.retries = .never
            settings.connect = .seconds(30)
            return try await withTransport(settings) { transport in
                let endpoint = try #require(HTTPEndpoint(server.url, transport: transport, tls: tls))
                do throws(TransportFailure) {
                    _ = try await endpoint.send(HTTPCall(.get, "/x"))
                    return nil
                } catch {
                    return error.cause
                }
            }
        }
    }

    /// A server that shows `broker.internal` and asks for a client certificate.
    private static func context() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.server.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(TestCertificates.serverKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.authority.utf8)))
        return try NIOSSLContext(configuration: configuration)
    }

    private var material: TLSMaterial {
        TLSMaterial(
            authorities: Secret(TestCertificates.authority), certificate: Secret(TestCertificates.client),
            key: Secret(TestCertificates.clientKey), serverName: "broker.internal")
    }

    @Test("With the authority, a client certificate and the name in the server's certificate, calls succeed")
    func complete() async throws {
        #expect(try await cause(material) == nil)
    }

    @Test("An authority that is not trusted, or a name that is not in the certificate, is no connection")
    func untrusted() async throws {
        var unknown = material
        unknown.authorities = nil
        var misnamed = material
        misnamed.serverName = nil
        var otherwise = material
        otherwise.serverName = "other.internal"
        for tls in [unknown, misnamed, otherwise] {
            guard case .untrusted(let reason)? = try await cause(tls) else {
                Issue.record("expected no connection")
                continue
            }
            #expect(reason.hasPrefix("TLS: "))
            // Neither where the binary was built, nor the terms of the library that speaks TLS.
            #expect(!reason.contains(".cc") && !reason.contains("OPENSSL") && !reason.contains("BoringSSL"))
        }
    }

    @Test("What is wrong with a certificate is said: whose authority is unknown, whose name it has")
    func words() async throws {
        var unknown = material
        unknown.authorities = nil
        var otherwise = material
        otherwise.serverName = "other.internal"
        guard case .untrusted(let authority)? = try await cause(unknown),
            case .untrusted(let name)? = try await cause(otherwise)
        else {
            Issue.record("expected no connection")
            return
        }
        #expect(authority.contains("its authority 'Test CA' is unknown"))
        #expect(authority.contains("`tls.ca`"))
        #expect(name.contains("for host broker.internal, not for other.internal"))
    }

    @Test(
        "A certificate that is not accepted costs at most three connections, its look among them, however many calls there are"
    )
    func oneLook() async throws {
        let count = try await LocalServer.with({ _, _ in .json("{}") }, tls: Self.context()) { server in
            try await withTransport { transport in
                var tls = material
                tls.authorities = nil
                let endpoint = try #require(HTTPEndpoint(server.url, transport: transport, tls: tls))
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try? await endpoint.send(HTTPCall(.get, "/x")) } }
                }
                return transport.requestCount
            }
        }
        #expect(count <= 3)
    }

    @Test("An identity provider has a name of its own, and its authority may be that of the system it signs in to")
    func anotherServer() {
        let other = material.ofAnotherServer
        #expect(other.serverName == nil)
        #expect(other.authorities != nil)
        #expect(other.trustsEverybodysAuthorities)
    }

    @Test("Without a client certificate the server ends the connection")
    func noClientCertificate() async throws {
        var anonymous = material
        anonymous.certificate = nil
        anonymous.key = nil
        #expect(try await cause(anonymous) != nil)
    }

    @Test("Material that is no PEM is named, without its content")
    func notPEM() async throws {
        var tls = material
        tls.key = Secret("hunter22")
        #expect(try await cause(tls) == .untrusted("tls.key is not a PEM private key"))
        tls = material
        tls.authorities = Secret("hunter22")
        #expect(try await cause(tls) == .untrusted("tls.ca holds no PEM certificate"))
    }
}
