/// An etcd cluster.
package struct EtcdSpec: ConnectedSystem {
    package static let type = ConnectionType.etcd

    /// Members.
    package var endpoints: [String]
    /// User.
    package var username: SecretReference?
    package var password: SecretReference?
    package var tls: TLSSpec?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false

    package init(
        endpoints: [String], username: SecretReference? = nil, password: SecretReference? = nil, tls: TLSSpec? = nil
    ) {
        self.endpoints = endpoints
        self.username = username
        self.password = password
        self.tls = tls
    }

    package var secrets: [SecretReference] { [username, password].compactMap(\.self) + (tls?.secrets ?? []) }
    package var addresses: [(url: String, field: String)] {
        endpoints.enumerated().map { ($0.element, "endpoints[\($0.offset)]") }
    }
    package var destination: String? { endpoints.map(\.plainURL).sorted().joined(separator: ",") }
}

/// A key of etcd, a JSON document.
package struct EtcdPlace: StorePlace {
    package static let word = "etcd"
    package static let label = "etcd"
    package static let system: String? = "etcd"

    /// Connection of type etcd.
    package let connection: String
    package let key: String

    package init(connection: String, key: String) {
        self.connection = connection
        self.key = key
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let key = fields["key"] else { return nil }
        self.init(connection: connection, key: key)
    }

    package var fields: [String: String] { ["connection": connection, "key": key] }
    package var location: String { key }
    package var contents: PublishedContents { .properties }
    package var target: PublishTarget { .etcd(self) }
}
