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
        [.cloud, .kafka, .registry].contains(action.traits.room)
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
        case .deleteEnvironment(let site): try await environments.delete(site.environment)
        case .awaitRegistry(let site): try await environments.awaitRegistry(site.environment)
        case .createCluster(let creation): try await clusters.create(creation)
        case .updateCluster(let update): try await clusters.update(update)
        case .deleteCluster(let site): try await clusters.delete(site.cluster)

        case .createTopic(let creation): try await topics.create(creation)
        case .growTopic(let growth): try await topics.grow(growth.topic, on: growth.cluster, to: growth.partitions)
        case .alterTopicConfigs(let alteration):
            try await topics.alter(alteration.topic, on: alteration.cluster, alteration.changes)
        case .deleteTopic(let reference): try await topics.delete(reference.topic, on: reference.cluster)

        case .createLink(let creation): try await links.create(creation)
        case .alterLink(let alteration): try await links.alter(alteration)
        case .deleteLink(let reference): try await links.delete(reference.link, on: reference.cluster)
        case .createMirror(let creation):
            try await mirrors.create(creation.topic, of: creation.source, link: creation.link, on: creation.cluster)
        case .pauseMirrors(let changed):
            try await mirrors.change(changed.topics, .pause, link: changed.link, on: changed.cluster)
        case .awaitMirrors(let awaited):
            try await mirrors.awaitActive(awaited)
        case .resumeMirrors(let changed):
            try await mirrors.change(changed.topics, .resume, link: changed.link, on: changed.cluster)

        case .setRegistryMode(let setting):
            try await registries.setMode(
                setting.mode, of: setting.context, in: setting.environment, force: setting.force)
        case .setCompatibility(let setting):
            try await registries.setCompatibility(setting.level, in: setting.environment)
        case .createExporter(let definition): try await exporters.create(definition)
        case .updateExporter(let definition): try await exporters.update(definition, startsOver: false)
        case .restartExporter(let definition): try await exporters.update(definition, startsOver: true)
        case .pauseExporter(let reference): try await exporters.pause(reference.exporter, in: reference.environment)
        case .resumeExporter(let reference): try await exporters.resume(reference.exporter, in: reference.environment)
        case .deleteExporter(let reference): try await exporters.delete(reference.exporter, in: reference.environment)

        case .fence(let entries): try await fences.write(entries)
        case .unfence(let entries): try await fences.remove(entries)
        case .verifyFence(let proof): try await fences.verify(proof)
        case .drain(let mirrors): try await endings.drain(mirrors)
        case .endMirrors(let ending, let mirrors): try await endings.end(mirrors, by: ending)
        case .restoreMirrors(let mirrors): try await endings.restore(mirrors)
        case .detachLink(let reference): try await endings.detach(reference.link, on: reference.cluster)
        case .confirmHolder(let proof):
            try await endings.confirm(proof)
            await context.returns.begin(proof.member, at: context.pacing.elapsed())
        case .writeCanary(let canary):
            try await endings.writeCanary(to: canary.topic, on: canary.cluster, seenOn: canary.seenOn)
        case .awaitSchemas(let comparison): try await schemas.awaitEqual(comparison)
        case .deleteSchemas(let deletion): try await schemas.delete(deletion.versions, in: deletion.environment)

        default:
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
