package import Domain

/// A config to set, or to reset to the server's default.
package struct ConfigChange: Hashable, Sendable, Codable {
    /// Wire name.
    package let name: String
    /// New value; `nil` resets.
    package let value: String?

    /// A config change.
    package init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }
}

/// A topic to create.
package struct TopicCreation: Hashable, Sendable, Codable {
    /// Cluster.
    package let cluster: String
    /// Name in Kafka.
    package let topic: String
    /// Partition count; `nil` = the server's default.
    package let partitions: Int?
    /// Replication factor; `nil` = the server's default.
    package let replicationFactor: Int?
    /// Configs, canonical values, sorted by name.
    package let configs: [ConfigChange]

    /// A topic to create.
    package init(cluster: String, topic: String, partitions: Int?, replicationFactor: Int?, configs: [ConfigChange]) {
        self.cluster = cluster
        self.topic = topic
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configs = configs
    }
}

/// One half of a cluster link to create.
package struct LinkCreation: Hashable, Sendable, Codable {
    /// Cluster that holds this half.
    package let cluster: String
    /// Name on the wire.
    package let link: String
    /// The cluster at the other end.
    package let remote: String
    /// Which half this is.
    package let half: LinkHalf
    /// Configs without secrets and without `bootstrap.servers`, in the order they are written.
    package let configs: [ConfigChange]
    /// Whether the server checks connectivity, credentials and identity of the other side.
    package let validates: Bool

    /// One half of a link to create.
    package init(
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
package struct LinkAlteration: Hashable, Sendable, Codable {
    /// Cluster that holds this half.
    package let cluster: String
    /// Name on the wire.
    package let link: String
    /// The cluster at the other end.
    package let remote: String
    /// Which half this is.
    package let half: LinkHalf
    /// Batches in the order they are written: filters first, enable flags last.
    package let batches: [[ConfigChange]]
    /// Whether connection and credential configs are written again.
    package let renewsConnection: Bool

    /// A change of a link.
    package init(
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
package struct TopicReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name in Kafka.
    package let topic: String

    /// A topic of a cluster.
    package init(cluster: String, topic: String) {
        self.cluster = cluster
        self.topic = topic
    }
}

/// More partitions for a topic: as many as it is to have.
package struct TopicGrowth: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name in Kafka.
    package let topic: String
    /// As many as it is to have.
    package let partitions: Int

    /// More partitions for a topic: as many as it is to have.
    package init(cluster: String, topic: String, partitions: Int) {
        self.cluster = cluster
        self.topic = topic
        self.partitions = partitions
    }
}

/// Configs of a topic to set or to reset.
package struct TopicAlteration: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name in Kafka.
    package let topic: String
    /// To set, or to reset.
    package let changes: [ConfigChange]

    /// Configs of a topic to set or to reset.
    package init(cluster: String, topic: String, changes: [ConfigChange]) {
        self.cluster = cluster
        self.topic = topic
        self.changes = changes
    }
}

/// The half of a link that a cluster holds.
package struct LinkReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name on the wire.
    package let link: String

    /// The half of a link that a cluster holds.
    package init(cluster: String, link: String) {
        self.cluster = cluster
        self.link = link
    }
}

/// A mirror topic to create over a link.
package struct MirrorCreation: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name on the wire.
    package let link: String
    /// Name in Kafka.
    package let topic: String
    /// The topic that it follows.
    package let source: String

    /// A mirror topic to create over a link.
    package init(cluster: String, link: String, topic: String, source: String) {
        self.cluster = cluster
        self.link = link
        self.topic = topic
        self.source = source
    }
}

/// One record to write; where mirrors are named, it has to arrive there.
package struct CanaryRecord: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String
    /// Name in Kafka.
    package let topic: String
    /// Where it has to arrive; `nil` = nowhere else.
    package let seenOn: LinkedMirrors?

    /// One record to write; where mirrors are named, it has to arrive there.
    package init(cluster: String, topic: String, seenOn: LinkedMirrors? = nil) {
        self.cluster = cluster
        self.topic = topic
        self.seenOn = seenOn
    }
}
