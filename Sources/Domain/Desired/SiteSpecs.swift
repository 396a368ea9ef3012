/// Stream Governance package of an environment.
public enum GovernancePackage: String, Hashable, Sendable, Codable, CaseIterable {
    case essentials = "ESSENTIALS"
    case advanced = "ADVANCED"
}

/// A Confluent Cloud environment, or the Schema Registry of a self-managed site.
public struct EnvironmentSpec: Hashable, Sendable, Codable {
    /// The environment's Schema Registry.
    public struct SchemaRegistry: Hashable, Sendable, Codable {
        /// Registry URL; `nil` = discovered through the control plane.
        public var endpoint: String?
        /// What Spillway uses; `nil` = the registry is not managed.
        public var credentials: Credentials?
        /// What exporters of other registries use to write here.
        public var linkCredentials: Credentials?
        /// Global compatibility level; `nil` = unmanaged.
        public var compatibility: CompatibilityLevel?

        /// A registry of which nothing is declared.
        public init() {}
    }

    /// Header.
    public var metadata: Metadata
    /// Control plane; `nil` = self-managed.
    public var connection: String?
    /// `env-…`; `nil` = found by display name.
    public var id: String?
    /// Display name.
    public var displayName: String
    /// Whether Spillway creates and changes the environment.
    public var managementPolicy: ManagementPolicy = .observe
    /// Governance package; `nil` = unmanaged.
    public var governance: GovernancePackage?
    /// The Schema Registry.
    public var schemaRegistry = SchemaRegistry()
    /// When it leaves the manifests.
    public var deletionPolicy: DeletionPolicy = .retain

    /// An environment with defaults; its display name is its name.
    public init(metadata: Metadata) {
        self.metadata = metadata
        self.displayName = metadata.name
    }

    /// Manifest name.
    public var name: String { metadata.name }
}

/// Kind of Kafka cluster.
public enum ClusterType: String, Hashable, Sendable, Codable, CaseIterable {
    case basic = "Basic"
    case standard = "Standard"
    case enterprise = "Enterprise"
    case dedicated = "Dedicated"
    case freight = "Freight"
    case confluentPlatform = "ConfluentPlatform"
    case apacheKafka = "ApacheKafka"

    /// Whether the cluster can be the destination of a cluster link (Confluent docs, *Cluster Linking: supported
    /// cluster types*).
    public var canHoldLinks: Bool {
        switch self {
        case .enterprise, .dedicated, .confluentPlatform: true
        case .basic, .standard, .freight, .apacheKafka: false
        }
    }

    /// Whether it runs in Confluent Cloud, behind a control plane.
    public var isCloud: Bool {
        switch self {
        case .basic, .standard, .enterprise, .dedicated, .freight: true
        case .confluentPlatform, .apacheKafka: false
        }
    }
}

/// Availability of a cluster; `LOW` and `HIGH` on the wire are the same two.
public enum Availability: String, Hashable, Sendable, Codable, CaseIterable {
    case singleZone = "SINGLE_ZONE"
    case multiZone = "MULTI_ZONE"

    /// Reads either spelling of the wire; `nil` for a word this version does not know.
    public init?(wire: String) {
        switch wire {
        case "SINGLE_ZONE", "LOW": self = .singleZone
        case "MULTI_ZONE", "HIGH": self = .multiZone
        default: return nil
        }
    }
}

/// A Kafka cluster.
public struct ClusterSpec: Hashable, Sendable, Codable {
    /// Header.
    public var metadata: Metadata
    /// Environment it belongs to; `nil` only for Apache Kafka.
    public var environment: String?
    /// `lkc-…` or the 22-character id; `nil` = found by display name.
    public var id: String?
    /// Display name.
    public var displayName: String
    /// Whether Spillway creates and changes the cluster itself.
    public var managementPolicy: ManagementPolicy = .observe
    /// Kind of cluster.
    public var type: ClusterType
    /// Confluent Platform version, which its REST API does not tell.
    public var version: String?
    /// Cloud provider: `AWS`, `GCP`, `AZURE`.
    public var cloud: String?
    /// Cloud region.
    public var region: String?
    /// Availability.
    public var availability: Availability?
    /// CKUs (Dedicated).
    public var cku: Int?
    /// Upper limit of eCKUs (not Dedicated).
    public var maxEcku: Int?
    /// `n-…`, private networking.
    public var network: String?
    /// `cck-…`, self-managed encryption key.
    public var byok: String?
    /// The service's own deletion protection; `nil` = unmanaged.
    public var deletionProtection: Bool?
    /// Which of the cluster's endpoints Spillway uses.
    public var accessPoint: String?
    /// Which of them bindings publish; `nil` = `accessPoint`.
    public var clientAccessPoint: String?
    /// Kafka REST v3 up to and without `/v3`; `nil` = discovered.
    public var restEndpoint: String?
    /// What links and clients use; `nil` = discovered.
    public var bootstrapServers: String?
    /// What Spillway uses; `nil` = topics and links of this cluster are not managed.
    public var credentials: Credentials?
    /// What links use to read this cluster.
    public var linkCredentials: Credentials?
    /// When it leaves the manifests.
    public var deletionPolicy: DeletionPolicy = .retain

    /// A cluster with defaults; its display name is its name.
    public init(metadata: Metadata, type: ClusterType) {
        self.metadata = metadata
        self.displayName = metadata.name
        self.type = type
    }

    /// Manifest name.
    public var name: String { metadata.name }
}

/// One topic on one cluster, or of one group.
public struct TopicSpec: Hashable, Sendable, Codable {
    /// Where the topic lives.
    public enum Home: Hashable, Sendable, Codable {
        /// A cluster that holds it, writable.
        case cluster(String)
        /// A group it moves with: writable on the primary, mirrored elsewhere.
        case failoverGroup(String)
    }

    /// Header.
    public var metadata: Metadata
    /// Where the topic lives.
    public var home: Home
    /// Name in Kafka.
    public var topicName: String
    /// Partition count; `nil` = unmanaged, the server's default on create.
    public var partitions: Int?
    /// Replication factor; `nil` = unmanaged.
    public var replicationFactor: Int?
    /// Topic configs, values as written in the manifest.
    public var configs: [String: String] = [:]
    /// When it leaves the manifests.
    public var deletionPolicy: DeletionPolicy = .retain

    /// A topic with defaults; its name in Kafka is its name.
    public init(metadata: Metadata, home: Home) {
        self.metadata = metadata
        self.home = home
        self.topicName = metadata.name
    }

    /// Manifest name.
    public var name: String { metadata.name }
}
