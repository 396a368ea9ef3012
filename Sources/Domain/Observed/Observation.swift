/// Everything that was seen of the live systems in one pass.
package struct Observation: Sendable {
    /// When the pass began.
    package var startedAt: Timestamp
    /// How long it took.
    package var duration: Duration
    /// By connection name.
    package var controlPlanes: [String: Reach<ControlPlaneSnapshot>]
    /// By cluster name.
    package var clusters: [String: Reach<KafkaSnapshot>]
    /// By environment name.
    package var registries: [String: Reach<RegistrySnapshot>]
    /// By binding address (`binding/<binding>/<target number>`).
    package var stores: [ResourceAddress: Reach<StoreSnapshot>]
    /// Topics, but internal ones, of clusters that left the manifests and are to be deleted, by cluster name.
    package var leaving: [String: Reach<Set<String>>] = [:]
    /// Ids and endpoints known after this pass, by cluster and environment name: live where a control plane answered,
    /// declared or remembered otherwise.
    package var sites: KnownSites

    /// An observation; the default saw nothing.
    package init(
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
package struct KnownSites: Sendable, Hashable, Codable {
    package struct Cluster: Sendable, Hashable, Codable {
        /// `lkc-…` or the 22-character id.
        package var id: String
        /// `env-…`; `nil` when self-managed.
        package var environmentID: String?
        /// Base of the Kafka REST API, up to and without `/v3`; `nil` for Apache Kafka.
        package var restEndpoint: String?
        /// What links use.
        package var bootstrapServers: String?
        /// What bindings publish.
        package var clientBootstrapServers: String?
        /// Cloud region, when the control plane told it.
        package var region: String?
        /// When its REST API last answered.
        package var lastAnswered: Timestamp?
        /// Partitions that were seen to hold records, by topic: a mirror that knows no position in one of them is no
        /// proof of anything. `nil` = none.
        package var holding: [String: [Int]]?
        /// When a run last began to make the copy of a topic here anew, or to take it away, by topic; `nil` = never. What
        /// was seen of the copy before says nothing of the one that is there now.
        package var copiesBegan: [String: Timestamp]?
        /// When groups that it serves were last seen protected, by group; `nil` = never.
        package var protected: [String: Timestamp]?
        /// Where the credentials are that its manifest named, never the credentials: with them it is looked at once more
        /// before it is deleted.
        package var credentials: Credentials?

        package init(
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
    package struct Environment: Sendable, Hashable, Codable {
        /// `env-…`; `nil` when self-managed.
        package var id: String?
        /// `lsrc-…`; `nil` when self-managed.
        package var registryID: String?
        /// Registry URL without a trailing slash.
        package var registryEndpoint: String?
        /// When the registry last answered.
        package var lastAnswered: Timestamp?

        package init(
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
    package var clusters: [String: Cluster]
    /// By environment name.
    package var environments: [String: Environment]

    /// Known sites; the default knows none.
    package init(clusters: [String: Cluster] = [:], environments: [String: Environment] = [:]) {
        self.clusters = clusters
        self.environments = environments
    }
}
