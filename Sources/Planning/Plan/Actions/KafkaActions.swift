package import Domain

/// What is done to topics, links and mirrors.
package enum KafkaAction: RoomAction {
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

    package enum Verb: String, CaseIterable {
        case createTopic, growTopic, alterTopicConfigs, deleteTopic, createLink, alterLink, deleteLink, createMirror,
            pauseMirrors, resumeMirrors
    }

    package var facts: ActionFacts {
        switch self {
        case .createTopic(let payload): ActionFacts(Verb.createTopic, .creates, .seconds(1), for: .end, payload)
        case .growTopic(let payload): ActionFacts(Verb.growTopic, .changes, .seconds(1), payload)
        case .alterTopicConfigs(let payload): ActionFacts(Verb.alterTopicConfigs, .changes, .seconds(1), payload)
        case .deleteTopic(let payload): ActionFacts(Verb.deleteTopic, .destroys, .seconds(1), payload)
        case .createLink(let payload): ActionFacts(Verb.createLink, .creates, .seconds(1), payload)
        case .alterLink(let payload): ActionFacts(Verb.alterLink, .changes, .seconds(1), payload)
        case .deleteLink(let payload): ActionFacts(Verb.deleteLink, .destroys, .seconds(1), payload)
        case .createMirror(let payload): ActionFacts(Verb.createMirror, .creates, .seconds(1), payload)
        case .pauseMirrors(let payload): ActionFacts(Verb.pauseMirrors, .changes, .seconds(1), payload)
        case .resumeMirrors(let payload): ActionFacts(Verb.resumeMirrors, .changes, .seconds(15), payload)
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .createTopic: self = .createTopic(try document.payload())
        case .growTopic: self = .growTopic(try document.payload())
        case .alterTopicConfigs: self = .alterTopicConfigs(try document.payload())
        case .deleteTopic: self = .deleteTopic(try document.payload())
        case .createLink: self = .createLink(try document.payload())
        case .alterLink: self = .alterLink(try document.payload())
        case .deleteLink: self = .deleteLink(try document.payload())
        case .createMirror: self = .createMirror(try document.payload())
        case .pauseMirrors: self = .pauseMirrors(try document.payload())
        case .resumeMirrors: self = .resumeMirrors(try document.payload())
        }
    }
}

/// A config to set, or to reset to the server's default.
package struct ConfigChange: Hashable, Sendable, Codable {
    /// Wire name.
    package let name: String
    /// New value; `nil` resets.
    package let value: String?

    package init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }
}

/// A topic to create.
package struct TopicCreation: Hashable, Sendable, Codable {
    package let cluster: String
    package let topic: String
    /// Partition count; `nil` = the server's default.
    package let partitions: Int?
    /// Replication factor; `nil` = the server's default.
    package let replicationFactor: Int?
    /// Configs, canonical values, sorted by name.
    package let configs: [ConfigChange]

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
    package let link: String
    /// The cluster at the other end.
    package let remote: String
    package let half: LinkHalf
    /// Configs without secrets and without `bootstrap.servers`, in the order they are written.
    package let configs: [ConfigChange]
    /// Whether the server checks connectivity, credentials and identity of the other side.
    package let validates: Bool

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
    package let link: String
    /// The cluster at the other end.
    package let remote: String
    package let half: LinkHalf
    /// Batches in the order they are written: filters first, enable flags last.
    package let batches: [[ConfigChange]]
    /// Whether connection and credential configs are written again.
    package let renewsConnection: Bool

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
    package let cluster: String
    package let topic: String

    package init(cluster: String, topic: String) {
        self.cluster = cluster
        self.topic = topic
    }
}

/// More partitions for a topic: as many as it is to have.
package struct TopicGrowth: Hashable, Sendable, Codable {
    package let cluster: String
    package let topic: String
    /// As many as it is to have.
    package let partitions: Int

    package init(cluster: String, topic: String, partitions: Int) {
        self.cluster = cluster
        self.topic = topic
        self.partitions = partitions
    }
}

/// Configs of a topic to set or to reset.
package struct TopicAlteration: Hashable, Sendable, Codable {
    package let cluster: String
    package let topic: String
    /// To set, or to reset.
    package let changes: [ConfigChange]

    package init(cluster: String, topic: String, changes: [ConfigChange]) {
        self.cluster = cluster
        self.topic = topic
        self.changes = changes
    }
}

/// The half of a link that a cluster holds.
package struct LinkReference: Hashable, Sendable, Codable {
    package let cluster: String
    package let link: String

    package init(cluster: String, link: String) {
        self.cluster = cluster
        self.link = link
    }
}

/// A mirror topic to create over a link.
package struct MirrorCreation: Hashable, Sendable, Codable {
    package let cluster: String
    package let link: String
    package let topic: String
    /// The topic that it follows.
    package let source: String

    package init(cluster: String, link: String, topic: String, source: String) {
        self.cluster = cluster
        self.link = link
        self.topic = topic
        self.source = source
    }
}

/// Mirrors of one link on the cluster that holds them, by name: never a pattern.
package struct LinkedMirrors: Hashable, Sendable, Codable {
    /// Cluster that holds the mirrors.
    package let cluster: String
    /// Link, by its name on the wire.
    package let link: String
    /// Names of the mirrors.
    package let topics: [String]

    package init(cluster: String, link: String, topics: [String]) {
        self.cluster = cluster
        self.link = link
        self.topics = topics
    }
}
