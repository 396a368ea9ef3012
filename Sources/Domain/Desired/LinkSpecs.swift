/// Which topics, by glob: `*` any run, `?` one character, everything else literal.
public struct TopicSelector: Hashable, Sendable, Codable {
    /// Globs of topics taken in.
    public var include: [String]
    /// Globs taken out again; exclude wins.
    public var exclude: [String]
    /// Literal names of internal topics to mirror all the same.
    public var allowInternal: [String]
    /// The link itself creates mirrors of new matching topics.
    public var autoCreate: Bool

    /// A selector; the default selects nothing.
    public init(
        include: [String] = [], exclude: [String] = [], allowInternal: [String] = [], autoCreate: Bool = false
    ) {
        self.include = include
        self.exclude = exclude
        self.allowInternal = allowInternal
        self.autoCreate = autoCreate
    }
}

/// Direction of a cluster link.
public enum LinkMode: String, Hashable, Sendable, Codable, CaseIterable {
    case unidirectional = "Unidirectional"
    case bidirectional = "Bidirectional"
}

/// Consumer-offset sync of a link.
public struct OffsetSyncSpec: Hashable, Sendable, Codable {
    /// `consumer.offset.sync.enable`.
    public var enabled: Bool
    /// `consumer.offset.sync.ms`.
    public var interval: Duration
    /// Groups to sync: a literal name, or a prefix ending in one `*`.
    public var includeGroups: [String]
    /// Groups not to sync; exclude wins.
    public var excludeGroups: [String]

    /// Offset sync; the default is on, every 30 s, for all groups.
    public init(
        enabled: Bool = true, interval: Duration = .seconds(30), includeGroups: [String] = ["*"],
        excludeGroups: [String] = []
    ) {
        self.enabled = enabled
        self.interval = interval
        self.includeGroups = includeGroups
        self.excludeGroups = excludeGroups
    }
}

/// ACL sync of a link.
public struct ACLSyncSpec: Hashable, Sendable, Codable {
    /// One entry of `acl.filters`; only ALLOW entries may be synced.
    public struct Filter: Hashable, Sendable, Codable {
        /// `TOPIC`, `GROUP`, `CLUSTER`, `TRANSACTIONAL_ID` or `ANY`.
        public var resourceType: String
        /// Name; `nil` = any.
        public var resourceName: String?
        /// `LITERAL`, `PREFIXED` or `ANY`.
        public var patternType: String
        /// `User:…`; `nil` = any.
        public var principal: String?
        /// Kafka ACL operation, or `ANY`.
        public var operation: String

        /// A filter; the default matches every ALLOW entry.
        public init(
            resourceType: String = "ANY", resourceName: String? = nil, patternType: String = "ANY",
            principal: String? = nil, operation: String = "ANY"
        ) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.patternType = patternType
            self.principal = principal
            self.operation = operation
        }
    }

    /// `acl.sync.enable`.
    public var enabled: Bool
    /// `acl.sync.ms`.
    public var interval: Duration
    /// ACLs to sync.
    public var filters: [Filter]

    /// ACL sync; the default is off, every 5 s.
    public init(enabled: Bool = false, interval: Duration = .seconds(5), filters: [Filter]) {
        self.enabled = enabled
        self.interval = interval
        self.filters = filters
    }
}

/// Settings of a cluster link, alone or in a group.
public struct LinkSettings: Hashable, Sendable, Codable {
    /// ClusterLink only: name of the link on the wire; `nil` = the manifest's name.
    public var linkName: String?
    /// Group only: link names by `source-destination` (bidirectional: the two in alphabetical order).
    public var names: [String: String] = [:]
    /// Direction.
    public var mode: LinkMode = .unidirectional
    /// The only side that can open connections to the other; `nil` = the destination (bidirectional: both).
    public var initiator: String?
    /// Consumer-offset sync; `nil` = off.
    public var consumerOffsetSync: OffsetSyncSpec?
    /// ACL sync; `nil` = unmanaged.
    public var aclSync: ACLSyncSpec?
    /// Other link configs by wire name.
    public var configs: [String: String] = [:]

    /// Settings with defaults.
    public init() {}
}

/// A link outside any group; a plain link never promotes.
public struct ClusterLinkSpec: Hashable, Sendable, Codable {
    /// Header.
    public var metadata: Metadata
    /// Cluster records come from.
    public var source: String
    /// Cluster that holds the mirrors.
    public var destination: String
    /// Settings shared with groups.
    public var settings = LinkSettings()
    /// `cluster.link.prefix`.
    public var prefix: String?
    /// Topics of the source mirrored at the destination.
    public var mirrorTopics: TopicSelector?
    /// Bidirectional only: topics of the destination mirrored at the source.
    public var reverseMirrorTopics: TopicSelector?
    /// When it leaves the manifests.
    public var deletionPolicy: DeletionPolicy = .retain

    /// A link between two clusters.
    public init(metadata: Metadata, source: String, destination: String) {
        self.metadata = metadata
        self.source = source
        self.destination = destination
    }

    /// Manifest name.
    public var name: String { metadata.name }
    /// Name on the wire.
    public var linkName: String { settings.linkName ?? metadata.name }
}

/// Settings of a schema exporter, alone or in a group.
public struct SchemaSettings: Hashable, Sendable, Codable {
    /// Name of the exporter on the source registry; `nil` = the manifest's name.
    public var exporterName: String?
    /// Subjects in the registry's own notation: `*` default context, `:*:` all contexts, `orders*` prefix.
    public var subjects: [String]
    /// Wire field of this name.
    public var subjectRenameFormat = "${subject}"
    /// Wire field of this name (client-side field encryption).
    public var kekRenameFormat = "${kek}"
    /// Keeps the exporter PAUSED.
    public var paused = false

    /// Settings of an exporter of these subjects.
    public init(subjects: [String]) {
        self.subjects = subjects
    }
}

/// A schema exporter outside any group.
public struct SchemaLinkSpec: Hashable, Sendable, Codable {
    /// What Spillway does with the mode of the destination context.
    public enum DestinationMode: String, Hashable, Sendable, Codable, CaseIterable {
        case `import` = "IMPORT"
        case unmanaged = "Unmanaged"
    }

    /// Header.
    public var metadata: Metadata
    /// Environment whose registry holds the exporter.
    public var source: String
    /// Environment whose registry it writes to.
    public var destination: String
    /// Settings shared with groups.
    public var settings: SchemaSettings
    /// Where schemas land.
    public var contextType: ExporterContextType = .auto
    /// Context at the destination, without the leading dot; CUSTOM only.
    public var context: String?
    /// Whether the destination context is put into IMPORT.
    public var destinationMode: DestinationMode = .import
    /// When it leaves the manifests.
    public var deletionPolicy: DeletionPolicy = .retain

    /// An exporter between two environments' registries.
    public init(metadata: Metadata, source: String, destination: String, settings: SchemaSettings) {
        self.metadata = metadata
        self.source = source
        self.destination = destination
        self.settings = settings
    }

    /// Manifest name.
    public var name: String { metadata.name }
    /// Name on the source registry.
    public var exporterName: String { settings.exporterName ?? metadata.name }
}
