import Domain
import Execution
import Planning

/// A performer whose failures tell no secret, whatever a server or a program has said: the last place before the
/// journal, the report and the ledger.
struct RedactingPerformer: StepPerformer {
    let performer: any StepPerformer
    let secrets: KnownSecrets

    func performs(_ action: StepAction) -> Bool { performer.performs(action) }

    func perform(_ step: Step) async throws(StepFailure) {
        do throws(StepFailure) { try await performer.perform(step) } catch { throw secrets.clean(error) }
    }

    func perform(_ step: Step, beginsWaiting: @escaping @Sendable () async -> Void) async throws(StepFailure) {
        do throws(StepFailure) {
            try await performer.perform(step, beginsWaiting: beginsWaiting)
        } catch {
            throw secrets.clean(error)
        }
    }
}
