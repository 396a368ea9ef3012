import Domain
import NIOSSL

extension TLSMaterial {
    /// Why the material cannot be used; names the part, never its content.
    struct Unusable: Error {
        let reason: String
    }

    /// The client configuration.
    ///
    /// - Parameter trusted: A file of authorities in place of the system's; `nil` = the system's.
    func configuration(trusting trusted: String?) throws(Unusable) -> TLSConfiguration {
        var configuration = TLSConfiguration.ofClients
        if let trusted { configuration.trustRoots = .file(trusted) }
        if let authorities {
            let own = try Self.certificates(authorities, "tls.ca")
            if trustsEverybodysAuthorities {
                configuration.additionalTrustRoots = [.certificates(own)]
            } else {
                configuration.trustRoots = .certificates(own)
            }
        }
        if let certificate {
            let chain = try Self.certificates(certificate, "tls.certificate")
            configuration.certificateChain = chain.map { .certificate($0) }
        }
        if let key {
            do {
                let parsed = try key.reveal { try NIOSSLPrivateKey(bytes: Array($0.utf8), format: .pem) }
                configuration.privateKey = .privateKey(parsed)
            } catch {
                throw Unusable(reason: "tls.key is not a PEM private key")
            }
        }
        guard Self.belongTogether(configuration.certificateChain, configuration.privateKey) else {
            throw Unusable(reason: "tls.key does not belong to tls.certificate")
        }
        return configuration
    }

    /// Whether a key is that of a certificate: nobody could sign in with them otherwise, and a server would be blamed.
    private static func belongTogether(
        _ chain: [NIOSSLCertificateSource], _ key: NIOSSLPrivateKeySource?
    ) -> Bool {
        guard !chain.isEmpty, let key else { return true }
        var pair = TLSConfiguration.ofClients
        // Reading the system's authorities would cost more than the comparison.
        pair.trustRoots = .certificates([])
        (pair.certificateChain, pair.privateKey) = (chain, key)
        do {
            _ = try NIOSSLContext(configuration: pair)
            return true
        } catch NIOSSLError.failedToLoadPrivateKey {
            // The key was read before: what can be wrong with it is only whose it is.
            return false
        } catch {
            return true
        }
    }

    private static func certificates(_ pem: Secret, _ name: String) throws(Unusable) -> [NIOSSLCertificate] {
        let chain = try? pem.reveal { try NIOSSLCertificate.fromPEMBytes(Array($0.utf8)) }
        guard let chain, !chain.isEmpty else { throw Unusable(reason: "\(name) holds no PEM certificate") }
        return chain
    }
}

extension TLSConfiguration {
    /// What every connection of ours begins with: older versions than 1.2 are spoken by nobody who can be trusted.
    static var ofClients: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}
