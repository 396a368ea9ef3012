import Domain
import Execution

/// Finds the store behind a target of a binding.
struct BindingStores: Sendable {
    let folder: String
    let connections: Connections

    /// The store of a target.
    ///
    /// - Parameter before: What was last published there, when that is known.
    /// - Throws: Why its connection cannot be opened: an unreadable secret, a file of settings that is not there.
    func store(
        for target: PublishTarget, publishedBefore before: LastPublication? = nil
    ) async throws(StepFailure) -> any BindingStore {
        switch target {
        case .file(let path, let format, let contents):
            FileBindingStore(
                root: folder, path: path, format: format, former: before.flatMap { FormerFile($0, path) },
                isPrivate: contents.includesSecrets)
        case .consul(let connection, let key, let format):
            try await consulStore(connection, key: key, format: format)
        case .vault(let connection, let mount, let path, _):
            try await vaultStore(connection, mount: mount, path: path)
        case .kubernetes(let connection, let namespace, let configMap, let secret):
            try await kubernetesStore(connection, namespace: namespace, configMap: configMap, secret: secret)
        case .awsSecretsManager(let connection, let name, _):
            try await awsSecretStore(connection, name: name)
        case .awsParameterStore(let connection, let path, _):
            try await awsParameterStore(connection, path: path)
        case .etcd(let connection, let key):
            try await etcdStore(connection, key: key)
        }
    }
}
