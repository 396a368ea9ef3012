import Domain
import NIOCore
import NIOPosix
import NIOSSL

/// Asks a server for its certificates, trusting none of them and sending nothing.
struct CertificateInquiry: Sendable {
    /// What is said about one certificate.
    struct Certificate: Sendable {
        let names: [String]
        let subject: String
        let issuer: String
        let isItsOwnIssuer: Bool
        let begins: Timestamp
        let ends: Timestamp
    }

    private let endpoint: HTTPEndpoint

    init(_ endpoint: HTTPEndpoint) {
        self.endpoint = endpoint
    }

    /// The server's certificates, its own first; `nil` when it shows none in time, or is behind a proxy.
    func chain() async -> [Certificate]? {
        guard endpoint.transport.proxy(for: endpoint) == nil else { return nil }
        let (chains, seen) = AsyncStream.makeStream(of: [Certificate].self)
        let name = endpoint.tls.serverName ?? endpoint.host
        let group = MultiThreadedEventLoopGroup.singleton
        let connecting = ClientBootstrap(group: group).connectTimeout(.init(endpoint.transport.settings.connect))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let context = try NIOSSLContext(configuration: .ofClients)
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: Self.isAddress(name) ? nil : name,
                        customVerificationCallback: { certificates, promise in
                            seen.yield(certificates.map(Certificate.init))
                            promise.succeed(.failed)
                        })
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
        connecting.whenFailure { _ in seen.finish() }
        let chain = await withDeadline(endpoint.transport.settings.connect) { () -> [Certificate]? in
            for await chain in chains { return chain }
            return nil
        }
        connecting.whenSuccess { $0.close(promise: nil) }
        return chain ?? nil
    }

    private static func isAddress(_ name: String) -> Bool {
        (try? SocketAddress(ipAddress: name, port: 443)) != nil
    }
}

extension CertificateInquiry.Certificate {
    init(_ certificate: NIOSSLCertificate) {
        let alternatives = certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }
            .map { String(decoding: $0.contents, as: UTF8.self) }
        let common = Self.common(certificate.subjectName)
        names = alternatives.isEmpty ? [common].filter { !$0.isEmpty } : alternatives
        subject = common
        issuer = Self.common(certificate.issuerName)
        isItsOwnIssuer = certificate.subjectName == certificate.issuerName
        begins = Timestamp(milliseconds: Int64(clamping: certificate.notValidBefore).multipliedClamping(by: 1000))
        ends = Timestamp(milliseconds: Int64(clamping: certificate.notValidAfter).multipliedClamping(by: 1000))
    }

    /// The common name, else whatever a name has.
    private static func common(_ names: [SSLCertificateName]) -> String {
        (names.last { $0.type == .commonName } ?? names.last)?.value ?? ""
    }

    /// What speaks against it, and what helps.
    ///
    /// - Parameters:
    ///   - chain: The certificates that were shown.
    ///   - hasOwnAuthorities: Whether the manifests name whom to trust.
    func objection(in chain: [Self], hasOwnAuthorities: Bool) -> String {
        let now = Timestamp.now
        if let expired = chain.first(where: { $0.ends < now }) {
            return "\(expired.title(self)) has expired on \(expired.ends.rfc3339InSeconds); renew it there"
        }
        if let early = chain.first(where: { now < $0.begins }) {
            return "\(early.title(self)) is valid only from \(early.begins.rfc3339InSeconds) on; "
                + "is the clock of this machine right?"
        }
        let remedy =
            hasOwnAuthorities
            ? "`tls.ca` does not hold it: put the certificate of that authority there"
            : "name the authority's certificate in `tls.ca`, or in the file of SSL_CERT_FILE, if it is yours"
        if isItsOwnIssuer { return "its certificate is self-signed, by an authority nobody trusts; \(remedy)" }
        return "its certificate is not trusted: its authority '\(chain.last?.issuer ?? issuer)' is unknown; \(remedy)"
    }

    private func title(_ leaf: Self) -> String {
        names == leaf.names && subject == leaf.subject
            ? "its certificate" : "the authority '\(subject)' of its certificate"
    }
}

extension Int64 {
    fileprivate func multipliedClamping(by factor: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: factor)
        return overflows ? (self < 0 ? .min : .max) : product
    }
}
