/// What a Kafka cluster's REST API lists.
package struct KafkaSnapshot: Sendable {
    /// The id the cluster gives itself.
    package var clusterID: String
    /// Topics by name, mirrors and internal ones included.
    package var topics: [String: ObservedTopic]
    /// Explicitly set configs (source `DYNAMIC_TOPIC_CONFIG`, or `DYNAMIC_CLUSTER_LINK_CONFIG`) by topic; a topic whose
    /// configs were not read has no entry.
    package var configs: [String: [String: String]]
    /// Links this cluster holds; links of others that read from here are left out.
    package var links: [ObservedLink]
    /// Mirror rows of all links; a topic can have two rows (a STOPPED one and a live one).
    package var mirrors: [ObservedMirror]
    /// Entries that deny something; `nil` when they were not asked for, or may not be read.
    package var denials: Set<ACLBinding>?

    /// A snapshot of the lists; the default is a cluster without anything.
    package init(
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
package struct ObservedTopic: Sendable, Hashable {
    /// Partition count.
    package var partitions: Int
    package var replicationFactor: Int
    /// Whether the cluster marks it internal.
    package var isInternal: Bool

    package init(partitions: Int, replicationFactor: Int, isInternal: Bool = false) {
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.isInternal = isInternal
    }
}

/// A cluster link as the cluster that holds it tells.
package struct ObservedLink: Sendable, Hashable {
    /// A background task of a link.
    package struct Task: Sendable, Hashable {
        /// `ConsumerOffsetSync`, `AclSync`, `AutoCreateMirror`, `TopicConfigsSync`.
        package var name: String
        /// `ACTIVE`, `IN_ERROR`, `NOT_CONFIGURED`, ….
        package var state: LinkTaskState
        /// Error codes with their messages.
        package var errors: [String]
        /// The error codes alone.
        package var codes: Set<String>

        package init(name: String, state: LinkTaskState, errors: [String] = [], codes: Set<String> = []) {
            self.name = name
            self.state = state
            self.errors = errors
            self.codes = codes
        }
    }

    /// Name on the wire.
    package var name: String
    /// Id shared by both halves of a pair.
    package var clusterLinkID: String?
    /// The other cluster, whichever of the three id fields names it.
    package var remoteClusterID: String?
    /// `link.mode`.
    package var mode: LinkHalf.Mode
    /// `link_state`; proves nothing alone.
    package var state: LinkState
    /// `link_error` when it is set and is not `NO_ERROR`, with its message.
    package var error: String?
    package var tasks: [Task]
    /// Configs that are not defaults, by wire name; sensitive ones are left out.
    package var configs: [String: String]

    package init(
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
package enum MirrorStatus: WireWord {
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
    package static let known: [String: MirrorStatus] = [
        "ACTIVE": .active, "PAUSED": .paused, "LINK_PAUSED": .linkPaused, "PENDING_MIRROR": .pendingMirror,
        "PENDING_STOPPED": .pendingStopped, "PENDING_SYNCHRONIZE": .pendingSynchronize,
        "PENDING_SETUP_FOR_RESTORE": .pendingSetupForRestore, "PENDING_RESTORE": .pendingRestore,
        "STOPPED": .stopped, "FAILED": .failed, "LINK_FAILED": .linkFailed, "SOURCE_UNAVAILABLE": .sourceUnavailable,
    ]

    /// The word it does not know.
    package var unknown: String? {
        if case .other(let word) = self { word } else { nil }
    }

    /// Whether it becomes a mirror that fetches by itself, within seconds.
    package var isOnItsWay: Bool {
        [.pendingMirror, .pendingSynchronize, .pendingSetupForRestore, .pendingRestore].contains(self)
    }
}

/// One row of a mirrors list.
package struct ObservedMirror: Sendable, Hashable {
    /// Lag of one partition, as the destination last knew it.
    package struct PartitionLag: Sendable, Hashable {
        package var partition: Int
        /// Records behind, as of the last fetch.
        package var lag: Int64
        /// −1 = never fetched; then `lag` says nothing.
        package var lastSourceFetchOffset: Int64

        package init(partition: Int, lag: Int64, lastSourceFetchOffset: Int64) {
            self.partition = partition
            self.lag = lag
            self.lastSourceFetchOffset = lastSourceFetchOffset
        }
    }

    /// Link that owns the row.
    package var link: String
    /// Name of the mirror here.
    package var topic: String
    /// Name at the source.
    package var sourceTopic: String
    package var status: MirrorStatus
    /// `mirror_topic_error` when it is an error.
    package var error: String?
    /// When the status last changed.
    package var stateTime: Timestamp
    /// Lag by partition; a partition of which nothing was told has no entry.
    package var lags: [PartitionLag]
    /// Number of partitions; `nil` when the row does not tell it, so that nobody knows whether `lags` has them all.
    package var partitions: Int?

    package init(
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
