package import Domain
import TextForms

/// An estate as a Terraform state tells it: the resources of the provider `confluentinc/confluent` (its documentation,
/// *Resources*). Nothing is asked of live systems, and of credentials in the state nothing is read.
package struct TerraformState {
    /// Why a text is no state that can be read.
    package enum Unreadable: Error, Hashable, Sendable {
        case notJSON
        /// Not the form that Terraform writes since 0.12; `nil` = it tells none.
        case version(Int?)
        /// There is nothing of the provider in it.
        case nothing
    }

    /// What is in it.
    package private(set) var estate = Estate()
    /// What stays with Terraform, by type.
    package private(set) var left: [String: Int] = [:]

    private var resources: [ResourceType: [JSONTree]] = [:]

    /// Reads a state.
    ///
    /// - Throws: ``Unreadable``.
    package init(_ text: String, connection: ConnectionSpec) throws(Unreadable) {
        guard let state = JSONTree(parsing: text) else { throw .notJSON }
        guard state["version"]?.integer == 4 else { throw .version(state["version"]?.integer) }
        for resource in state["resources"]?.items ?? [] { take(resource) }
        guard !resources.isEmpty else { throw .nothing }
        estate.connection = connection
        addEnvironments()
        addRegistries()
        addClusters()
        addTopics()
        addLinks()
        addMirrors()
        addExporters()
    }

    private enum ResourceType: String {
        case environment = "confluent_environment"
        case registry = "confluent_schema_registry_cluster"
        case registryMode = "confluent_schema_registry_cluster_mode"
        case cluster = "confluent_kafka_cluster"
        case topic = "confluent_kafka_topic"
        case link = "confluent_cluster_link"
        case mirror = "confluent_kafka_mirror_topic"
        case exporter = "confluent_schema_exporter"
    }

    private mutating func take(_ resource: JSONTree) {
        guard let type = resource["type"]?.string else { return }
        let instances = (resource["instances"]?.items ?? []).compactMap { $0["attributes"] }
        let isManaged = resource["mode"]?.string != "data"
        if let known = ResourceType(rawValue: type) {
            // What is only read tells where things are; an object that is read and managed comes once.
            let ids = Set((resources[known] ?? []).compactMap(\.id))
            resources[known, default: []] += instances.filter { $0.id.map { !ids.contains($0) } ?? true }
        } else if isManaged {
            left[type, default: 0] += instances.count
        }
    }

    private func instances(_ type: ResourceType) -> [JSONTree] { resources[type] ?? [] }

    // MARK: Sites

    private mutating func addEnvironments() {
        var names = Dictionary(
            instances(.environment).compactMap { environment in
                environment.id.map { ($0, environment["display_name"]?.string ?? $0) }
            }, uniquingKeysWith: { first, _ in first })
        // One that is in another state is known by what is in it.
        for inside in instances(.cluster) + instances(.registry) {
            if let id = inside.id(of: "environment"), names[id] == nil { names[id] = id }
        }
        let named = SiteNames.names(of: names.map { .init(id: $0.key, displayName: $0.value) })
        estate.environments = names.map { id, displayName in
            .init(name: named[id] ?? id, id: id, displayName: displayName)
        }.sorted { $0.name < $1.name }
    }

    private mutating func addRegistries() {
        let modes = Dictionary(
            instances(.registryMode).compactMap { mode in
                mode.id(of: "schema_registry_cluster").map { ($0, RegistryMode(wire: mode["mode"]?.string ?? "")) }
            }, uniquingKeysWith: { first, _ in first })
        for registry in instances(.registry) {
            guard let index = estate.environments.firstIndex(where: { $0.id == registry.id(of: "environment") }) else {
                continue
            }
            estate.environments[index].registryID = registry.id
            estate.environments[index].registryEndpoint = registry["rest_endpoint"]?.string
            let mode = registry.id.flatMap { modes[$0] }
            estate.environments[index].registry = RegistrySnapshot(modes: mode.map { [.standard: $0] } ?? [:])
        }
    }

    private mutating func addClusters() {
        let names = SiteNames.names(
            of: instances(.cluster).compactMap { cluster in
                guard let id = cluster.id else { return nil }
                let environment = estate.environments.first { $0.id == cluster.id(of: "environment") }
                return .init(
                    id: id, displayName: cluster["display_name"]?.string ?? id,
                    qualifiers: [environment?.name, cluster["region"]?.string].compactMap(\.self))
            })
        for cluster in instances(.cluster) {
            guard let id = cluster.id, let name = names[id] else { continue }
            var spec = ClusterSpec(metadata: Metadata(name: name), type: Self.type(of: cluster))
            spec.id = id
            spec.displayName = cluster["display_name"]?.string ?? id
            spec.environment = estate.environments.first { $0.id == cluster.id(of: "environment") }?.name
            var found = Estate.Cluster(spec)
            found.kafka = KafkaSnapshot(clusterID: id)
            estate.clusters.append(found)
        }
        estate.clusters.sort { $0.name < $1.name }
    }

    private static func type(of cluster: JSONTree) -> ClusterType {
        let types: [(String, ClusterType)] = [
            ("dedicated", .dedicated), ("enterprise", .enterprise), ("freight", .freight), ("standard", .standard),
        ]
        return types.first { cluster[$0.0]?.items.isEmpty == false }?.1 ?? .basic
    }

    // MARK: Kafka

    private mutating func change(_ clusterID: String?, _ edit: (inout KafkaSnapshot) -> Void) {
        guard let index = estate.clusters.firstIndex(where: { $0.id == clusterID }),
            var kafka = estate.clusters[index].kafka
        else { return }
        estate.clusters[index].kafka = nil
        edit(&kafka)
        estate.clusters[index].kafka = kafka
    }

    private mutating func addTopics() {
        for topic in instances(.topic) {
            guard let name = topic["topic_name"]?.string else { continue }
            change(topic.id(of: "kafka_cluster")) { kafka in
                kafka.topics[name] = ObservedTopic(
                    partitions: topic["partitions_count"]?.integer ?? 6, replicationFactor: 3)
                kafka.configs[name] = (topic["config"]?.members ?? [:]).compactMapValues(\.string)
            }
        }
    }

    private mutating func addLinks() {
        for link in instances(.link) {
            guard let name = link["link_name"]?.string else { continue }
            let mode = LinkHalf.Mode(wire: link["link_mode"]?.string ?? "DESTINATION")
            let (source, destination) = (link.id(of: "source_kafka_cluster"), link.id(of: "destination_kafka_cluster"))
            let (local, remote) =
                switch mode {
                case .source: (source, destination)
                case .destination: (destination, source)
                case .bidirectional, .other: (link.id(of: "local_kafka_cluster"), link.id(of: "remote_kafka_cluster"))
                }
            var configs = (link["config"]?.members ?? [:]).compactMapValues(\.string)
            configs["connection.mode"] = link["connection_mode"]?.string ?? "OUTBOUND"
            change(local) { kafka in
                kafka.links.append(
                    ObservedLink(name: name, remoteClusterID: remote, mode: mode, configs: configs))
            }
        }
    }

    private mutating func addMirrors() {
        for mirror in instances(.mirror) {
            let source = mirror["source_kafka_topic"]?.items.first?["topic_name"]?.string
            guard let link = mirror["cluster_link"]?.items.first?["link_name"]?.string, let source else { continue }
            let name = mirror["mirror_topic_name"]?.string ?? source
            change(mirror.id(of: "kafka_cluster")) { kafka in
                kafka.mirrors.append(
                    ObservedMirror(
                        link: link, topic: name, sourceTopic: source,
                        status: MirrorStatus(wire: mirror["status"]?.string ?? "ACTIVE")))
            }
        }
    }

    // MARK: Exporters

    private mutating func addExporters() {
        for exporter in instances(.exporter) {
            guard let name = exporter["name"]?.string else { continue }
            let registry = exporter.id(of: "schema_registry_cluster")
            let endpoint = exporter["rest_endpoint"]?.string
            guard
                let index = estate.environments.firstIndex(where: {
                    ($0.registryID != nil && $0.registryID == registry)
                        || ($0.registryEndpoint != nil && $0.registryEndpoint == endpoint)
                })
            else { continue }
            let target = exporter["destination_schema_registry_cluster"]?.items.first
            let observed = ObservedExporter(
                name: name, contextType: ExporterContextType(rawValue: exporter["context_type"]?.string ?? "AUTO"),
                context: exporter["context"]?.string,
                subjects: (exporter["subjects"]?.items ?? []).compactMap(\.string),
                subjectRenameFormat: exporter["subject_rename_format"]?.string,
                destinationURL: target?["rest_endpoint"]?.string,
                state: ExporterState(wire: exporter["status"]?.string ?? "RUNNING"))
            estate.environments[index].registry?.exporters.append(observed)
        }
    }
}

extension JSONTree {
    /// The `id` of an instance.
    fileprivate var id: String? { self["id"]?.string }

    /// The id in a block, of which the provider writes one.
    fileprivate func id(of block: String) -> String? { self[block]?.items.first?.id }
}
