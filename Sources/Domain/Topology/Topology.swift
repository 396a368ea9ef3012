/// Where data is, which way it flows, and where clients are sent: the picture of a workspace.
package struct Topology: Hashable, Sendable {
    /// A cluster with the registry of its environment.
    package struct Site: Hashable, Sendable {
        /// Cluster.
        package let name: String
        /// Environment; `nil` = it has none.
        package let environment: String?
        /// Cloud region, where it is known.
        package var region: String?
        /// Why nothing was seen of the cluster; `nil` = it was seen, or nobody looked.
        package var silence: String?
        /// Topics that clients can write there; `nil` = not known.
        package var writableTopics: Int?
        /// Mode of the registry's default context; `nil` = not known, or there is no registry.
        package var registryMode: RegistryMode?
        /// Topics on which entries keep writers away; `nil` = not known.
        package var fencedTopics: Int?
    }

    /// A link, in the direction in which it carries mirrors.
    package struct Link: Hashable, Sendable {
        package let name: String
        package let source: String
        package let destination: String
        package var isBidirectional = false
        /// Mirrors, by whether they fetch; `nil` = not known.
        package var mirrors: Int?
        /// Those of them that do not fetch.
        package var idle = 0
        /// Group it belongs to.
        package var group: String?
    }

    /// An exporter between the registries of two environments.
    package struct Exporter: Hashable, Sendable {
        package let name: String
        package let source: String
        package let destination: String
        /// `nil` = nobody looked.
        package var state: ExporterState?
    }

    /// Who is primary of what.
    package struct Group: Hashable, Sendable {
        package let name: String
        package let primary: String
        package let standbys: [String]
    }

    /// An application and the cluster it is sent to.
    package struct Client: Hashable, Sendable {
        package let name: String
        package let site: String
        /// Group whose primary it follows; `nil` = it is pinned to the cluster.
        package let group: String?
    }

    /// By name.
    package var sites: [Site] = []
    /// By source, destination and name.
    package var links: [Link] = []
    /// By source, destination and name.
    package var exporters: [Exporter] = []
    /// By name.
    package var groups: [Group] = []
    /// By name.
    package var clients: [Client] = []
}

extension Topology {
    /// What manifests want, without a look at anything live.
    package init(declared workspace: Workspace) {
        sites = workspace.clusters.values.sorted { $0.name < $1.name }.map { cluster in
            Site(name: cluster.name, environment: cluster.environment, region: cluster.region)
        }
        let families = GroupFamily.all(in: workspace)
        for family in families {
            groups += family.groups.map { Group(name: $0.name, primary: family.primary, standbys: family.secondaries) }
            for standby in family.secondaries { add(family, standby, workspace) }
        }
        for link in workspace.clusterLinks.values {
            let isBidirectional = link.settings.mode == .bidirectional
            links.append(
                Link(
                    name: link.linkName, source: link.source, destination: link.destination,
                    isBidirectional: isBidirectional))
        }
        exporters += workspace.schemaLinks.values.map {
            Exporter(name: $0.exporterName, source: $0.source, destination: $0.destination)
        }
        clients = workspace.clientBindings.values.compactMap { binding in
            switch binding.target {
            case .cluster(let cluster): Client(name: binding.name, site: cluster, group: nil)
            case .failoverGroup(let group):
                workspace.placement(ofGroup: group).map { Client(name: binding.name, site: $0.primary, group: group) }
            }
        }
        sort()
    }

    private mutating func add(_ family: GroupFamily, _ standby: String, _ workspace: Workspace) {
        links.append(
            Link(
                name: family.linkName(from: family.primary, to: standby), source: family.primary, destination: standby,
                isBidirectional: family.linkSettings.mode == .bidirectional, group: family.name))
        guard let schemas = family.groups.first(where: { $0.schemas != nil }),
            let source = workspace.clusters[family.primary]?.environment,
            let destination = workspace.clusters[standby]?.environment, source != destination
        else { return }
        let base = schemas.schemas?.exporterName ?? schemas.name
        let name = family.secondaries.count == 1 ? base : "\(base)-\(destination)"
        exporters.append(Exporter(name: name, source: source, destination: destination))
    }

    fileprivate mutating func sort() {
        links.sort { ($0.source, $0.destination, $0.name) < ($1.source, $1.destination, $1.name) }
        exporters.sort { ($0.source, $0.destination, $0.name) < ($1.source, $1.destination, $1.name) }
        groups.sort { $0.name < $1.name }
        clients.sort { $0.name < $1.name }
    }
}

