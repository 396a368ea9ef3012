/// What a Kafka cluster's REST API lists.
public struct KafkaSnapshot: Sendable {
    /// The id the cluster gives itself.
    public var clusterID: String
    /// Topics by name, mirrors and internal ones included.
    public var topics: [String: ObservedTopic]
    /// Explicitly set configs (source `DYNAMIC_TOPIC_CONFIG`, or `DYNAMIC_CLUSTER_LINK_CONFIG`) by topic; a topic whose
    /// configs were not read has no entry.
    public var configs: [String: [String: String]]
    /// Links this cluster holds; links of others that read from here are left out.
    public var links: [ObservedLink]
    /// Mirror rows of all links; a topic can have two rows (a STOPPED one and a live one).
    public var mirrors: [ObservedMirror]
    /// Entries that deny something; `nil` when they were not asked for, or may not be read.
    public var denials: Set<ACLBinding>?

    /// A snapshot of the lists; the default is a cluster without anything.
    public init(
        clusterID: String, topics: [String: ObservedTopic] = [:], configs: [String: [String: String]] = [:],
        links: [ObservedLink] = [], mirrors: [ObservedMirror] = []
    ) {
        self.clusterID = clusterID
        self.topics = topics
        self.configs = configs
        self.links = links
        self.mirrors = mirrors
    }
}

/// A topic as listed.
public struct ObservedTopic: Sendable, Hashable {
    /// Partition count.
    public var partitions: Int
    /// Replication factor.
    public var replicationFactor: Int
    /// Whether the cluster marks it internal.
    public var isInternal: Bool

    /// A topic as listed.
    public init(partitions: Int, replicationFactor: Int, isInternal: Bool = false) {
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.isInternal = isInternal
    }
}

/// A cluster link as the cluster that holds it tells.
public struct ObservedLink: Sendable, Hashable {
    /// A background task of a link.
    public struct Task: Sendable, Hashable {
        /// `ConsumerOffsetSync`, `AclSync`, `AutoCreateMirror`, `TopicConfigsSync`.
        public var name: String
        /// `ACTIVE`, `IN_ERROR`, `NOT_CONFIGURED`, ….
        public var state: LinkTaskState
        /// Error codes with their messages.
        public var errors: [String]
        /// The error codes alone.
        public var codes: Set<String>

        /// A task as told.
        public init(name: String, state: LinkTaskState, errors: [String] = [], codes: Set<String> = []) {
            self.name = name
            self.state = state
            self.errors = errors
            self.codes = codes
        }
    }

    /// Name on the wire.
    public var name: String
    /// Id shared by both halves of a pair.
    public var clusterLinkID: String?
    /// The other cluster, whichever of the three id fields names it.
    public var remoteClusterID: String?
    /// `link.mode`.
    public var mode: LinkHalf.Mode
    /// `link_state`; proves nothing alone.
    public var state: LinkState
    /// `link_error` when it is set and is not `NO_ERROR`, with its message.
    public var error: String?
    /// Tasks.
    public var tasks: [Task]
    /// Configs that are not defaults, by wire name; sensitive ones are left out.
    public var configs: [String: String]

    /// A link as told.
    public init(
        name: String, clusterLinkID: String? = nil, remoteClusterID: String? = nil, mode: LinkHalf.Mode = .destination,
        state: LinkState = .active, error: String? = nil, tasks: [Task] = [], configs: [String: String] = [:]
    ) {
        self.name = name
        self.clusterLinkID = clusterLinkID
        self.remoteClusterID = remoteClusterID
        self.mode = mode
        self.state = state
        self.error = error
        self.tasks = tasks
        self.configs = configs
    }
}

/// Status of a mirror topic; a word this version does not know never counts as writable.
public enum MirrorStatus: WireWord {
    case active
    case paused
    case linkPaused
    case pendingMirror
    case pendingStopped
    case pendingSynchronize
    case pendingSetupForRestore
    case pendingRestore
    case stopped
    case failed
    case linkFailed
    case sourceUnavailable
    case other(String)

    /// The words this version knows.
    public static let known: [String: MirrorStatus] = [
        "ACTIVE": .active, "PAUSED": .paused, "LINK_PAUSED": .linkPaused, "PENDING_MIRROR": .pendingMirror,
        "PENDING_STOPPED": .pendingStopped, "PENDING_SYNCHRONIZE": .pendingSynchronize,
        "PENDING_SETUP_FOR_RESTORE": .pendingSetupForRestore, "PENDING_RESTORE": .pendingRestore,
        "STOPPED": .stopped, "FAILED": .failed, "LINK_FAILED": .linkFailed, "SOURCE_UNAVAILABLE": .sourceUnavailable,
    ]

    /// The word it does not know.
    public var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }
}

/// One row of a mirrors list.
public struct ObservedMirror: Sendable, Hashable {
    /// Lag of one partition, as the destination last knew it.
    public struct PartitionLag: Sendable, Hashable {
        /// Partition.
        public var partition: Int
        /// Records behind, as of the last fetch.
        public var lag: Int64
        /// −1 = never fetched; then `lag` says nothing.
        public var lastSourceFetchOffset: Int64

        /// The lag of one partition.
        public init(partition: Int, lag: Int64, lastSourceFetchOffset: Int64) {
            self.partition = partition
            self.lag = lag
            self.lastSourceFetchOffset = lastSourceFetchOffset
        }
    }

    /// Link that owns the row.
    public var link: String
    /// Name of the mirror here.
    public var topic: String
    /// Name at the source.
    public var sourceTopic: String
    /// Status.
    public var status: MirrorStatus
    /// `mirror_topic_error` when it is an error.
    public var error: String?
    /// When the status last changed.
    public var stateTime: Timestamp
    /// Lag by partition; a partition of which nothing was told has no entry.
    public var lags: [PartitionLag]
    /// Number of partitions; `nil` when the row does not tell it, so that nobody knows whether `lags` has them all.
    public var partitions: Int?

    /// A row as listed.
    public init(
        link: String, topic: String, sourceTopic: String, status: MirrorStatus, error: String? = nil,
        stateTime: Timestamp = Timestamp(milliseconds: 0), lags: [PartitionLag] = [], partitions: Int? = nil
    ) {
        self.link = link
        self.topic = topic
        self.sourceTopic = sourceTopic
        self.status = status
        self.error = error
        self.stateTime = stateTime
        self.lags = lags
        self.partitions = partitions
    }
}
