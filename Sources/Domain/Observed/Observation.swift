/// Everything that was seen of the live systems in one pass.
public struct Observation: Sendable {
    /// When the pass began.
    public var startedAt: Timestamp
    /// How long it took.
    public var duration: Duration
    /// By connection name.
    public var controlPlanes: [String: Reach<ControlPlaneSnapshot>]
    /// By cluster name.
    public var clusters: [String: Reach<KafkaSnapshot>]
    /// By environment name.
    public var registries: [String: Reach<RegistrySnapshot>]
    /// By binding address (`binding/<binding>/<target number>`).
    public var stores: [ResourceAddress: Reach<StoreSnapshot>]
    /// Topics, but internal ones, of clusters that left the manifests and are to be deleted, by cluster name.
    public var leaving: [String: Reach<Set<String>>] = [:]
    /// Ids and endpoints known after this pass, by cluster and environment name: live where a control plane answered,
    /// declared or remembered otherwise.
    public var sites: KnownSites

    /// An observation; the default saw nothing.
    public init(
        startedAt: Timestamp, duration: Duration = .zero, controlPlanes: [String: Reach<ControlPlaneSnapshot>] = [:],
        clusters: [String: Reach<KafkaSnapshot>] = [:], registries: [String: Reach<RegistrySnapshot>] = [:],
        stores: [ResourceAddress: Reach<StoreSnapshot>] = [:], sites: KnownSites = KnownSites()
    ) {
        self.startedAt = startedAt
        self.duration = duration
        self.controlPlanes = controlPlanes
        self.clusters = clusters
        self.registries = registries
        self.stores = stores
        self.sites = sites
    }
}

/// Ids and endpoints of clusters and registries: enough to reach them with the control plane down.
public struct KnownSites: Sendable, Hashable, Codable {
    /// A cluster that is known.
    public struct Cluster: Sendable, Hashable, Codable {
        /// `lkc-…` or the 22-character id.
        public var id: String
        /// `env-…`; `nil` when self-managed.
        public var environmentID: String?
        /// Base of the Kafka REST API, up to and without `/v3`; `nil` for Apache Kafka.
        public var restEndpoint: String?
        /// What links use.
        public var bootstrapServers: String?
        /// What bindings publish.
        public var clientBootstrapServers: String?
        /// Cloud region, when the control plane told it.
        public var region: String?
        /// When its REST API last answered.
        public var lastAnswered: Timestamp?
        /// Partitions that were seen to hold records, by topic: a mirror that knows no position in one of them is no
        /// proof of anything. `nil` = none.
        public var holding: [String: [Int]]?
        /// When a run last began to make the copy of a topic here anew, or to take it away, by topic; `nil` = never. What
        /// was seen of the copy before says nothing of the one that is there now.
        public var copiesBegan: [String: Timestamp]?
        /// When groups that it serves were last seen protected, by group; `nil` = never.
        public var protected: [String: Timestamp]?
        /// Where the credentials are that its manifest named, never the credentials: with them it is looked at once more
        /// before it is deleted.
        public var credentials: Credentials?

        /// A cluster that is known.
        public init(
            id: String, environmentID: String? = nil, restEndpoint: String? = nil, bootstrapServers: String? = nil,
            clientBootstrapServers: String? = nil, region: String? = nil, lastAnswered: Timestamp? = nil,
            credentials: Credentials? = nil
        ) {
            self.credentials = credentials
            self.id = id
            self.environmentID = environmentID
            self.restEndpoint = restEndpoint
            self.bootstrapServers = bootstrapServers
            self.clientBootstrapServers = clientBootstrapServers
            self.region = region
            self.lastAnswered = lastAnswered
        }
    }

    /// An environment's registry that is known.
    public struct Environment: Sendable, Hashable, Codable {
        /// `env-…`; `nil` when self-managed.
        public var id: String?
        /// `lsrc-…`; `nil` when self-managed.
        public var registryID: String?
        /// Registry URL without a trailing slash.
        public var registryEndpoint: String?
        /// When the registry last answered.
        public var lastAnswered: Timestamp?

        /// An environment that is known.
        public init(
            id: String? = nil, registryID: String? = nil, registryEndpoint: String? = nil,
            lastAnswered: Timestamp? = nil
        ) {
            self.id = id
            self.registryID = registryID
            self.registryEndpoint = registryEndpoint
            self.lastAnswered = lastAnswered
        }
    }

    /// By cluster name.
    public var clusters: [String: Cluster]
    /// By environment name.
    public var environments: [String: Environment]

    /// Known sites; the default knows none.
    public init(clusters: [String: Cluster] = [:], environments: [String: Environment] = [:]) {
        self.clusters = clusters
        self.environments = environments
    }
}
