import Domain
package import Planning

/// A performer whose failures tell no secret, whatever a server or a program has said: the last place before the
/// journal, the report and the ledger.
package struct RedactingPerformer: StepPerformer {
    let performer: any StepPerformer
    let secrets: KnownSecrets

    package init(_ performer: any StepPerformer, secrets: KnownSecrets) {
        self.performer = performer
        self.secrets = secrets
    }

    package func performs(_ action: StepAction) -> Bool { performer.performs(action) }

    package func perform(_ step: Step) async throws(StepFailure) {
        do throws(StepFailure) { try await performer.perform(step) } catch { throw secrets.clean(error) }
    }

    package func perform(_ step: Step, beginsWaiting: @escaping @Sendable () async -> Void) async throws(StepFailure) {
        do throws(StepFailure) {
            try await performer.perform(step, beginsWaiting: beginsWaiting)
        } catch {
            throw secrets.clean(error)
        }
    }
}
