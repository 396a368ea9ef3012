import NIOSSL

/// The file of authorities that a machine trusts in place of its system's, as programs that use OpenSSL find it.
package enum AuthoritiesFile {
    package static let variable = "SSL_CERT_FILE"

    /// Why the file cannot be used.
    package struct Unusable: Error, Sendable {
        package let path: String
    }

    /// Path of the file; `nil` when none is named.
    ///
    /// - Throws: ``Unusable`` when it holds no PEM certificate.
    package static func path(in environment: [String: String]) throws(Unusable) -> String? {
        guard let path = environment[variable], !path.isEmpty else { return nil }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw Unusable(path: path)
        }
        return path
    }
}
