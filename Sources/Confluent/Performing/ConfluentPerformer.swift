package import Domain
package import Execution
package import Planning
package import Transport

/// Performs the steps on control planes, clusters and registries: one call, or the few that belong together, and then
/// polls until the effect is visible.
package struct ConfluentPerformer: StepPerformer {
    private var context: StepContext

    /// A performer.
    ///
    /// - Parameters:
    ///   - workspace: What the manifests declare: credentials, timeouts, access points.
    ///   - secrets: Resolves credentials when a step needs them.
    ///   - directory: Where sites are; learns of environments, clusters and registries as they are created.
    ///   - transport: Sends the calls.
    ///   - pacing: How time passes between polls.
    package init(
        workspace: Workspace, secrets: any SecretResolver, directory: SiteDirectory, transport: HTTPTransport,
        pacing: Pacing = .realTime
    ) {
        self.context = StepContext(
            workspace: workspace, directory: directory,
            endpoints: EndpointFactory(workspace: workspace, secrets: secrets, transport: transport),
            pollers: SitePollers(pacing: pacing), pacing: pacing)
    }

    /// Everything but publishing, hooks and what only the ledger learns.
    package func performs(_ action: StepAction) -> Bool {
        switch action {
        case .cloud, .kafka, .move, .registry: true
        case .binding, .hook, .ledger: false
        }
    }

    /// Performs a step, polls until its effect is visible, and says when it begins to poll.
    ///
    /// - Throws: ``StepFailure``, whose text holds no secret.
    package func perform(
        _ step: Step, beginsWaiting: @escaping @Sendable () async -> Void
    ) async throws(StepFailure) {
        var performer = self
        performer.context.beginsWaiting = beginsWaiting
        try await performer.perform(step)
    }

    /// Performs a step, and polls until its effect is visible.
    ///
    /// - Throws: ``StepFailure``, whose text holds no secret.
    package func perform(_ step: Step) async throws(StepFailure) {
        try await Deeds.recorded { () async throws(StepFailure) in
            switch step.action {
            case .cloud(let action): try await CloudPerformer(context: context).perform(action)
            case .kafka(let action): try await KafkaPerformer(context: context).perform(action)
            case .move(let action): try await MovePerformer(context: context).perform(action)
            case .registry(let action): try await RegistryPerformer(context: context).perform(action)
            case .binding, .hook, .ledger:
                throw StepFailure(.rejected, "\(step.id) is not a step of Confluent's APIs")
            }
        }
    }
}
