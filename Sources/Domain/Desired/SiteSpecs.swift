/// Stream Governance package of an environment.
package enum GovernancePackage: String, Hashable, Sendable, Codable, CaseIterable {
    case essentials = "ESSENTIALS"
    case advanced = "ADVANCED"
}

/// A Confluent Cloud environment, or the Schema Registry of a self-managed site.
package struct EnvironmentSpec: Hashable, Sendable, Codable {
    /// The environment's Schema Registry.
    package struct SchemaRegistry: Hashable, Sendable, Codable {
        /// Registry URL; `nil` = discovered through the control plane.
        package var endpoint: String?
        /// Whether what goes there may go by plain http, where anybody in between can read it.
        package var allowsPlainHTTP = false
        /// What Spillway uses; `nil` = the registry is not managed.
        package var credentials: Credentials?
        /// What exporters of other registries use to write here.
        package var linkCredentials: Credentials?
        /// Global compatibility level; `nil` = unmanaged.
        package var compatibility: CompatibilityLevel?

        /// A registry of which nothing is declared.
        package init() {}
    }

    /// Header.
    package var metadata: Metadata
    /// Control plane; `nil` = self-managed.
    package var connection: String?
    /// `env-…`; `nil` = found by display name.
    package var id: String?
    package var displayName: String
    /// Whether Spillway creates and changes the environment.
    package var managementPolicy: ManagementPolicy = .observe
    /// Governance package; `nil` = unmanaged.
    package var governance: GovernancePackage?
    package var schemaRegistry = SchemaRegistry()
    /// When it leaves the manifests.
    package var deletionPolicy: DeletionPolicy = .retain

    /// An environment with defaults; its display name is its name.
    package init(metadata: Metadata) {
        self.metadata = metadata
        self.displayName = metadata.name
    }

    /// Manifest name.
    package var name: String { metadata.name }
}

/// Kind of Kafka cluster.
package enum ClusterType: String, Hashable, Sendable, Codable, CaseIterable {
    case basic = "Basic"
    case standard = "Standard"
    case enterprise = "Enterprise"
    case dedicated = "Dedicated"
    case freight = "Freight"
    case confluentPlatform = "ConfluentPlatform"
    case apacheKafka = "ApacheKafka"

    /// Whether the cluster can be the destination of a cluster link (Confluent docs, *Cluster Linking: supported
    /// cluster types*).
    package var canHoldLinks: Bool {
        switch self {
        case .enterprise, .dedicated, .confluentPlatform: true
        case .basic, .standard, .freight, .apacheKafka: false
        }
    }

    /// Whether it runs in Confluent Cloud, behind a control plane.
    package var isCloud: Bool {
        switch self {
        case .basic, .standard, .enterprise, .dedicated, .freight: true
        case .confluentPlatform, .apacheKafka: false
        }
    }
}

/// Availability of a cluster; `LOW` and `HIGH` on the wire are the same two.
package enum Availability: String, Hashable, Sendable, Codable, CaseIterable {
    case singleZone = "SINGLE_ZONE"
    case multiZone = "MULTI_ZONE"

    /// Reads either spelling of the wire; `nil` for a word this version does not know.
    package init?(wire: String) {
        switch wire {
        case "SINGLE_ZONE", "LOW": self = .singleZone
        case "MULTI_ZONE", "HIGH": self = .multiZone
        default: return nil
        }
    }
}

/// A Kafka cluster.
package struct ClusterSpec: Hashable, Sendable, Codable {
    /// Header.
    package var metadata: Metadata
    /// Environment it belongs to; `nil` only for Apache Kafka.
    package var environment: String?
    /// `lkc-…` or the 22-character id; `nil` = found by display name.
    package var id: String?
    package var displayName: String
    /// Whether Spillway creates and changes the cluster itself.
    package var managementPolicy: ManagementPolicy = .observe
    /// Kind of cluster.
    package var type: ClusterType
    /// Confluent Platform version, which its REST API does not tell.
    package var version: String?
    /// Cloud provider: `AWS`, `GCP`, `AZURE`.
    package var cloud: String?
    /// Cloud region.
    package var region: String?
    package var availability: Availability?
    /// CKUs (Dedicated).
    package var cku: Int?
    /// Upper limit of eCKUs (not Dedicated).
    package var maxEcku: Int?
    /// `n-…`, private networking.
    package var network: String?
    /// `cck-…`, self-managed encryption key.
    package var byok: String?
    /// The service's own deletion protection; `nil` = unmanaged.
    package var deletionProtection: Bool?
    /// Which of the cluster's endpoints Spillway uses.
    package var accessPoint: String?
    /// Which of them bindings publish; `nil` = `accessPoint`.
    package var clientAccessPoint: String?
    /// Kafka REST v3 up to and without `/v3`; `nil` = discovered.
    package var restEndpoint: String?
    /// Whether what goes there may go by plain http, where anybody in between can read it.
    package var allowsPlainHTTP = false
    /// What links and clients use; `nil` = discovered.
    package var bootstrapServers: String?
    /// What Spillway uses; `nil` = topics and links of this cluster are not managed.
    package var credentials: Credentials?
    /// What links use to read this cluster.
    package var linkCredentials: Credentials?
    /// When it leaves the manifests.
    package var deletionPolicy: DeletionPolicy = .retain

    /// A cluster with defaults; its display name is its name.
    package init(metadata: Metadata, type: ClusterType) {
        self.metadata = metadata
        self.displayName = metadata.name
        self.type = type
    }

    /// Manifest name.
    package var name: String { metadata.name }
}

/// One topic on one cluster, or of one group.
package struct TopicSpec: Hashable, Sendable, Codable {
    /// Where the topic lives.
    package enum Home: Hashable, Sendable, Codable {
        /// A cluster that holds it, writable.
        case cluster(String)
        /// A group it moves with: writable on the primary, mirrored elsewhere.
        case failoverGroup(String)
    }

    /// Header.
    package var metadata: Metadata
    /// Where the topic lives.
    package var home: Home
    /// Name in Kafka.
    package var topicName: String
    /// Partition count; `nil` = unmanaged, the server's default on create.
    package var partitions: Int?
    /// Replication factor; `nil` = unmanaged.
    package var replicationFactor: Int?
    /// Topic configs, values as written in the manifest.
    package var configs: [String: String] = [:]
    /// When it leaves the manifests.
    package var deletionPolicy: DeletionPolicy = .retain

    /// A topic with defaults; its name in Kafka is its name.
    package init(metadata: Metadata, home: Home) {
        self.metadata = metadata
        self.home = home
        self.topicName = metadata.name
    }

    /// Manifest name.
    package var name: String { metadata.name }
}
