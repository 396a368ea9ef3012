/// How to reach a control plane, a store, or an API server.
package struct ConnectionSpec: Hashable, Sendable, Codable {
    /// The system at the other end.
    package enum System: Hashable, Sendable, Codable {
        case confluentCloud(ConfluentCloudSpec)
        case consul(ConsulSpec)
        case vault(VaultSpec)
        case kubernetes(KubernetesSpec)
        case aws(AWSSpec)
        case etcd(EtcdSpec)

        /// What is said of it, of whatever type.
        package var settings: any ConnectedSystem {
            switch self {
            case .confluentCloud(let spec): spec
            case .consul(let spec): spec
            case .vault(let spec): spec
            case .kubernetes(let spec): spec
            case .aws(let spec): spec
            case .etcd(let spec): spec
            }
        }
    }

    /// Header.
    package var metadata: Metadata
    /// The system at the other end.
    package var system: System

    package init(metadata: Metadata, system: System) {
        self.metadata = metadata
        self.system = system
    }

    /// What tells where it leads, by whatever name it goes; `nil` where it does not tell.
    package var destination: String? { system.settings.destination }
}

/// The systems a connection can lead to: the fields of its `spec`.
package enum ConnectionType: String, Hashable, Sendable, CaseIterable {
    case confluentCloud
    case consul
    case vault
    case kubernetes
    case aws
    case etcd
}

package protocol ConnectedSystem: Hashable, Sendable, Codable {
    static var type: ConnectionType { get }
    /// References to secrets that are needed to open it.
    var secrets: [SecretReference] { get }
    /// Addresses that it names, with their fields.
    var addresses: [(url: String, field: String)] { get }
    /// Whether what goes there may go by plain http.
    var allowsPlainHTTP: Bool { get }
    /// What tells where it leads: connections that are equal in it lead to the same place. `nil` where nothing tells.
    var destination: String? { get }
}

extension ConnectedSystem {
    package var secrets: [SecretReference] { [] }
    package var addresses: [(url: String, field: String)] { [] }
    package var allowsPlainHTTP: Bool { false }
    /// Not told.
    package var destination: String? { nil }
}

extension TLSSpec {
    /// References to secrets among its settings.
    var secrets: [SecretReference] { [ca, certificate, key].compactMap(\.self) }
}

extension String {
    /// A URL as it is compared.
    var plainURL: String {
        var url = self[...]
        while url.hasSuffix("/") { url.removeLast() }
        return url.lowercased()
    }
}

/// Confluent Cloud's control plane.
package struct ConfluentCloudSpec: ConnectedSystem {
    package static let type = ConnectionType.confluentCloud

    /// Base URL of the control plane.
    package var endpoint: String
    /// Expected organization id; another one is an error.
    package var organization: String?
    package var apiKey: SecretReference
    package var apiSecret: SecretReference
    package var tls: TLSSpec?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false

    package init(
        endpoint: String = "https://api.confluent.cloud", organization: String? = nil, apiKey: SecretReference,
        apiSecret: SecretReference, tls: TLSSpec? = nil
    ) {
        self.endpoint = endpoint
        self.organization = organization
        self.apiKey = apiKey
        self.apiSecret = apiSecret
        self.tls = tls
    }

    package var secrets: [SecretReference] { [apiKey, apiSecret] + (tls?.secrets ?? []) }
    package var addresses: [(url: String, field: String)] { [(endpoint, "endpoint")] }
    package var destination: String? { endpoint.plainURL }
}
