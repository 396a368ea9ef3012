public import Domain

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

/// A topic of a cluster.
public struct TopicReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name in Kafka.
    public let topic: String

    /// A topic of a cluster.
    public init(cluster: String, topic: String) {
        self.cluster = cluster
        self.topic = topic
    }
}

/// More partitions for a topic: as many as it is to have.
public struct TopicGrowth: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name in Kafka.
    public let topic: String
    /// As many as it is to have.
    public let partitions: Int

    /// More partitions for a topic: as many as it is to have.
    public init(cluster: String, topic: String, partitions: Int) {
        self.cluster = cluster
        self.topic = topic
        self.partitions = partitions
    }
}

/// Configs of a topic to set or to reset.
public struct TopicAlteration: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name in Kafka.
    public let topic: String
    /// To set, or to reset.
    public let changes: [ConfigChange]

    /// Configs of a topic to set or to reset.
    public init(cluster: String, topic: String, changes: [ConfigChange]) {
        self.cluster = cluster
        self.topic = topic
        self.changes = changes
    }
}

/// The half of a link that a cluster holds.
public struct LinkReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name on the wire.
    public let link: String

    /// The half of a link that a cluster holds.
    public init(cluster: String, link: String) {
        self.cluster = cluster
        self.link = link
    }
}

/// A mirror topic to create over a link.
public struct MirrorCreation: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name on the wire.
    public let link: String
    /// Name in Kafka.
    public let topic: String
    /// The topic that it follows.
    public let source: String

    /// A mirror topic to create over a link.
    public init(cluster: String, link: String, topic: String, source: String) {
        self.cluster = cluster
        self.link = link
        self.topic = topic
        self.source = source
    }
}

/// One record to write; where mirrors are named, it has to arrive there.
public struct CanaryRecord: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String
    /// Name in Kafka.
    public let topic: String
    /// Where it has to arrive; `nil` = nowhere else.
    public let seenOn: LinkedMirrors?

    /// One record to write; where mirrors are named, it has to arrive there.
    public init(cluster: String, topic: String, seenOn: LinkedMirrors? = nil) {
        self.cluster = cluster
        self.topic = topic
        self.seenOn = seenOn
    }
}
