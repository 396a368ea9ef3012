package import Domain

/// An environment to create.
package struct EnvironmentCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    package let environment: String
    /// Display name.
    package let displayName: String
    /// Governance package.
    package let governance: GovernancePackage?

    /// An environment to create.
    package init(environment: String, displayName: String, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A change of an environment; absent fields stay.
package struct EnvironmentUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    package let environment: String
    /// New display name.
    package let displayName: String?
    /// New governance package.
    package let governance: GovernancePackage?

    /// A change of an environment.
    package init(environment: String, displayName: String?, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A cluster to create: the fields of the manifest that the control plane takes.
package struct ClusterCreation: Hashable, Sendable, Codable {
    /// Manifest name.
    package let cluster: String
    /// Manifest name of its environment.
    package let environment: String
    /// Display name.
    package let displayName: String
    /// Kind.
    package let type: ClusterType
    /// Cloud provider.
    package let cloud: String
    /// Cloud region.
    package let region: String
    /// Availability.
    package let availability: Availability
    /// CKUs (Dedicated).
    package let cku: Int?
    /// Upper limit of eCKUs.
    package let maxEcku: Int?
    /// Network id.
    package let network: String?
    /// Self-managed key id.
    package let byok: String?
    /// Deletion protection.
    package let deletionProtection: Bool?

    /// The creation of a managed cluster; `nil` when the manifest lacks a field that `Manage` requires.
    package init?(_ spec: ClusterSpec) {
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
package struct ClusterUpdate: Hashable, Sendable, Codable {
    /// Manifest name.
    package let cluster: String
    /// New display name.
    package var displayName: String?
    /// New kind (Basic to Standard only).
    package var type: ClusterType?
    /// New CKUs.
    package var cku: Int?
    /// New upper limit of eCKUs.
    package var maxEcku: Int?
    /// New availability.
    package var availability: Availability?
    /// New deletion protection.
    package var deletionProtection: Bool?

    /// A change of a cluster that changes nothing yet.
    package init(cluster: String) {
        self.cluster = cluster
    }
}

/// An environment by the name of its manifest.
package struct EnvironmentReference: Hashable, Sendable, Codable {
    /// Name of the environment's manifest.
    package let environment: String

    /// An environment by the name of its manifest.
    package init(environment: String) {
        self.environment = environment
    }
}

/// A cluster by the name of its manifest.
package struct ClusterReference: Hashable, Sendable, Codable {
    /// Name of the cluster's manifest.
    package let cluster: String

    /// A cluster by the name of its manifest.
    package init(cluster: String) {
        self.cluster = cluster
    }
}
