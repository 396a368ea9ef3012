public import Domain

/// Entries to write or remove on a cluster, by their exact values.
public struct FenceEntries: Hashable, Sendable, Codable {
    /// Cluster.
    public let cluster: String
    /// Entries.
    public let bindings: [ACLBinding]

    /// Entries on a cluster.
    public init(cluster: String, bindings: [ACLBinding]) {
        self.cluster = cluster
        self.bindings = bindings
    }
}

/// Mirrors of one link on the cluster that holds them, by name: never a pattern.
public struct LinkedMirrors: Hashable, Sendable, Codable {
    /// Cluster that holds the mirrors.
    public let cluster: String
    /// Link, by its name on the wire.
    public let link: String
    /// Names of the mirrors.
    public let topics: [String]

    /// Mirrors of one link.
    public init(cluster: String, link: String, topics: [String]) {
        self.cluster = cluster
        self.link = link
        self.topics = topics
    }
}

/// How mirrors become ordinary topics.
public enum MirrorEnding: String, Hashable, Sendable, Codable, CaseIterable {
    /// `mirrors:promote`: the source answers, nothing is lost.
    case promote
    /// `mirrors:failover`: without the source, what was not fetched is lost.
    case failover
    /// `mirrors:reverse-and-start-mirror`: the source's topics become the mirrors.
    case reverse
}

/// What has to hold at the side that is left before anything is promoted.
public struct FenceProof: Hashable, Sendable, Codable {
    /// An application whose own key must not be able to write any more.
    public struct Attempt: Hashable, Sendable, Codable {
        /// The binding whose credentials at the fenced cluster are used.
        public let binding: String
        /// The topic that takes the record if the fence does not hold.
        public let topic: String

        /// An application and a topic.
        public init(binding: String, topic: String) {
            self.binding = binding
            self.topic = topic
        }
    }

    /// The fenced cluster, with the entries that must be there.
    public let entries: FenceEntries
    /// Where the source's offsets are read.
    public let mirrors: [LinkedMirrors]
    /// How long the source's offsets have to stand still.
    public let quiet: Duration
    /// Who must be refused; empty where no canary or no key is declared.
    public let attempts: [Attempt]

    /// What has to hold.
    public init(
        entries: FenceEntries, mirrors: [LinkedMirrors], quiet: Duration, attempts: [Attempt] = []
    ) {
        self.entries = entries
        self.mirrors = mirrors
        self.quiet = quiet
        self.attempts = attempts
    }
}

/// Schemas that two registries hold of the same subjects.
public struct SchemaComparison: Hashable, Sendable, Codable {
    /// Environment whose registry was written to.
    public let source: String
    /// Environment whose registry must hold the same.
    public let destination: String
    /// Subjects, in the notation of exporters.
    public let subjects: [String]

    /// Two registries to compare.
    public init(source: String, destination: String, subjects: [String]) {
        self.source = source
        self.destination = destination
        self.subjects = subjects
    }
}

/// One version of a subject with its id.
public struct SchemaVersionID: Hashable, Sendable, Codable, Comparable {
    /// Qualified name, as the registry lists it.
    public let subject: String
    /// Version.
    public let version: Int
    /// Id, unique in its context.
    public let id: Int

    /// One version of a subject.
    public init(subject: String, version: Int, id: Int) {
        self.subject = subject
        self.version = version
        self.id = id
    }

    /// By subject, then version.
    public static func < (left: SchemaVersionID, right: SchemaVersionID) -> Bool {
        (left.subject, left.version, left.id) < (right.subject, right.version, right.id)
    }
}

/// Proof, read right before copies are destroyed, that another member still serves them.
public struct HolderProof: Hashable, Sendable, Codable {
    /// Member that must answer and hold every topic as an ordinary, writable one.
    public let holder: String
    /// Topics.
    public let topics: [String]
    /// Member whose copies are about to be destroyed.
    public let member: String
    /// Bindings of the group: every one that can be read must name the holder, in no later epoch.
    public let bindings: [ResourceAddress]
    /// Epoch the plan was made in.
    public let epoch: Int

    /// Proof that another member serves.
    public init(holder: String, topics: [String], member: String, bindings: [ResourceAddress], epoch: Int) {
        self.holder = holder
        self.topics = topics
        self.member = member
        self.bindings = bindings
        self.epoch = epoch
    }
}

/// One restart hook of a binding.
public struct HookCall: Hashable, Sendable, Codable {
    /// Binding.
    public let binding: String
    /// Number of the hook in the binding's `restart` list, from 0.
    public let hookIndex: Int
    /// The cluster the binding points at.
    public let cluster: String
    /// The group, for `${group.name}`; `nil` when pinned.
    public let group: String?
    /// Epoch of the group; `nil` when pinned.
    public let epoch: Int?
    /// Generation of the content it announces.
    public let generation: Int
    /// Whether it acts although it has announced this content before; `nil` = it need not.
    public let isRepeated: Bool?

    /// One hook.
    public init(
        binding: String, hookIndex: Int, cluster: String, group: String?, epoch: Int? = nil, generation: Int,
        isRepeated: Bool = false
    ) {
        self.isRepeated = isRepeated ? true : nil
        self.binding = binding
        self.hookIndex = hookIndex
        self.cluster = cluster
        self.group = group
        self.epoch = epoch
        self.generation = generation
    }
}
