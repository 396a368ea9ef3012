public import Domain

/// An environment to create.
public struct EnvironmentCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    public let environment: String
    /// Display name.
    public let displayName: String
    /// Governance package.
    public let governance: GovernancePackage?

    /// An environment to create.
    public init(environment: String, displayName: String, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A change of an environment; absent fields stay.
public struct EnvironmentUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    public let environment: String
    /// New display name.
    public let displayName: String?
    /// New governance package.
    public let governance: GovernancePackage?

    /// A change of an environment.
    public init(environment: String, displayName: String?, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A cluster to create: the fields of the manifest that the control plane takes.
public struct ClusterCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    public let cluster: String
    /// Manifest name of its environment.
    public let environment: String
    /// Display name.
    public let displayName: String
    /// Kind.
    public let type: ClusterType
    /// Cloud provider.
    public let cloud: String
    /// Cloud region.
    public let region: String
    /// Availability.
    public let availability: Availability
    /// CKUs (Dedicated).
    public let cku: Int?
    /// Upper limit of eCKUs.
    public let maxEcku: Int?
    /// Network id.
    public let network: String?
    /// Self-managed key id.
    public let byok: String?
    /// Deletion protection.
    public let deletionProtection: Bool?

    /// The creation of a managed cluster; `nil` when the manifest lacks a field that `Manage` requires.
    public init?(_ spec: ClusterSpec) {
        guard let environment = spec.environment, let cloud = spec.cloud, let region = spec.region,
            let availability = spec.availability
        else { return nil }
        self.cluster = spec.name
        self.environment = environment
        self.displayName = spec.displayName
        self.type = spec.type
        self.cloud = cloud
        self.region = region
        self.availability = availability
        self.cku = spec.cku
        self.maxEcku = spec.maxEcku
        self.network = spec.network
        self.byok = spec.byok
        self.deletionProtection = spec.deletionProtection
    }
}

/// A change of a cluster; absent fields stay.
public struct ClusterUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    public let cluster: String
    /// New display name.
    public var displayName: String?
    /// New kind (Basic to Standard only).
    public var type: ClusterType?
    /// New CKUs.
    public var cku: Int?
    /// New upper limit of eCKUs.
    public var maxEcku: Int?
    /// New availability.
    public var availability: Availability?
    /// New deletion protection.
    public var deletionProtection: Bool?

    /// A change of a cluster that changes nothing yet.
    public init(cluster: String) {
        self.cluster = cluster
    }
}

/// An environment by the name of its manifest.
public struct EnvironmentReference: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    public let environment: String

    /// An environment by the name of its manifest.
    public init(environment: String) {
        self.environment = environment
    }
}

/// A cluster by the name of its manifest.
public struct ClusterReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    public let cluster: String

    /// A cluster by the name of its manifest.
    public init(cluster: String) {
        self.cluster = cluster
    }
}
