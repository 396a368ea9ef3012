import SimulatedConfluent

/// Kinds of stores the simulator serves.
public enum SimulatedStoreKind: String, Sendable, CaseIterable {
    case consul
    case vault
    case kubernetes
}

/// One store of a simulator.
public struct SimulatedStoreConfiguration: Sendable, Equatable {
    /// Certificates a store is served with.
    public struct TLS: Sendable, Equatable {
        /// PEM chain of the server's certificate.
        public var certificate: String
        /// PEM of its private key.
        public var key: String
        /// PEM of the authorities whose client certificates are asked for; `nil` asks for none.
        public var clientAuthorities: String?

        /// Certificates of a server.
        public init(certificate: String, key: String, clientAuthorities: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthorities = clientAuthorities
        }
    }

    /// What it speaks.
    public var kind: SimulatedStoreKind
    /// What it is called among the endpoints, and in `/_sim/regions` when it belongs to no region.
    public var name: String
    /// The region it fails with; `nil` = by itself.
    public var region: String?
    /// Certificates; `nil` serves plain HTTP.
    public var tls: TLS?

    /// A store.
    public init(_ kind: SimulatedStoreKind, name: String, region: String? = nil, tls: TLS? = nil) {
        self.kind = kind
        self.name = name
        self.region = region
        self.tls = tls
    }
}
