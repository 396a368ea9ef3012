/// Vault's HTTP API.
package struct VaultSpec: ConnectedSystem {
    /// How Spillway signs in.
    package enum Login: Hashable, Sendable, Codable {
        case token(SecretReference)
        case jwt(role: String, mount: String, token: SecretReference)
        case appRole(roleID: SecretReference, secretID: SecretReference, mount: String)
        case kubernetes(role: String, mount: String)

        fileprivate var secrets: [SecretReference] {
            switch self {
            case .token(let token), .jwt(_, _, let token): [token]
            case .appRole(let roleID, let secretID, _): [roleID, secretID]
            case .kubernetes: []
            }
        }
    }

    package static let type = ConnectionType.vault

    /// HTTP API.
    package var endpoint: String
    /// Namespace (Enterprise, HCP).
    package var namespace: String?
    /// Sign-in.
    package var login: Login
    package var tls: TLSSpec?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false

    package init(endpoint: String, namespace: String? = nil, login: Login, tls: TLSSpec? = nil) {
        self.endpoint = endpoint
        self.namespace = namespace
        self.login = login
        self.tls = tls
    }

    package var secrets: [SecretReference] { login.secrets + (tls?.secrets ?? []) }
    package var addresses: [(url: String, field: String)] { [(endpoint, "endpoint")] }
    package var destination: String? { [endpoint.plainURL, namespace].compactMap(\.self).joined(separator: " ") }
}

/// A secret of a KV engine.
package struct VaultPlace: StorePlace {
    package static let word = "vault"
    package static let label = "vault"
    package static let system: String? = "Vault"

    /// Connection of type vault.
    package let connection: String
    /// Mount of the engine.
    package let mount: String
    /// Path below it.
    package let path: String
    package let contents: PublishedContents

    package init(connection: String, mount: String, path: String, contents: PublishedContents) {
        self.connection = connection
        self.mount = mount
        self.path = path
        self.contents = contents
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let path = fields["path"],
            let contents = fields.word("contents", or: PublishedContents.secrets)
        else { return nil }
        self.init(connection: connection, mount: fields["mount"] ?? "secret", path: path, contents: contents)
    }

    package var fields: [String: String] {
        ["connection": connection, "mount": mount, "path": path, "contents": contents.rawValue]
    }
    package var location: String { "\(mount)/\(path)" }
    package var identity: String { location.normalizedPath }
    package var target: PublishTarget { .vault(self) }
}
