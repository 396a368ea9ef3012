/// Consul's HTTP API.
package struct ConsulSpec: ConnectedSystem {
    package static let type = ConnectionType.consul

    /// HTTP API.
    package var endpoint: String
    /// ACL token.
    package var token: SecretReference?
    /// Datacenter; `nil` = the agent's.
    package var datacenter: String?
    /// Namespace (Enterprise).
    package var namespace: String?
    package var tls: TLSSpec?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false

    package init(
        endpoint: String, token: SecretReference? = nil, datacenter: String? = nil, namespace: String? = nil,
        tls: TLSSpec? = nil
    ) {
        self.endpoint = endpoint
        self.token = token
        self.datacenter = datacenter
        self.namespace = namespace
        self.tls = tls
    }

    package var secrets: [SecretReference] { [token].compactMap(\.self) + (tls?.secrets ?? []) }
    package var addresses: [(url: String, field: String)] { [(endpoint, "endpoint")] }
    package var destination: String? {
        [endpoint.plainURL, datacenter, namespace].compactMap(\.self).joined(separator: " ")
    }
}

/// A key of Consul, or the keys below one.
package struct ConsulPlace: StorePlace {
    package enum Format: String, Hashable, Sendable, Codable, CaseIterable {
        case json = "JSON"
        case properties = "Properties"
        case keys = "Keys"
    }

    package static let word = "consul"
    package static let label = "consul"
    package static let system: String? = "Consul"

    /// Connection of type consul.
    package let connection: String
    /// The key, or the prefix of keys.
    package let key: String
    /// How it is written.
    package let valueFormat: Format

    package init(connection: String, key: String, format: Format) {
        self.connection = connection
        self.key = key
        self.valueFormat = format
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let key = fields["key"],
            let format = fields.word("format", or: Format.json)
        else { return nil }
        self.init(connection: connection, key: key, format: format)
    }

    package var fields: [String: String] {
        ["connection": connection, "key": key, "format": valueFormat.rawValue]
    }
    package var location: String { key }
    package var identity: String { key.normalizedPath }
    package var contents: PublishedContents { .properties }
    package var format: String? { valueFormat.rawValue }
    package var target: PublishTarget { .consul(self) }
}
