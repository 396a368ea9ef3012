import Domain
import Execution

extension BindingStores {
    func vaultStore(_ connection: String, mount: String, path: String) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "vault \(connection): \(mount)/\(path): not supported yet")
    }
}

extension Connections {
    /// A field of a KV secret.
    ///
    /// - Throws: Why it cannot be read.
    func vaultSecret(
        _ connection: String, mount: String, path: String, field: String
    ) async throws(StepFailure) -> Secret {
        throw StepFailure(.rejected, "secrets in Vault cannot be read yet")
    }
}
