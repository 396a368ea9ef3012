public import Domain

/// What one step does to a live system. It names objects as the manifests do; ids, endpoints and secrets are looked up
/// when the step runs, so that a plan holds none.
public enum StepAction: Hashable, Sendable, Codable {
    case createEnvironment(EnvironmentCreation)
    case updateEnvironment(EnvironmentUpdate)
    case deleteEnvironment(environment: String)
    case createCluster(ClusterCreation)
    case updateCluster(ClusterUpdate)
    case deleteCluster(cluster: String)
    /// Waits until the environment's Schema Registry is provisioned: it appears with the environment's first cluster.
    case awaitRegistry(environment: String)

    case createTopic(TopicCreation)
    case growTopic(cluster: String, topic: String, partitions: Int)
    case alterTopicConfigs(cluster: String, topic: String, changes: [ConfigChange])
    case deleteTopic(cluster: String, topic: String)

    case createLink(LinkCreation)
    case alterLink(LinkAlteration)
    case deleteLink(cluster: String, link: String)
    case createMirror(cluster: String, link: String, topic: String, source: String)
    case pauseMirrors(cluster: String, link: String, topics: [String])
    case resumeMirrors(cluster: String, link: String, topics: [String])

    case setRegistryMode(environment: String, context: RegistryContext, mode: RegistryMode, force: Bool)
    case setCompatibility(environment: String, level: CompatibilityLevel)
    case createExporter(ExporterDefinition)
    /// Pauses, replaces the definition and credentials, and resumes unless the definition is paused.
    case updateExporter(ExporterDefinition)
    /// The same, and lets it begin from the start, so that what was there before it selected it is copied too.
    case restartExporter(ExporterDefinition)
    case pauseExporter(environment: String, exporter: String)
    /// Resumes unless it runs, and waits until it is RUNNING, reports nothing, and has copied what is there.
    case resumeExporter(environment: String, exporter: String)
    case deleteExporter(environment: String, exporter: String)

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
    case detachLink(cluster: String, link: String)
    /// Waits until mirrors that are on their way are ACTIVE.
    case awaitMirrors(LinkedMirrors)
    /// Waits until the destination holds every version of the subjects with its id.
    case awaitSchemas(SchemaComparison)
    /// Deletes versions, soft then hard, in this order.
    case deleteSchemas(environment: String, versions: [SchemaVersionID])
    /// Writes one record to a topic, to prove that the cluster takes records, and that a mirror follows, where one is
    /// named.
    case writeCanary(cluster: String, topic: String, seenOn: LinkedMirrors? = nil)
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

/// A config to set, or to reset to the server's default.
public struct ConfigChange: Hashable, Sendable, Codable {
    /// Wire name.
    public let name: String
    /// New value; `nil` resets.
    public let value: String?

    /// A config change.
    public init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }
}

/// An environment to create.
public struct EnvironmentCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    public let environment: String
    /// Display name.
    public let displayName: String
    /// Governance package.
    public let governance: GovernancePackage?

    /// An environment to create.
    public init(environment: String, displayName: String, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A change of an environment; absent fields stay.
public struct EnvironmentUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    public let environment: String
    /// New display name.
    public let displayName: String?
    /// New governance package.
    public let governance: GovernancePackage?

    /// A change of an environment.
    public init(environment: String, displayName: String?, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A cluster to create: the fields of the manifest that the control plane takes.
public struct ClusterCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    public let cluster: String
    /// Manifest name of its environment.
    public let environment: String
    /// Display name.
    public let displayName: String
    /// Kind.
    public let type: ClusterType
    /// Cloud provider.
    public let cloud: String
    /// Cloud region.
    public let region: String
    /// Availability.
    public let availability: Availability
    /// CKUs (Dedicated).
    public let cku: Int?
    /// Upper limit of eCKUs.
    public let maxEcku: Int?
    /// Network id.
    public let network: String?
    /// Self-managed key id.
    public let byok: String?
    /// Deletion protection.
    public let deletionProtection: Bool?

    /// The creation of a managed cluster; `nil` when the manifest lacks a field that `Manage` requires.
    public init?(_ spec: ClusterSpec) {
        guard let environment = spec.environment, let cloud = spec.cloud, let region = spec.region,
            let availability = spec.availability
        else { return nil }
        self.cluster = spec.name
        self.environment = environment
        self.displayName = spec.displayName
        self.type = spec.type
        self.cloud = cloud
        self.region = region
        self.availability = availability
        self.cku = spec.cku
        self.maxEcku = spec.maxEcku
        self.network = spec.network
        self.byok = spec.byok
        self.deletionProtection = spec.deletionProtection
    }
}

/// A change of a cluster; absent fields stay.
public struct ClusterUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    public let cluster: String
    /// New display name.
    public var displayName: String?
    /// New kind (Basic to Standard only).
    public var type: ClusterType?
    /// New CKUs.
    public var cku: Int?
    /// New upper limit of eCKUs.
    public var maxEcku: Int?
    /// New availability.
    public var availability: Availability?
    /// New deletion protection.
    public var deletionProtection: Bool?

    /// A change of a cluster that changes nothing yet.
    public init(cluster: String) {
        self.cluster = cluster
    }
}

