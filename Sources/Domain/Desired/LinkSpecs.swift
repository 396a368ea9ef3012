/// Which topics, by glob: `*` any run, `?` one character, everything else literal.
package struct TopicSelector: Hashable, Sendable, Codable {
    /// Globs of topics taken in.
    package var include: [String]
    /// Globs taken out again; exclude wins.
    package var exclude: [String]
    /// Literal names of internal topics to mirror all the same.
    package var allowInternal: [String]
    /// The link itself creates mirrors of new matching topics.
    package var autoCreate: Bool

    /// A selector; the default selects nothing.
    package init(
        include: [String] = [], exclude: [String] = [], allowInternal: [String] = [], autoCreate: Bool = false
    ) {
        self.include = include
        self.exclude = exclude
        self.allowInternal = allowInternal
        self.autoCreate = autoCreate
    }
}

/// Direction of a cluster link.
package enum LinkMode: String, Hashable, Sendable, Codable, CaseIterable {
    case unidirectional = "Unidirectional"
    case bidirectional = "Bidirectional"
}

/// Consumer-offset sync of a link.
package struct OffsetSyncSpec: Hashable, Sendable, Codable {
    /// `consumer.offset.sync.enable`.
    package var enabled: Bool
    /// `consumer.offset.sync.ms`.
    package var interval: Duration
    /// Groups to sync: a literal name, or a prefix ending in one `*`.
    package var includeGroups: [String]
    /// Groups not to sync; exclude wins.
    package var excludeGroups: [String]

    /// Offset sync; the default is on, every 30 s, for all groups.
    package init(
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
package struct ACLSyncSpec: Hashable, Sendable, Codable {
    /// One entry of `acl.filters`; only ALLOW entries may be synced.
    package struct Filter: Hashable, Sendable, Codable {
        /// `TOPIC`, `GROUP`, `CLUSTER`, `TRANSACTIONAL_ID` or `ANY`.
        package var resourceType: String
        /// Name; `nil` = any.
        package var resourceName: String?
        /// `LITERAL`, `PREFIXED` or `ANY`.
        package var patternType: String
        /// `User:…`; `nil` = any.
        package var principal: String?
        /// Kafka ACL operation, or `ANY`.
        package var operation: String

        /// A filter; the default matches every ALLOW entry.
        package init(
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
    package var enabled: Bool
    /// `acl.sync.ms`.
    package var interval: Duration
    /// ACLs to sync.
    package var filters: [Filter]

    /// ACL sync; the default is off, every 5 s.
    package init(enabled: Bool = false, interval: Duration = .seconds(5), filters: [Filter]) {
        self.enabled = enabled
        self.interval = interval
        self.filters = filters
    }
}

/// Settings of a cluster link, alone or in a group.
package struct LinkSettings: Hashable, Sendable, Codable {
    /// ClusterLink only: name of the link on the wire; `nil` = the manifest's name.
    package var linkName: String?
    /// Group only: link names by `source-destination` (bidirectional: the two in alphabetical order).
    package var names: [String: String] = [:]
    /// Direction.
    package var mode: LinkMode = .unidirectional
    /// The only side that can open connections to the other; `nil` = the destination (bidirectional: both).
    package var initiator: String?
    /// Consumer-offset sync; `nil` = off.
    package var consumerOffsetSync: OffsetSyncSpec?
    /// ACL sync; `nil` = unmanaged.
    package var aclSync: ACLSyncSpec?
    /// Other link configs by wire name.
    package var configs: [String: String] = [:]

    /// Settings with defaults.
    package init() {}
}

/// A link outside any group; a plain link never promotes.
package struct ClusterLinkSpec: Hashable, Sendable, Codable {
    /// Header.
    package var metadata: Metadata
    /// Cluster records come from.
    package var source: String
    /// Cluster that holds the mirrors.
    package var destination: String
    /// Settings shared with groups.
    package var settings = LinkSettings()
    /// `cluster.link.prefix`.
    package var prefix: String?
    /// Topics of the source mirrored at the destination.
    package var mirrorTopics: TopicSelector?
    /// Bidirectional only: topics of the destination mirrored at the source.
    package var reverseMirrorTopics: TopicSelector?
    /// When it leaves the manifests.
    package var deletionPolicy: DeletionPolicy = .retain

    package init(metadata: Metadata, source: String, destination: String) {
        self.metadata = metadata
        self.source = source
        self.destination = destination
    }

    /// Manifest name.
    package var name: String { metadata.name }
    /// Name on the wire.
    package var linkName: String { settings.linkName ?? metadata.name }
}

/// Settings of a schema exporter, alone or in a group.
package struct SchemaSettings: Hashable, Sendable, Codable {
    /// Name of the exporter on the source registry; `nil` = the manifest's name.
    package var exporterName: String?
    /// Subjects in the registry's own notation: `*` default context, `:*:` all contexts, `orders*` prefix.
    package var subjects: [String]
    /// Wire field of this name.
    package var subjectRenameFormat = "${subject}"
    /// Wire field of this name (client-side field encryption).
    package var kekRenameFormat = "${kek}"
    /// Keeps the exporter PAUSED.
    package var paused = false

    /// Settings of an exporter of these subjects.
    package init(subjects: [String]) {
        self.subjects = subjects
    }
}

/// A schema exporter outside any group.
package struct SchemaLinkSpec: Hashable, Sendable, Codable {
    /// What Spillway does with the mode of the destination context.
    package enum DestinationMode: String, Hashable, Sendable, Codable, CaseIterable {
        case `import` = "IMPORT"
        case unmanaged = "Unmanaged"
    }

    /// Header.
    package var metadata: Metadata
    /// Environment whose registry holds the exporter.
    package var source: String
    /// Environment whose registry it writes to.
    package var destination: String
    /// Settings shared with groups.
    package var settings: SchemaSettings
    /// Where schemas land.
    package var contextType: ExporterContextType = .auto
    /// Context at the destination, without the leading dot; CUSTOM only.
    package var context: String?
    /// Whether the destination context is put into IMPORT.
    package var destinationMode: DestinationMode = .import
    /// When it leaves the manifests.
    package var deletionPolicy: DeletionPolicy = .retain

    package init(metadata: Metadata, source: String, destination: String, settings: SchemaSettings) {
        self.metadata = metadata
        self.source = source
        self.destination = destination
        self.settings = settings
    }

    /// Manifest name.
    package var name: String { metadata.name }
    /// Name on the source registry.
    package var exporterName: String { settings.exporterName ?? metadata.name }
}
