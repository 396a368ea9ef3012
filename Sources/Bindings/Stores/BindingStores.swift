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
        case .file(let place):
            FileBindingStore(
                root: folder, path: place.path, format: place.fileFormat,
                former: before.flatMap { FormerFile($0, place.path) }, isPrivate: place.contents.includesSecrets)
        case .consul(let place): try await connections.store(for: place)
        case .vault(let place): try await connections.store(for: place)
        case .kubernetes(let place): try await connections.store(for: place)
        case .awsSecretsManager(let place): try await connections.store(for: place)
        case .awsParameterStore(let place): try await connections.store(for: place)
        case .etcd(let place): try await connections.store(for: place)
        }
    }
}
