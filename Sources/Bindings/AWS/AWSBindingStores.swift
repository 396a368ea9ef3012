import Domain
import Execution

extension BindingStores {
    func awsSecretStore(_ connection: String, name: String) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "aws \(connection): \(name): not supported yet")
    }

    func awsParameterStore(_ connection: String, path: String) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "aws \(connection): \(path): not supported yet")
    }
}

extension Connections {
    /// A secret of AWS Secrets Manager, whole or one field.
    ///
    /// - Throws: Why it cannot be read.
    func awsSecret(_ connection: String, name: String, field: String?) async throws(StepFailure) -> Secret {
        throw StepFailure(.rejected, "secrets in AWS cannot be read yet")
    }
}
