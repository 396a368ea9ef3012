import Domain
import Execution

extension BindingStores {
    func etcdStore(_ connection: String, key: String) async throws(StepFailure) -> any BindingStore {
        throw StepFailure(.rejected, "etcd \(connection): \(key): not supported yet")
    }
}
