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
            guard case .unreachable(let reason)? = try await cause(tls) else {
                Issue.record("expected no connection")
                continue
            }
            #expect(reason.hasPrefix("TLS: "))
        }
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
        #expect(try await cause(tls) == .unreachable("tls.key is not a PEM private key"))
        tls = material
        tls.authorities = Secret("hunter22")
        #expect(try await cause(tls) == .unreachable("tls.ca holds no PEM certificate"))
    }
}
