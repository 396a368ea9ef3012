package import Domain

/// What exists already, before any manifest means it: from live systems, or from what another tool keeps of them.
package struct Estate: Sendable {
    /// An environment, or the registry of a site that people run themselves.
    package struct Environment: Sendable {
        /// Its manifest's name.
        package let name: String
        /// `env-…`; `nil` = self-managed.
        package let id: String?
        package let displayName: String
        /// Where its registry is; `nil` = it has none, or none that can be asked.
        package var registryEndpoint: String?
        /// `lsrc-…`.
        package var registryID: String?
        /// What signs in to the registry; `nil` = nobody asks it.
        package var credentials: Credentials?
        /// What the registry holds; `nil` = it was not seen.
        package var registry: RegistrySnapshot?

        package init(name: String, id: String?, displayName: String) {
            self.name = name
            self.id = id
            self.displayName = displayName
        }
    }

    /// A Kafka cluster.
    package struct Cluster: Sendable {
        /// Its manifest, without what signs in to it.
        package var spec: ClusterSpec
        /// Its id, as links name it at the other end.
        package var id: String?
        /// What signs in to it; `nil` = nobody asks it.
        package var credentials: Credentials?
        /// What it holds; `nil` = it was not seen.
        package var kafka: KafkaSnapshot?

        package var name: String { spec.name }

        package init(_ spec: ClusterSpec) {
            self.spec = spec
            id = spec.id
        }
    }

    /// The control plane that environments of Confluent Cloud are behind; `nil` = there are none.
    package var connection: ConnectionSpec?
    /// By name.
    package var environments: [Environment]
    /// By name.
    package var clusters: [Cluster]

    package init(connection: ConnectionSpec? = nil, environments: [Environment] = [], clusters: [Cluster] = []) {
        self.connection = connection
        self.environments = environments
        self.clusters = clusters
    }

    func cluster(_ name: String) -> Cluster? { clusters.first { $0.name == name } }

    func environment(ofCluster name: String) -> Environment? {
        let environment = cluster(name)?.spec.environment
        return environments.first { $0.name == environment }
    }
}

/// Something that exists and that the manifests do not say, and why.
package enum Remark: Hashable, Sendable {
    /// A link of which the other end is not among what was imported.
    case linkToElsewhere(link: String, cluster: String, remote: String?)
    /// One half of a link whose other half was not found.
    case halfOfLink(link: String, cluster: String)
    /// A link whose mode this version does not know.
    case linkMode(link: String, cluster: String, mode: String)
    /// Halves of a bidirectional link that do not do the same.
    case halvesDiffer(link: String, between: [String], configs: [String])
    /// A cluster of which it is known that its version is no older than this one, and no more.
    case leastVersion(cluster: String, version: String)
    /// Configs of a link that no manifest can say.
    case linkConfigs(link: String, cluster: String, names: [String])
    /// Mirrors that do not fetch for good: no manifest makes such a mirror.
    case mirrors(cluster: String, link: String, status: MirrorStatus, topics: [String])
    /// Mirrors that a link has beside those that it creates by itself.
    case mirrorsBesideFilters(link: String, topics: [String])
    /// Configs of topics that no manifest can say.
    case topicConfigs(cluster: String, name: String, topics: [String])
    /// Topics whose names one cluster cannot hold beside each other, or that no manifest may have.
    case topicNames(cluster: String, topics: [String])
    /// An exporter that writes to a registry which is not among what was imported.
    case exporterToElsewhere(exporter: String, environment: String, url: String?)
    /// An exporter whose context type this version does not know.
    case exporterContext(exporter: String, environment: String)
    /// A link and an exporter that look like a group, and are none: why.
    case noGroup(link: String, exporter: String, GroupObstacle)
    /// Objects of another tool that stay with it, by their type.
    case left(type: String, count: Int)
}

/// Why a link and an exporter between two sites are not taken for a group.
package enum GroupObstacle: Hashable, Sendable {
    /// The standby's registry takes schemas of clients.
    case standbyTakesSchemas(environment: String)
    /// It is not known whether it does.
    case modeUnknown(environment: String)
    /// The exporter keeps schemas in another context.
    case contextType(ExporterContextType)
    /// The link gives its mirrors a prefix.
    case prefix(String)
    /// The link creates mirrors by itself for other topics than those of the group.
    case autoCreate
    /// Another group has some of its topics.
    case topicsOf(group: String)
    /// A link that is in no group mirrors some of its topics.
    case mirroredBy(link: String)
    /// Another group moves schemas of the same context.
    case schemasOf(group: String)
    /// Both sides hold mirrors of each other.
    case bothWays
    /// It carries no mirror yet.
    case noMirrors
    /// The two halves treat consumer offsets differently.
    case offsetSync
}
