/// What one step does to a live system. It names objects as the manifests do; ids, endpoints and secrets are looked up
/// when the step runs, so that a plan holds none.
package enum StepAction: Hashable, Sendable, Codable {
    case createEnvironment(EnvironmentCreation)
    case updateEnvironment(EnvironmentUpdate)
    case deleteEnvironment(EnvironmentReference)
    case createCluster(ClusterCreation)
    case updateCluster(ClusterUpdate)
    case deleteCluster(ClusterReference)
    /// Waits until the environment's Schema Registry is provisioned: it appears with the environment's first cluster.
    case awaitRegistry(EnvironmentReference)

    case createTopic(TopicCreation)
    case growTopic(TopicGrowth)
    case alterTopicConfigs(TopicAlteration)
    case deleteTopic(TopicReference)

    case createLink(LinkCreation)
    case alterLink(LinkAlteration)
    case deleteLink(LinkReference)
    case createMirror(MirrorCreation)
    case pauseMirrors(LinkedMirrors)
    case resumeMirrors(LinkedMirrors)

    case setRegistryMode(RegistryModeSetting)
    case setCompatibility(CompatibilitySetting)
    case createExporter(ExporterDefinition)
    /// Pauses, replaces the definition and credentials, and resumes unless the definition is paused.
    case updateExporter(ExporterDefinition)
    /// The same, and lets it begin from the start, so that what was there before it selected it is copied too.
    case restartExporter(ExporterDefinition)
    case pauseExporter(ExporterReference)
    /// Resumes unless it runs, and waits until it is RUNNING, reports nothing, and has copied what is there.
    case resumeExporter(ExporterReference)
    case deleteExporter(ExporterReference)

    /// Writes entries that deny writes, and reads them back.
    case fence(FenceEntries)
    /// Removes exactly these entries, and reads back that they are gone.
    case unfence(FenceEntries)
    /// Waits until the entries are there and the source's offsets have stood still.
    case verifyFence(FenceProof)
    /// Waits for lag 0 on every partition, in two polls with the same source offsets.
    case drain(LinkedMirrors)
    /// Makes ordinary topics of mirrors, and waits for STOPPED; after a reverse also for the mirrors at the other side.
    case endMirrors(MirrorEnding, LinkedMirrors)
    /// Truncates ordinary topics to where the other side went on, makes mirrors of them, and waits for ACTIVE.
    case restoreMirrors(LinkedMirrors)
    /// Deletes a link without its source (`force=true`): every mirror of it becomes an ordinary topic.
    case detachLink(LinkReference)
    /// Waits until mirrors that are on their way are ACTIVE.
    case awaitMirrors(LinkedMirrors)
    /// Waits until the destination holds every version of the subjects with its id.
    case awaitSchemas(SchemaComparison)
    /// Deletes versions, soft then hard, in this order.
    case deleteSchemas(SchemaDeletion)
    /// Writes one record to a topic, to prove that the cluster takes records, and that a mirror follows, where one is
    /// named.
    case writeCanary(CanaryRecord)
    /// Reads again, right before copies are destroyed, that another member serves them.
    case confirmHolder(HolderProof)
    /// Runs a restart hook.
    case runHook(HookCall)

    case publish(Publication)
    /// Removes what was published to a place that a binding has left.
    case withdraw(Withdrawal)

    /// Writes a decision to the ledger; nothing is sent.
    case record
    /// Takes ownership in the ledger; nothing is sent.
    case adopt
    /// Gives up ownership in the ledger; nothing is sent.
    case release
}
