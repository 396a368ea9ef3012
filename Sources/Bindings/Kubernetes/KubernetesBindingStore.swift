import Domain
import Execution

extension BindingStores {
    func kubernetesStore(
        _ connection: String, namespace: String, configMap: String?, secret: String?
    ) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "kubernetes \(connection): \(namespace): not supported yet")
    }
}

extension Connections {
    /// A key of a Secret.
    ///
    /// - Throws: Why it cannot be read.
    func kubernetesSecret(
        _ connection: String, namespace: String, secret: String, key: String
    ) async throws(StepFailure) -> Secret {
        throw StepFailure(.rejected, "secrets in Kubernetes cannot be read yet")
    }
}
