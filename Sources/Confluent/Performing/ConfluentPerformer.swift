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

    /// Everything but publishing and what only the ledger learns.
    package func performs(_ action: StepAction) -> Bool {
        switch action {
        case .publish, .withdraw, .runHook, .adopt, .release, .record: false
        default: true
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
        try await recordingDeeds { () async throws(StepFailure) in try await carryOut(step) }
    }

    private func carryOut(_ step: Step) async throws(StepFailure) {
        switch step.action {
        case .createEnvironment(let creation): try await environments.create(creation)
        case .updateEnvironment(let update): try await environments.update(update)
        case .deleteEnvironment(let name): try await environments.delete(name)
        case .awaitRegistry(let name): try await environments.awaitRegistry(name)
        case .createCluster(let creation): try await clusters.create(creation)
        case .updateCluster(let update): try await clusters.update(update)
        case .deleteCluster(let name): try await clusters.delete(name)

        case .createTopic(let creation): try await topics.create(creation)
        case .growTopic(let cluster, let topic, let count): try await topics.grow(topic, on: cluster, to: count)
        case .alterTopicConfigs(let cluster, let topic, let changes):
            try await topics.alter(topic, on: cluster, changes)
        case .deleteTopic(let cluster, let topic): try await topics.delete(topic, on: cluster)

        case .createLink(let creation): try await links.create(creation)
        case .alterLink(let alteration): try await links.alter(alteration)
        case .deleteLink(let cluster, let link): try await links.delete(link, on: cluster)
        case .createMirror(let cluster, let link, let topic, let source):
            try await mirrors.create(topic, of: source, link: link, on: cluster)
        case .pauseMirrors(let cluster, let link, let topics):
            try await mirrors.change(topics, .pause, link: link, on: cluster)
        case .awaitMirrors(let awaited):
            try await mirrors.awaitActive(awaited)
        case .resumeMirrors(let cluster, let link, let topics):
            try await mirrors.change(topics, .resume, link: link, on: cluster)

        case .setRegistryMode(let environment, let scope, let mode, let force):
            try await registries.setMode(mode, of: scope, in: environment, force: force)
        case .setCompatibility(let environment, let level):
            try await registries.setCompatibility(level, in: environment)
        case .createExporter(let definition): try await exporters.create(definition)
        case .updateExporter(let definition): try await exporters.update(definition, startsOver: false)
        case .restartExporter(let definition): try await exporters.update(definition, startsOver: true)
        case .pauseExporter(let environment, let name): try await exporters.pause(name, in: environment)
        case .resumeExporter(let environment, let name): try await exporters.resume(name, in: environment)
        case .deleteExporter(let environment, let name): try await exporters.delete(name, in: environment)

        case .fence(let entries): try await fences.write(entries)
        case .unfence(let entries): try await fences.remove(entries)
        case .verifyFence(let proof): try await fences.verify(proof)
        case .drain(let mirrors): try await endings.drain(mirrors)
        case .endMirrors(let ending, let mirrors): try await endings.end(mirrors, by: ending)
        case .restoreMirrors(let mirrors): try await endings.restore(mirrors)
        case .detachLink(let cluster, let link): try await endings.detach(link, on: cluster)
        case .confirmHolder(let proof):
            try await endings.confirm(proof)
            await context.returns.begin(proof.member, at: context.pacing.elapsed())
        case .writeCanary(let cluster, let topic, let mirror):
            try await endings.writeCanary(to: topic, on: cluster, seenOn: mirror)
        case .awaitSchemas(let comparison): try await schemas.awaitEqual(comparison)
        case .deleteSchemas(let environment, let versions): try await schemas.delete(versions, in: environment)

        case .publish, .withdraw, .runHook, .adopt, .release, .record:
            throw StepFailure(.rejected, "\(step.id) is not a step of Confluent's APIs")
        }
    }

    private var environments: EnvironmentSteps { EnvironmentSteps(context: context) }
    private var clusters: ClusterSteps { ClusterSteps(context: context) }
    private var topics: TopicSteps { TopicSteps(context: context) }
    private var links: LinkSteps { LinkSteps(context: context) }
    private var mirrors: MirrorSteps { MirrorSteps(context: context) }
    private var registries: RegistrySteps { RegistrySteps(context: context) }
    private var exporters: ExporterSteps { ExporterSteps(context: context) }
    private var fences: FenceSteps { FenceSteps(context: context) }
    private var endings: EndingSteps { EndingSteps(context: context) }
    private var schemas: SchemaSteps { SchemaSteps(context: context) }
}