extension Topology {
    /// What was seen.
    ///
    /// - Parameters:
    ///   - holders: Who serves each group now, where the evidence says so.
    package init(seen observation: Observation, of workspace: Workspace, holders: [String: String]) {
        self.init(declared: workspace)
        groups = groups.compactMap { group in
            guard let holder = holders[group.name] else { return nil }
            let members = [group.primary] + group.standbys
            return Group(name: group.name, primary: holder, standbys: members.filter { $0 != holder }.sorted())
        }
        clients = clients.compactMap { client in
            guard let group = client.group else { return client }
            return holders[group].map { Client(name: client.name, site: $0, group: group) }
        }
        let ids = Dictionary(
            workspace.clusters.keys.compactMap { name in observation.sites.clusters[name].map { ($0.id, name) } },
            uniquingKeysWith: { first, _ in first })
        for index in sites.indices { look(at: observation, index) }
        let owners = Dictionary(links.map { ($0.name, $0.group) }, uniquingKeysWith: { first, _ in first })
        links = sites.flatMap { site in
            Self.links(on: site.name, observation.clusters[site.name]?.snapshot, ids, owners)
        }
        exporters = workspace.environments.keys.flatMap { name in
            Self.exporters(of: name, observation)
        }
        sort()
    }

    /// What is declared, with what was seen of it: sites as they are, and mirrors where they flow that way already.
    package func becoming(_ declared: Topology) -> Topology {
        var topology = declared
        let known = Dictionary(sites.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for index in topology.sites.indices {
            guard let site = known[topology.sites[index].name] else { continue }
            topology.sites[index].region = site.region
            topology.sites[index].silence = site.silence
        }
        for index in topology.links.indices {
            let wanted = topology.links[index]
            topology.links[index].mirrors =
                links.first {
                    $0.name == wanted.name && $0.source == wanted.source && $0.destination == wanted.destination
                }?
                .mirrors
        }
        return topology
    }

    private mutating func look(at observation: Observation, _ index: Int) {
        let site = sites[index]
        let known = observation.sites.clusters[site.name]
        sites[index].region = site.region ?? known?.region
        let reach = observation.clusters[site.name]
        sites[index].silence = reach?.silence
        if let environment = site.environment {
            sites[index].registryMode = observation.registries[environment]?.snapshot?.modes[.standard]
        }
        guard let kafka = reach?.snapshot else { return }
        let mirrors = Set(kafka.mirrors.lazy.filter { $0.status != .stopped }.map(\.topic))
        sites[index].writableTopics = kafka.topics.count { name, topic in
            !topic.isInternal && !InternalTopics.contains(name) && !mirrors.contains(name)
        }
        sites[index].fencedTopics = kafka.denials.map { denials in
            Set(denials.filter(\.keepsWritersAway).map(\.resourceName)).count
        }
    }

    private static func links(
        on cluster: String, _ kafka: KafkaSnapshot?, _ ids: [String: String], _ owners: [String: String?]
    ) -> [Link] {
        guard let kafka else { return [] }
        let rows = Dictionary(grouping: kafka.mirrors.filter { $0.status != .stopped }, by: \.link)
        return kafka.links.compactMap { link -> Link? in
            guard let remote = link.remoteClusterID.flatMap({ ids[$0] }), link.mode != .source else { return nil }
            let mirrors = rows[link.name] ?? []
            // Of the two halves of a bidirectional link that carries nothing one way, the other one is drawn.
            if link.mode == .bidirectional, mirrors.isEmpty { return nil }
            return Link(
                name: link.name, source: remote, destination: cluster, isBidirectional: link.mode == .bidirectional,
                mirrors: mirrors.count, idle: mirrors.count { $0.status != .active }, group: owners[link.name] ?? nil)
        }
    }

    private static func exporters(of environment: String, _ observation: Observation) -> [Exporter] {
        let urls = observation.sites.environments.compactMapValues { $0.registryEndpoint?.plainURL }
        return (observation.registries[environment]?.snapshot?.exporters ?? []).compactMap { exporter in
            let url = exporter.destinationURL?.plainURL
            guard let destination = urls.first(where: { $0.value == url })?.key else { return nil }
            return Exporter(
                name: exporter.name, source: environment, destination: destination, state: exporter.state)
        }
    }
}

extension ACLBinding {
    /// Whether it denies writing one topic by its name.
    fileprivate var keepsWritersAway: Bool {
        resourceType == "TOPIC" && patternType == "LITERAL" && ["WRITE", "ALL"].contains(operation)
    }
}
