package import Domain

/// Entries to write or remove on a cluster, by their exact values.
package struct FenceEntries: Hashable, Sendable, Codable {
    /// Cluster.
    package let cluster: String
    /// Entries.
    package let bindings: [ACLBinding]

    /// Entries on a cluster.
    package init(cluster: String, bindings: [ACLBinding]) {
        self.cluster = cluster
        self.bindings = bindings
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

    /// Mirrors of one link.
    package init(cluster: String, link: String, topics: [String]) {
        self.cluster = cluster
        self.link = link
        self.topics = topics
    }
}

/// How mirrors become ordinary topics.
package enum MirrorEnding: String, Hashable, Sendable, Codable, CaseIterable {
    /// `mirrors:promote`: the source answers, nothing is lost.
    case promote
    /// `mirrors:failover`: without the source, what was not fetched is lost.
    case failover
    /// `mirrors:reverse-and-start-mirror`: the source's topics become the mirrors.
    case reverse
}

/// What has to hold at the side that is left before anything is promoted.
package struct FenceProof: Hashable, Sendable, Codable {
    /// An application whose own key must not be able to write any more.
    package struct Attempt: Hashable, Sendable, Codable {
        /// The binding whose credentials at the fenced cluster are used.
        package let binding: String
        /// The topic that takes the record if the fence does not hold.
        package let topic: String

        /// An application and a topic.
        package init(binding: String, topic: String) {
            self.binding = binding
            self.topic = topic
        }
    }

    /// The fenced cluster, with the entries that must be there.
    package let entries: FenceEntries
    /// Where the source's offsets are read.
    package let mirrors: [LinkedMirrors]
    /// How long the source's offsets have to stand still.
    package let quiet: Duration
    /// Who must be refused; empty where no canary or no key is declared.
    package let attempts: [Attempt]

    /// What has to hold.
    package init(
        entries: FenceEntries, mirrors: [LinkedMirrors], quiet: Duration, attempts: [Attempt] = []
    ) {
        self.entries = entries
        self.mirrors = mirrors
        self.quiet = quiet
        self.attempts = attempts
    }
}

/// Schemas that two registries hold of the same subjects.
package struct SchemaComparison: Hashable, Sendable, Codable {
    /// Environment whose registry was written to.
    package let source: String
    /// Environment whose registry must hold the same.
    package let destination: String
    /// Subjects, in the notation of exporters.
    package let subjects: [String]

    /// Two registries to compare.
    package init(source: String, destination: String, subjects: [String]) {
        self.source = source
        self.destination = destination
        self.subjects = subjects
    }
}

/// One version of a subject with its id.
package struct SchemaVersionID: Hashable, Sendable, Codable, Comparable {
    /// Qualified name, as the registry lists it.
    package let subject: String
    /// Version.
    package let version: Int
    /// Id, unique in its context.
    package let id: Int

    /// One version of a subject.
    package init(subject: String, version: Int, id: Int) {
        self.subject = subject
        self.version = version
        self.id = id
    }

    /// By subject, then version.
    package static func < (left: SchemaVersionID, right: SchemaVersionID) -> Bool {
        (left.subject, left.version, left.id) < (right.subject, right.version, right.id)
    }
}

/// Proof, read right before copies are destroyed, that another member still serves them.
package struct HolderProof: Hashable, Sendable, Codable {
    /// Member that must answer and hold every topic as an ordinary, writable one.
    package let holder: String
    /// Topics.
    package let topics: [String]
    /// Member whose copies are about to be destroyed.
    package let member: String
    /// Bindings of the group: every one that can be read must name the holder, in no later epoch.
    package let bindings: [ResourceAddress]
    /// Epoch the plan was made in.
    package let epoch: Int

    /// Proof that another member serves.
    package init(holder: String, topics: [String], member: String, bindings: [ResourceAddress], epoch: Int) {
        self.holder = holder
        self.topics = topics
        self.member = member
        self.bindings = bindings
        self.epoch = epoch
    }
}

/// One restart hook of a binding.
package struct HookCall: Hashable, Sendable, Codable {
    /// Binding.
    package let binding: String
    /// Number of the hook in the binding's `restart` list, from 0.
    package let hookIndex: Int
    /// The cluster the binding points at.
    package let cluster: String
    /// The group, for `${group.name}`; `nil` when pinned.
    package let group: String?
    /// Epoch of the group; `nil` when pinned.
    package let epoch: Int?
    /// Generation of the content it announces.
    package let generation: Int
    /// Whether it acts although it has announced this content before; `nil` = it need not.
    package let isRepeated: Bool?

    /// One hook.
    package init(
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
