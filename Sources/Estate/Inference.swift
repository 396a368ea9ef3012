package import Domain

/// Turns what exists into manifests that say so: a plan of them adopts, and changes nothing.
package struct Inference {
    /// What manifests there are.
    package private(set) var workspace: Workspace
    /// What exists beside them, in the order in which it was met.
    package private(set) var remarks: [Remark] = []

    private let estate: Estate
    private var groups = GroupInference()

    /// Infers manifests.
    ///
    /// - Parameters:
    ///   - estate: What exists.
    ///   - spec: The workspace file.
    ///   - infersGroups: Whether links and exporters that look like a failover group become one.
    package init(_ estate: Estate, into spec: WorkspaceSpec, infersGroups: Bool = true) {
        self.estate = estate
        workspace = Workspace(spec: spec)
        let pairing = LinkPairing(estate)
        let schemas = SchemaReading(estate)
        remarks += pairing.remarks + schemas.remarks
        if infersGroups {
            groups = GroupInference(pairing.links, schemas.exporters, in: estate)
            remarks += groups.remarks
        }
        addSites()
        addLinks(pairing.links, schemas.exporters)
        addTopics()
    }

    // MARK: Sites

    private mutating func addSites() {
        if let connection = estate.connection { workspace.connections[connection.metadata.name] = connection }
        for environment in estate.environments {
            var spec = EnvironmentSpec(metadata: Metadata(name: environment.name))
            spec.id = environment.id
            spec.displayName = environment.displayName
            if environment.id != nil {
                spec.connection = estate.connection?.metadata.name
            } else {
                spec.schemaRegistry.endpoint = environment.registryEndpoint
            }
            spec.schemaRegistry.credentials = environment.credentials
            spec.schemaRegistry.compatibility = environment.registry?.compatibility
            workspace.environments[spec.name] = spec
        }
        for cluster in estate.clusters {
            var spec = cluster.spec
            spec.credentials = cluster.credentials
            workspace.clusters[spec.name] = spec
        }
    }

    /// What exporters and links sign in with at their other end is what is known to sign in there.
    private mutating func addLinkCredentials(of clusters: [String], _ environments: [String]) {
        for name in clusters {
            let credentials = workspace.clusters[name]?.credentials
            workspace.clusters[name]?.linkCredentials = credentials
        }
        for name in environments {
            let credentials = workspace.environments[name]?.schemaRegistry.credentials
            workspace.environments[name]?.schemaRegistry.linkCredentials = credentials
        }
    }

    /// Confluent Platform holds bidirectional links since 7.5 (its documentation, *Bidirectional Cluster Linking*).
    private mutating func learnVersion(of clusters: [String]) {
        for name in clusters {
            guard let cluster = workspace.clusters[name], !cluster.type.isCloud, cluster.version == nil else {
                continue
            }
            workspace.clusters[name]?.version = "7.5.0"
            remarks.append(.leastVersion(cluster: name, version: "7.5.0"))
        }
    }

    // MARK: Links

    private mutating func addLinks(_ links: [FoundLink], _ exporters: [FoundExporter]) {
        var taken = TakenNames()
        for link in links {
            let isOneSided = link.back == nil && link.initiator == nil
            addLinkCredentials(of: isOneSided ? [link.source] : [link.source, link.destination], [])
            let reading = LinkReading(link)
            tell(reading, of: link)
            if let creating = reading.autoCreate {
                let taken = creating.select(from: link.mirrors.map(\.sourceTopic)) { _ in false }
                let beside = link.mirrors.map(\.sourceTopic).filter { !taken.contains($0) }
                if !beside.isEmpty { remarks.append(.mirrorsBesideFilters(link: link.name, topics: beside.sorted())) }
            }
            if link.mode == .bidirectional { learnVersion(of: [link.source, link.destination]) }
            guard !groups.links.contains(link.key) else { continue }
            let name = taken.name(link.name, or: ["\(link.source)-\(link.destination)"])
            var spec = ClusterLinkSpec(
                metadata: Metadata(name: name), source: link.source, destination: link.destination)
            spec.settings = reading.settings
            let isOnly = links.count { $0.identity == link.identity } == 1
            if name != link.name || !isOnly { spec.settings.linkName = link.name }
            spec.prefix = link.prefix
            spec.mirrorTopics = reading.autoCreate ?? Self.selector(link.mirrors)
            spec.reverseMirrorTopics = Self.selector(link.reverse)
            workspace.clusterLinks[name] = spec
        }
        workspace.failoverGroups = groups.groups
        for case .declared(_, let members) in groups.groups.values.map(\.placement) {
            // After a move links and exporters run the other way.
            addLinkCredentials(of: members, members.compactMap { estate.environment(ofCluster: $0)?.name })
        }
        var takenBySchemas = TakenNames()
        for exporter in exporters {
            addLinkCredentials(of: [], [exporter.destination])
            guard !groups.exporters.contains(exporter.key) else { continue }
            let name = takenBySchemas.name(exporter.observed.name, or: ["\(exporter.source)-\(exporter.destination)"])
            workspace.schemaLinks[name] = schemaLink(exporter, name)
        }
    }

    private func schemaLink(_ exporter: FoundExporter, _ name: String) -> SchemaLinkSpec {
        var spec = SchemaLinkSpec(
            metadata: Metadata(name: name), source: exporter.source, destination: exporter.destination,
            settings: exporter.settings)
        if name != exporter.observed.name { spec.settings.exporterName = exporter.observed.name }
        spec.contextType = exporter.contextType
        if exporter.contextType == .custom { spec.context = exporter.observed.context.map { RegistryContext($0).name } }
        let registry = estate.environments.first { $0.name == exporter.destination }?.registry
        let isFilled = spec.destinationContexts.allSatisfy { registry?.modes[$0] == .import }
        spec.destinationMode = isFilled ? .import : .unmanaged
        return spec
    }

    private mutating func tell(_ reading: LinkReading, of link: FoundLink) {
        if !reading.untold.isEmpty {
            remarks.append(.linkConfigs(link: link.name, cluster: link.destination, names: reading.untold))
        }
        if !reading.differing.isEmpty {
            remarks.append(
                .halvesDiffer(
                    link: link.name, between: [link.source, link.destination], configs: reading.differing))
        }
    }

    private static func selector(_ mirrors: [ObservedMirror]) -> TopicSelector? {
        let topics = mirrors.map(\.sourceTopic).sorted()
        guard !topics.isEmpty else { return nil }
        return TopicSelector(
            include: topics.filter { !InternalTopics.contains($0) },
            allowInternal: topics.filter(InternalTopics.contains))
    }

    // MARK: Topics

    private mutating func addTopics() {
        var taken = TakenNames()
        let readings = estate.clusters.map { ($0.name, TopicReading($0)) }
        var seen: Set<String> = []
        let shared = Set(readings.flatMap(\.1.names).filter { !seen.insert($0).inserted })
        for (cluster, reading) in readings {
            var reading = reading
            for topic in reading.topics(groups.topics[cluster] ?? [:], shared: shared, &taken) {
                workspace.topics[topic.name] = topic
            }
            remarks += reading.remarks
        }
    }
}