/// A topic to create.
public struct TopicCreation: Hashable, Sendable, Codable {
    /// Cluster.
    public let cluster: String
    /// Name in Kafka.
    public let topic: String
    /// Partition count; `nil` = the server's default.
    public let partitions: Int?
    /// Replication factor; `nil` = the server's default.
    public let replicationFactor: Int?
    /// Configs, canonical values, sorted by name.
    public let configs: [ConfigChange]

    /// A topic to create.
    public init(cluster: String, topic: String, partitions: Int?, replicationFactor: Int?, configs: [ConfigChange]) {
        self.cluster = cluster
        self.topic = topic
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}

/// One half of a cluster link to create.
public struct LinkCreation: Hashable, Sendable, Codable {
    /// Cluster that holds this half.
    public let cluster: String
    /// Name on the wire.
    public let link: String
    /// The cluster at the other end.
    public let remote: String
    /// Which half this is.
    public let half: LinkHalf
    /// Configs without secrets and without `bootstrap.servers`, in the order they are written.
    public let configs: [ConfigChange]
    /// Whether the server checks connectivity, credentials and identity of the other side.
    public let validates: Bool

    /// One half of a link to create.
    public init(
        cluster: String, link: String, remote: String, half: LinkHalf, configs: [ConfigChange], validates: Bool
    ) {
        self.cluster = cluster
        self.link = link
        self.remote = remote
        self.half = half
        self.configs = configs
        self.validates = validates
    }
}

/// A change of a link's configs.
public struct LinkAlteration: Hashable, Sendable, Codable {
    /// Cluster that holds this half.
    public let cluster: String
    /// Name on the wire.
    public let link: String
    /// The cluster at the other end.
    public let remote: String
    /// Which half this is.
    public let half: LinkHalf
    /// Batches in the order they are written: filters first, enable flags last.
    public let batches: [[ConfigChange]]
    /// Whether connection and credential configs are written again.
    public let renewsConnection: Bool

    /// A change of a link.
    public init(
        cluster: String, link: String, remote: String, half: LinkHalf, batches: [[ConfigChange]],
        renewsConnection: Bool
    ) {
        self.cluster = cluster
        self.link = link
        self.remote = remote
        self.half = half
        self.batches = batches
        self.renewsConnection = renewsConnection
    }
}

/// A schema exporter as it should be.
public struct ExporterDefinition: Hashable, Sendable, Codable {
    /// Environment whose registry holds it.
    public let environment: String
    /// Name.
    public let exporter: String
    /// Environment whose registry it writes to, with that environment's `linkCredentials`.
    public let destination: String
    /// Where schemas land.
    public let contextType: ExporterContextType
    /// Context at the destination, without the leading dot.
    public let context: String?
    /// Subjects.
    public let subjects: [String]
    /// Wire field of this name.
    public let subjectRenameFormat: String
    /// Wire field of this name.
    public let kekRenameFormat: String
    /// Whether it stays PAUSED.
    public let paused: Bool

    /// An exporter as it should be.
    public init(
        environment: String, exporter: String, destination: String, contextType: ExporterContextType,
        context: String?, settings: SchemaSettings
    ) {
        self.environment = environment
        self.exporter = exporter
        self.destination = destination
        self.contextType = contextType
        self.context = context
        self.subjects = settings.subjects
        self.subjectRenameFormat = settings.subjectRenameFormat
        self.kekRenameFormat = settings.kekRenameFormat
        self.paused = settings.paused
    }
}

/// The content of a binding, and the store it goes to.
public struct Publication: Hashable, Sendable, Codable {
    /// Binding.
    public let binding: String
    /// Number of the target in the binding's `publish` list, from 0.
    public let targetIndex: Int
    /// The cluster the content points at.
    public let cluster: String
    /// The group, for `${group.name}`; `nil` when pinned.
    public let group: String?
    /// Epoch published with it: 0 while the group has never moved; `nil` when pinned.
    public let epoch: Int?
    /// Generation published with it: one number per content.
    public let generation: Int
    /// Keys that were published before and are not part of the content any more, to be removed; `nil` = none.
    public let dropped: [String]?
    /// The ledger that gave the epoch, where it is lost and this one goes on with it: it stays beside the content, and
    /// in tokens. `nil` = this ledger's own epoch.
    public let successorOf: String?

    /// A publication.
    public init(
        binding: String, targetIndex: Int, cluster: String, group: String?, epoch: Int?, generation: Int,
        dropped: [String] = [], successorOf: String? = nil
    ) {
        self.binding = binding
        self.targetIndex = targetIndex
        self.cluster = cluster
        self.group = group
        self.epoch = epoch
        self.generation = generation
        self.dropped = dropped.isEmpty ? nil : dropped
        self.successorOf = successorOf
    }
}
