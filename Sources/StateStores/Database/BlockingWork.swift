import Dispatch
import Execution

/// Runs blocking work off the cooperative threads. Cancelling the caller does not stop it: an outcome that is known has
/// to be written down even while the run is being interrupted.
func offCooperativeThreads<Value: Sendable>(
    _ work: @escaping @Sendable () throws(StateStoreError) -> Value
) async throws(StateStoreError) -> Value {
    let result = await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(returning: Result { () throws(StateStoreError) in try work() })
        }
    }
    return try result.get()
}
