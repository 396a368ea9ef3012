import Domain
import Execution

extension BindingStores {
    func consulStore(
        _ connection: String, key: String, format: PublishTarget.ConsulFormat
    ) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "consul \(connection): \(key): not supported yet")
    }
}
