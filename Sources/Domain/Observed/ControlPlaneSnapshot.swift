/// What a control plane lists.
package struct ControlPlaneSnapshot: Sendable, Hashable {
    /// Id of the organization the key belongs to; `nil` when it was not asked.
    package var organization: String?
    package var environments: [ObservedEnvironment]
    /// Clusters of the environments that were listed.
    package var clusters: [ObservedCluster]
    /// Schema Registry clusters of those environments.
    package var registries: [ObservedRegistry]
    /// Ids of the environments whose clusters and registries were listed; of any other nothing is known to be inside.
    package var listedEnvironments: Set<String> = []
    /// Lists that tell less than there is.
    package var gaps: [ControlPlaneList: ListGap] = [:]
    /// What was told of objects, by id, that were known before and that a list leaves out.
    package var answers: [String: OwnAnswer] = [:]

    package init(
        organization: String? = nil, environments: [ObservedEnvironment] = [], clusters: [ObservedCluster] = [],
        registries: [ObservedRegistry] = []
    ) {
        self.organization = organization
        self.environments = environments
        self.clusters = clusters
        self.registries = registries
    }
}

/// An environment as the control plane lists it.
package struct ObservedEnvironment: Sendable, Hashable {
    /// `env-…`.
    package var id: String
    package var displayName: String
    /// Governance package; `nil` when absent.
    package var governance: GovernancePackage?

    package init(id: String, displayName: String, governance: GovernancePackage? = nil) {
        self.id = id
        self.displayName = displayName
        self.governance = governance
    }
}

/// Progress of a cluster or registry; words this version does not know are kept.
package enum ProvisioningPhase: Sendable, Hashable {
    case provisioning
    case provisioned
    case failed
    case other(String)

    package init(wire: String) {
        switch wire {
        case "PROVISIONING": self = .provisioning
        case "PROVISIONED": self = .provisioned
        case "FAILED": self = .failed
        default: self = .other(wire)
        }
    }
}

/// One of the ways into a cluster.
package struct AccessPoint: Sendable, Hashable, Codable {
    /// `PUBLIC`, `PRIVATE_LINK`, `ap…`.
    package var id: String
    /// Bootstrap servers without a `SASL_SSL://` prefix.
    package var bootstrapServers: String
    /// Kafka REST base, without `/kafka` and without a trailing slash.
    package var restEndpoint: String

    package init(id: String, bootstrapServers: String, restEndpoint: String) {
        self.id = id
        self.bootstrapServers = bootstrapServers
        self.restEndpoint = restEndpoint
    }
}

/// A Kafka cluster as the control plane lists it.
package struct ObservedCluster: Sendable, Hashable {
    /// `lkc-…`.
    package var id: String
    /// `env-…`.
    package var environmentID: String
    /// Display name; not unique.
    package var displayName: String
    /// The wire's kind: `Basic`, `Dedicated`, ….
    package var kind: String
    /// Cloud provider.
    package var cloud: String
    /// Cloud region.
    package var region: String
    /// Availability; `nil` for a word this version does not know.
    package var availability: Availability?
    /// Desired CKUs.
    package var cku: Int?
    /// CKUs in effect.
    package var currentCKU: Int?
    /// Upper limit of eCKUs.
    package var maxEcku: Int?
    /// The service's own deletion protection.
    package var deletionProtection: Bool?
    /// `n-…`, private networking; `nil` when it has none.
    package var network: String?
    /// `cck-…`, self-managed encryption key; `nil` when it has none.
    package var byok: String?
    /// Progress.
    package var phase: ProvisioningPhase
    /// Ways in; empty until provisioned.
    package var accessPoints: [AccessPoint]

    package init(
        id: String, environmentID: String, displayName: String, kind: String, cloud: String, region: String,
        availability: Availability?, cku: Int? = nil, currentCKU: Int? = nil, maxEcku: Int? = nil,
        deletionProtection: Bool? = nil, network: String? = nil, byok: String? = nil, phase: ProvisioningPhase,
        accessPoints: [AccessPoint] = []
    ) {
        self.id = id
        self.environmentID = environmentID
        self.displayName = displayName
        self.kind = kind
        self.cloud = cloud
        self.region = region
        self.availability = availability
        self.cku = cku
        self.currentCKU = currentCKU
        self.maxEcku = maxEcku
        self.deletionProtection = deletionProtection
        self.network = network
        self.byok = byok
        self.phase = phase
        self.accessPoints = accessPoints
    }
}

/// A Schema Registry as the control plane lists it.
package struct ObservedRegistry: Sendable, Hashable {
    /// `lsrc-…`.
    package var id: String
    /// `env-…`.
    package var environmentID: String
    /// Registry URL; `nil` until provisioned.
    package var endpoint: String?
    /// Progress.
    package var phase: ProvisioningPhase

    package init(id: String, environmentID: String, endpoint: String?, phase: ProvisioningPhase) {
        self.id = id
        self.environmentID = environmentID
        self.endpoint = endpoint
        self.phase = phase
    }
}
