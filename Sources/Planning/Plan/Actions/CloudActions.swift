package import Domain

/// What is done to environments and clusters.
package enum CloudAction: RoomAction {
    case createEnvironment(EnvironmentCreation)
    case updateEnvironment(EnvironmentUpdate)
    case deleteEnvironment(EnvironmentReference)
    case createCluster(ClusterCreation)
    case updateCluster(ClusterUpdate)
    case deleteCluster(ClusterReference)
    /// Waits until the environment's Schema Registry is provisioned: it appears with the environment's first cluster.
    case awaitRegistry(EnvironmentReference)

    package enum Verb: String, CaseIterable {
        case createEnvironment, updateEnvironment, deleteEnvironment, createCluster, updateCluster, deleteCluster,
            awaitRegistry
    }

    package var facts: ActionFacts {
        switch self {
        case .createEnvironment(let payload): ActionFacts(Verb.createEnvironment, .creates, .seconds(600), payload)
        case .updateEnvironment(let payload): ActionFacts(Verb.updateEnvironment, .changes, .seconds(1), payload)
        case .deleteEnvironment(let payload): ActionFacts(Verb.deleteEnvironment, .destroys, .seconds(1), payload)
        case .createCluster(let payload): ActionFacts(Verb.createCluster, .creates, .seconds(600), payload)
        case .updateCluster(let payload): ActionFacts(Verb.updateCluster, .changes, .seconds(1), payload)
        case .deleteCluster(let payload): ActionFacts(Verb.deleteCluster, .destroys, .seconds(1), payload)
        case .awaitRegistry(let payload): ActionFacts(Verb.awaitRegistry, .waits, .seconds(600), payload)
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .createEnvironment: self = .createEnvironment(try document.payload())
        case .updateEnvironment: self = .updateEnvironment(try document.payload())
        case .deleteEnvironment: self = .deleteEnvironment(try document.payload())
        case .createCluster: self = .createCluster(try document.payload())
        case .updateCluster: self = .updateCluster(try document.payload())
        case .deleteCluster: self = .deleteCluster(try document.payload())
        case .awaitRegistry: self = .awaitRegistry(try document.payload())
        }
    }
}

/// An environment to create.
package struct EnvironmentCreation: Hashable, Sendable, Codable {
    package let environment: String
    package let displayName: String
    package let governance: GovernancePackage?

    package init(environment: String, displayName: String, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A change of an environment; absent fields stay.
package struct EnvironmentUpdate: Hashable, Sendable, Codable {
    package let environment: String
    package let displayName: String?
    package let governance: GovernancePackage?

    package init(environment: String, displayName: String?, governance: GovernancePackage?) {
        self.environment = environment
        self.displayName = displayName
        self.governance = governance
    }
}

/// A cluster to create: the fields of the manifest that the control plane takes.
package struct ClusterCreation: Hashable, Sendable, Codable {
    package let cluster: String
    package let environment: String
    package let displayName: String
    package let type: ClusterType
    package let cloud: String
    package let region: String
    package let availability: Availability
    /// CKUs (Dedicated).
    package let cku: Int?
    /// Upper limit of eCKUs.
    package let maxEcku: Int?
    package let network: String?
    /// Self-managed key id.
    package let byok: String?
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
    package let cluster: String
    package var displayName: String?
    /// New kind (Basic to Standard only).
    package var type: ClusterType?
    /// New CKUs.
    package var cku: Int?
    /// New upper limit of eCKUs.
    package var maxEcku: Int?
    package var availability: Availability?
    package var deletionProtection: Bool?

    package init(cluster: String) {
        self.cluster = cluster
    }
}

/// An environment by the name of its manifest.
package struct EnvironmentReference: Hashable, Sendable, Codable {
    package let environment: String

    package init(environment: String) {
        self.environment = environment
    }
}

/// A cluster by the name of its manifest.
package struct ClusterReference: Hashable, Sendable, Codable {
    package let cluster: String

    package init(cluster: String) {
        self.cluster = cluster
    }
}
