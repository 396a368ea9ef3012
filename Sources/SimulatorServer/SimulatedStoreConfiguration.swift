import SimulatedConfluent

/// Kinds of stores the simulator serves.
package enum SimulatedStoreKind: String, Sendable, CaseIterable {
    case consul
    case vault
    case kubernetes
}

/// One store of a simulator.
package struct SimulatedStoreConfiguration: Sendable, Equatable {
    /// Certificates a store is served with.
    package struct TLS: Sendable, Equatable {
        /// PEM chain of the server's certificate.
        package var certificate: String
        /// PEM of its private key.
        package var key: String
        /// PEM of the authorities whose client certificates are asked for; `nil` asks for none.
        package var clientAuthorities: String?

        package init(certificate: String, key: String, clientAuthorities: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthorities = clientAuthorities
        }
    }

    /// What it speaks.
    package var kind: SimulatedStoreKind
    /// What it is called among the endpoints, and in `/_sim/regions` when it belongs to no region.
    package var name: String
    /// The region it fails with; `nil` = by itself.
    package var region: String?
    /// Certificates; `nil` serves plain HTTP.
    package var tls: TLS?

    package init(_ kind: SimulatedStoreKind, name: String, region: String? = nil, tls: TLS? = nil) {
        self.kind = kind
        self.name = name
        self.region = region
        self.tls = tls
    }
}
