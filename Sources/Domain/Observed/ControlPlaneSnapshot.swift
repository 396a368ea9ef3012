/// What a control plane lists.
public struct ControlPlaneSnapshot: Sendable, Hashable {
    /// Id of the organization the key belongs to; `nil` when it was not asked.
    public var organization: String?
    /// Environments.
    public var environments: [ObservedEnvironment]
    /// Clusters of the environments that were listed.
    public var clusters: [ObservedCluster]
    /// Schema Registry clusters of those environments.
    public var registries: [ObservedRegistry]
    /// Ids of the environments whose clusters and registries were listed; of any other nothing is known to be inside.
    public var listedEnvironments: Set<String> = []
    /// Lists that tell less than there is.
    public var gaps: [ControlPlaneList: ListGap] = [:]
    /// What was told of objects, by id, that were known before and that a list leaves out.
    public var answers: [String: OwnAnswer] = [:]

    /// A snapshot of the listed objects.
    public init(
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
public struct ObservedEnvironment: Sendable, Hashable {
    /// `env-…`.
    public var id: String
    /// Display name.
    public var displayName: String
    /// Governance package; `nil` when absent.
    public var governance: GovernancePackage?

    /// An environment as listed.
    public init(id: String, displayName: String, governance: GovernancePackage? = nil) {
        self.id = id
        self.displayName = displayName
        self.governance = governance
    }
}

/// Progress of a cluster or registry; words this version does not know are kept.
public enum ProvisioningPhase: Sendable, Hashable {
    case provisioning
    case provisioned
    case failed
    case other(String)

    /// Reads the wire's word.
    public init(wire: String) {
        switch wire {
        case "PROVISIONING": self = .provisioning
        case "PROVISIONED": self = .provisioned
        case "FAILED": self = .failed
        default: self = .other(wire)
        }
    }
}

/// One of the ways into a cluster.
public struct AccessPoint: Sendable, Hashable, Codable {
    /// `PUBLIC`, `PRIVATE_LINK`, `ap…`.
    public var id: String
    /// Bootstrap servers without a `SASL_SSL://` prefix.
    public var bootstrapServers: String
    /// Kafka REST base, without `/kafka` and without a trailing slash.
    public var restEndpoint: String

    /// An access point.
    public init(id: String, bootstrapServers: String, restEndpoint: String) {
        self.id = id
        self.bootstrapServers = bootstrapServers
        self.restEndpoint = restEndpoint
    }
}

/// A Kafka cluster as the control plane lists it.
public struct ObservedCluster: Sendable, Hashable {
    /// `lkc-…`.
    public var id: String
    /// `env-…`.
    public var environmentID: String
    /// Display name; not unique.
    public var displayName: String
    /// The wire's kind: `Basic`, `Dedicated`, ….
    public var kind: String
    /// Cloud provider.
    public var cloud: String
    /// Cloud region.
    public var region: String
    /// Availability; `nil` for a word this version does not know.
    public var availability: Availability?
    /// Desired CKUs.
    public var cku: Int?
    /// CKUs in effect.
    public var currentCKU: Int?
    /// Upper limit of eCKUs.
    public var maxEcku: Int?
    /// The service's own deletion protection.
    public var deletionProtection: Bool?
    /// `n-…`, private networking; `nil` when it has none.
    public var network: String?
    /// `cck-…`, self-managed encryption key; `nil` when it has none.
    public var byok: String?
    /// Progress.
    public var phase: ProvisioningPhase
    /// Ways in; empty until provisioned.
    public var accessPoints: [AccessPoint]

    /// A cluster as listed.
    public init(
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
public struct ObservedRegistry: Sendable, Hashable {
    /// `lsrc-…`.
    public var id: String
    /// `env-…`.
    public var environmentID: String
    /// Registry URL; `nil` until provisioned.
    public var endpoint: String?
    /// Progress.
    public var phase: ProvisioningPhase

    /// A registry as listed.
    public init(id: String, environmentID: String, endpoint: String?, phase: ProvisioningPhase) {
        self.id = id
        self.environmentID = environmentID
        self.endpoint = endpoint
        self.phase = phase
    }
}
