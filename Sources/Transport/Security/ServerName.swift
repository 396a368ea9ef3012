import NIOCore
import NIOSSL

/// The name that a server's certificate has to have, where `tls.serverName` tells it.
///
/// NIOSSL takes a certificate for the address it is connected to as well, whatever name was asked for: here that is
/// another host.
struct ServerName: Sendable {
    private let name: String
    private let address: SocketAddress?

    init(_ name: String) {
        self.name = name.hasSuffix(".") ? String(name.dropLast()) : name
        address = try? SocketAddress(ipAddress: name, port: 0)
    }

    /// Closes a connection whose certificate has another name.
    @Sendable func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            guard let certificate, isName(of: certificate) else { throw NIOSSLExtraError.failedToValidateHostname }
        }.flatMapErrorThrowing { error in
            channel.close(promise: nil)
            throw error
        }
    }

    /// Whether a certificate that NIOSSL took has the name: it may have been taken for its address.
    private func isName(of certificate: NIOSSLCertificate) -> Bool {
        let alternatives = certificate._subjectAlternativeNames()
        guard alternatives.contains(where: { $0.nameType == .ipAddress }) else { return true }
        return alternatives.contains { alternative in
            switch alternative.nameType {
            case .ipAddress:
                address != nil && address == Self.address(alternative)
            case .dnsName: address == nil && matches(String(decoding: alternative.contents, as: UTF8.self))
            default: false
            }
        }
    }

    /// A `*` stands for one label or a part of it, and only in the first (RFC 6125).
    private func matches(_ pattern: String) -> Bool {
        let wanted = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        let given = (pattern.hasSuffix(".") ? pattern.dropLast() : pattern[...]).lowercased()
            .split(separator: ".", omittingEmptySubsequences: false)
        guard wanted.count == given.count, wanted.dropFirst() == given.dropFirst() else { return false }
        guard let label = wanted.first, let first = given.first else { return false }
        let parts = first.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return label == first }
        return label.count >= first.count && label.hasPrefix(parts[0]) && label.hasSuffix(parts[1])
    }

    private static func address(_ alternative: _SubjectAlternativeName) -> SocketAddress? {
        try? SocketAddress(packedIPAddress: ByteBuffer(bytes: alternative.contents), port: 0)
    }
}
