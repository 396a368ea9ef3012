import Domain
import NIOSSL
import TestSupport
import Testing
import Transport

/// Certificates: whom we trust, who we are, and what name we expect.
@Suite struct TLSTests {
    private func cause(
        _ tls: TLSMaterial, of context: NIOSSLContext? = nil
    ) async throws -> TransportFailure.Cause? {
        try await LocalServer.with({ _, _ in .json("{}") }, tls: context ?? Self.context()) { server in
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
    private static func context(
        certificate: String = TestCertificates.server, key: String = TestCertificates.serverKey,
        speaksAtMost version: TLSVersion? = nil, asksForCertificate: Bool = true
    ) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.certificateVerification = asksForCertificate ? .noHostnameVerification : .none
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = version
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

    @Test("Versions before 1.2 are not spoken, whatever the manifests say of certificates")
    func oldVersions() async throws {
        for tls in [material, TLSMaterial(serverName: "broker.internal"), TLSMaterial()] {
            guard case .untrusted(let reason)? = try await cause(tls, of: Self.context(speaksAtMost: .tlsv11)) else {
                Issue.record("expected no connection")
                continue
            }
            #expect(reason.contains("none of its versions 1.2 and 1.3"))
        }
        #expect(try await cause(material, of: Self.context(speaksAtMost: .tlsv12)) == nil)
    }

    @Test("A server of TLS 1.2 that wants a client certificate is said to want one")
    func certificateWanted() async throws {
        var anonymous = material
        anonymous.certificate = nil
        anonymous.key = nil
        guard
            case .untrusted(let reason)? = try await cause(anonymous, of: Self.context(speaksAtMost: .tlsv12))
        else {
            Issue.record("expected no connection")
            return
        }
        #expect(reason.contains("it wants a client certificate (`tls.certificate`, `tls.key`)"))
        #expect(!reason.contains("does not speak TLS"))
    }

    @Test("A key of another certificate is told before anybody is asked")
    func otherKey() async throws {
        var tls = material
        tls.key = Secret(TestCertificates.serverKey)
        #expect(try await cause(tls) == .untrusted("tls.key does not belong to tls.certificate"))
    }

    @Test(
        "The name in `tls.serverName` is in the certificate, or there is no connection, although its address is there",
        arguments: [
            ("broker.internal", true), ("Broker.Internal", true), ("a.zone.internal", true), ("127.0.0.1", true),
            ("nope.internal", false), ("a.b.zone.internal", false), ("zone.internal", false), ("10.0.0.1", false),
        ])
    func serverName(name: String, isTaken: Bool) async throws {
        let tls = TLSMaterial(authorities: Secret(TestCertificates.addressed), serverName: name)
        let context = try Self.context(
            certificate: TestCertificates.addressed, key: TestCertificates.addressedKey, asksForCertificate: false)
        switch try await cause(tls, of: context) {
        case nil: #expect(isTaken)
        case .untrusted(let reason)?:
            #expect(!isTaken)
            #expect(reason.contains("not for \(name)"))
        case let other?: Issue.record("\(other)")
        }
    }
}
