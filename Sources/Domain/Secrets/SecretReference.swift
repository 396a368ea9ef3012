/// Where a secret is read from; never its value.
///
/// References resolve lazily, per endpoint, when the secret is needed.
package indirect enum SecretReference: Hashable, Sendable, Codable {
    /// An environment variable of the process.
    case environment(String)
    /// A file, relative to the workspace file; one trailing newline is dropped.
    case file(String)
    /// A field of a Vault KV secret.
    case vault(connection: String, mount: String, path: String, field: String)
    case kubernetes(connection: String, namespace: String, secret: String, key: String)
    /// An AWS secret, whole or one field of a JSON object.
    case awsSecretsManager(connection: String, name: String, field: String?)
    /// Tried in order; the first that can be read is used.
    case firstOf([SecretReference])
}

extension SecretReference: CustomStringConvertible {
    /// The reference in words, as plans and errors show it.
    package var description: String {
        switch self {
        case .environment(let name): "env \(name)"
        case .file(let path): "file \(path)"
        case .vault(let connection, let mount, let path, let field): "vault \(connection): \(mount)/\(path)#\(field)"
        case .kubernetes(let connection, let namespace, let secret, let key):
            "kubernetes \(connection): \(namespace)/\(secret)#\(key)"
        case .awsSecretsManager(let connection, let name, let field):
            "aws \(connection): \(name)\(field.map { "#\($0)" } ?? "")"
        case .firstOf(let references): "first of (\(references.map(\.description).joined(separator: ", ")))"
        }
    }
}

/// Why a secret reference gave no secret.
package struct UnresolvedSecret: Error, Hashable, Sendable, Codable {
    /// The reference that was tried.
    package let reference: SecretReference
    /// What is wrong with it, without any part of a secret: "environment variable CC_KEY is not set".
    package let reason: String

    package init(reference: SecretReference, reason: String) {
        self.reference = reference
        self.reason = reason
    }
}
