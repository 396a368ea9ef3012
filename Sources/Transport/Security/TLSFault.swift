import NIOPosix
import NIOSSL

/// Why two sides did not come to speak TLS with each other.
enum TLSFault {
    /// The certificate is not for the host.
    case otherHost
    /// The certificate was not accepted; why has to be asked.
    case notAccepted
    /// The other side does not speak TLS, or none of our versions.
    case protocolUnknown
    /// The other side does not accept us: it wants a client certificate, or another one.
    case clientNotAccepted
    /// The other side began the handshake and ended it; it tells no reason.
    case refused
    /// The other side ended the handshake without a word.
    case ended

    /// The fault that an error of a connection tells of; `nil` when it tells of something else.
    init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLExtraError:
            self = error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch ? .otherHost : .ended
        case NIOSSLError.handshakeFailed(let inner): self = TLSFault(handshake: inner)
        case NIOSSLError.uncleanShutdown: self = .ended
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: self = .notAccepted
        case let error as BoringSSLError: self = TLSFault(handshake: error)
        case is NIOSSLError: self = .ended
        case let error as NIOConnectionError:
            guard let fault = error.connectionErrors.lazy.compactMap({ TLSFault($0.error) }).first else { return nil }
            self = fault
        default: return nil
        }
    }

    /// BoringSSL names its reasons only in the text of an error; the names are part of its interface (`err.h`).
    private init(handshake error: BoringSSLError) {
        guard case .sslError(let stack) = error else {
            self = .ended
            return
        }
        let names = stack.map(\.description).joined(separator: " ")
        func tells(_ reasons: String...) -> Bool { reasons.contains { names.contains($0) } }
        if tells("CERTIFICATE_VERIFY_FAILED") {
            self = .notAccepted
        } else if tells(
            "WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "HTTP_REQUEST", "PROTOCOL_VERSION",
            "NO_COMMON", "HANDSHAKE_FAILURE_ON_CLIENT_HELLO", "INSUFFICIENT_SECURITY",
            "HTTPS_PROXY_REQUEST", "INVALID_ALERT", "UNEXPECTED_MESSAGE")
        {
            self = .protocolUnknown
        } else if tells(
            "CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA", "ALERT_CERTIFICATE",
            "ACCESS_DENIED", "UNSUPPORTED_CERTIFICATE")
        {
            self = .clientNotAccepted
        } else if tells("ALERT_HANDSHAKE_FAILURE") {
            self = .refused
        } else {
            self = .ended
        }
    }

    /// What is wrong and what helps, in one line.
    func words(for endpoint: HTTPEndpoint) async -> String {
        let name = endpoint.tls.serverName ?? endpoint.host
        switch self {
        case .protocolUnknown:
            return "TLS: the other side does not speak TLS, or none of its versions 1.2 and 1.3; "
                + "is it an http:// address, or another port?"
        case .clientNotAccepted:
            return endpoint.tls.certificate == nil
                ? "TLS: it wants a client certificate; name one in `tls.certificate` and `tls.key`"
                : "TLS: it does not accept the client certificate of `tls.certificate`"
        case .refused:
            let client =
                endpoint.tls.certificate == nil
                ? "it wants a client certificate (`tls.certificate`, `tls.key`)"
                : "it does not accept the client certificate of `tls.certificate`"
            return "TLS: it ended the handshake: \(client), or it shares no version or cipher with TLS 1.2 and 1.3"
        case .ended: return "TLS: it ended the connection during the handshake"
        case .otherHost:
            let names = await CertificateInquiry(endpoint).chain()?.first?.names ?? []
            let whom = names.isEmpty ? "another host" : "host \(names.prefix(3).joined(separator: ", "))"
            return "TLS: its certificate is for \(whom), not for \(name); "
                + "use the name it is for, or say in `tls.serverName` which one it has to have"
        case .notAccepted:
            guard let chain = await CertificateInquiry(endpoint).chain(), let leaf = chain.first else {
                return "TLS: its certificate is not trusted"
            }
            return "TLS: " + leaf.objection(in: chain, hasOwnAuthorities: endpoint.tls.authorities != nil)
        }
    }
}
