import Domain
import SimulatorServer

/// A workspace as it is rehearsed: the user's own, with everything that points at live systems pointing at a
/// simulator.
struct DrillWorkspace {
    /// What is applied.
    private(set) var workspace: Workspace
    /// Made-up credentials.
    private(set) var credentials: DrillCredentials
    /// How it differs from the user's own, where that matters for what is measured.
    private(set) var notes: [String] = []
    /// Where the clusters lie.
    let estate: DrillEstate

    private let family: GroupFamily
    private let simulator: DrillSimulator

    /// Turns a workspace towards a simulator in which its estate exists.
    init(
        _ workspace: Workspace, _ family: GroupFamily, _ estate: DrillEstate, in simulator: DrillSimulator,
        _ overview: DrillSimulator.Overview
    ) {
        self.workspace = workspace
        self.family = family
        self.estate = estate
        self.simulator = simulator
        credentials = DrillCredentials(pair: simulator.endpoints.credentials)
        rewriteSpec()
        rewriteConnections()
        rewriteEnvironments(overview)
        rewriteClusters(overview)
        addSampleTopics()
        rewriteGroups()
        rewriteBindings()
        addOwnBindings()
    }

    // MARK: Where things are

    private mutating func rewriteSpec() {
        workspace.spec.state = .sqlite(path: "state.db")
        workspace.spec.snapshot = nil
        workspace.spec.fingerprintKey = nil
        if workspace.spec.policy.quietPeriod > .zero {
            workspace.spec.policy.quietPeriod = .zero
            notes.append("`policy.quietPeriod` between two moves is not waited for.")
        }
    }

    private mutating func rewriteConnections() {
        workspace.connections = workspace.connections.compactMapValues { connection in
            guard case .confluentCloud(var cloud) = connection.system else { return nil }
            cloud.endpoint = simulator.endpoints.controlPlane
            cloud.organization = nil
            cloud.apiKey = credentials.key
            cloud.apiSecret = credentials.secret
            return ConnectionSpec(metadata: connection.metadata, system: .confluentCloud(cloud))
        }
    }

    private mutating func rewriteEnvironments(_ overview: DrillSimulator.Overview) {
        for (name, var environment) in workspace.environments {
            environment.id = estate.environments[name]
            let url = estate.registries[name].flatMap { id in overview.registries.first { $0.id == id }?.url }
            let isDeclared = environment.schemaRegistry.endpoint != nil
            environment.schemaRegistry.endpoint = isDeclared ? url : nil
            let isCloud = environment.connection != nil
            environment.schemaRegistry.credentials = environment.schemaRegistry.credentials.map {
                credentials.own(insteadOf: $0, isCloud: isCloud)
            }
            environment.schemaRegistry.linkCredentials = environment.schemaRegistry.linkCredentials.map {
                credentials.own(insteadOf: $0, isCloud: isCloud)
            }
            workspace.environments[name] = environment
        }
    }

    private mutating func rewriteClusters(_ overview: DrillSimulator.Overview) {
        for (name, var cluster) in workspace.clusters {
            let isCloud = cluster.type.isCloud
            let simulated = overview.clusters.first { $0.id == estate.clusters[name] }
            cluster.id = estate.clusters[name]
            cluster.region = estate.regions[name]
            cluster.restEndpoint = isCloud || cluster.restEndpoint == nil ? nil : simulated.map { "\($0.rest)/kafka" }
            cluster.bootstrapServers = isCloud || cluster.bootstrapServers == nil ? nil : simulated?.bootstrap
            (cluster.accessPoint, cluster.clientAccessPoint) = (nil, nil)
            (cluster.network, cluster.byok) = (nil, nil)
            cluster.credentials = cluster.credentials.map { credentials.own(insteadOf: $0, isCloud: isCloud) }
            cluster.linkCredentials = cluster.linkCredentials.map { credentials.own(insteadOf: $0, isCloud: isCloud) }
            workspace.clusters[name] = cluster
        }
        if !estate.displaced.isEmpty {
            notes.append(
                "Members that share a region with another one have their own here, so that the primary's can be lost "
                    + "alone: \(estate.displaced.joined(separator: ", ")).")
        }
    }

    // MARK: Groups

    /// Topics that selectors mean and no manifest declares live elsewhere: one stands for each pattern.
    private mutating func addSampleTopics() {
        var names: [String] = []
        for group in workspace.failoverGroups.values.sorted(by: { $0.name < $1.name }) {
            guard let selector = group.topics else { continue }
            for pattern in selector.include where !isDeclared(pattern, of: group) {
                let name = pattern.replacing("*", with: "drill").replacing("?", with: "x")
                guard !selector.exclude.contains(where: { Glob($0).matches(name) }) else { continue }
                names.append(name)
                var topic = TopicSpec(metadata: Metadata(name: "drill/\(name)"), home: .failoverGroup(group.name))
                topic.topicName = name
                workspace.topics[topic.name] = topic
            }
        }
        guard !names.isEmpty else { return }
        notes.append(
            "Topics that no manifest declares are not known here; made up in their place: "
                + "\(names.joined(separator: ", ")).")
    }

    private func isDeclared(_ pattern: String, of group: FailoverGroupSpec) -> Bool {
        workspace.topicNames(of: group.name).contains { Glob(pattern).matches($0) }
    }

    private mutating func rewriteGroups() {
        for name in workspace.failoverGroups.keys {
            workspace.failoverGroups[name]?.failover = nil
            workspace.failoverGroups[name]?.discard = []
        }
        guard family.leader.reprotect == .manual else { return }
        edit { $0.reprotect = .recreate }
        notes.append("The group declares `reprotect: Manual`; the drill fails forward as if it were `Recreate`.")
    }

    /// Edits the group that leads, as a person would between two applies.
    mutating func edit(_ body: (inout FailoverGroupSpec) -> Void) {
        guard var leader = workspace.failoverGroups[family.name] else { return }
        body(&leader)
        workspace.failoverGroups[family.name] = leader
    }

    // MARK: Bindings

    private mutating func rewriteBindings() {
        var elsewhere: Set<String> = []
        var restarted: [String] = []
        for (name, var binding) in workspace.clientBindings.sorted(by: { $0.key < $1.key }) {
            for (cluster, own) in binding.credentials.sorted(by: { $0.key < $1.key }) {
                binding.credentials[cluster] = rewritten(own, at: cluster)
            }
            binding.publish = binding.publish.enumerated().map { index, target in
                if let system = type(of: target.store).system { elsewhere.insert(system) }
                return target.asFile(named: "\(name)-\(index)")
            }
            if !binding.restart.isEmpty {
                restarted.append(name)
                binding.restart = [restart(of: name)]
            }
            workspace.clientBindings[name] = binding
        }
        if !elsewhere.isEmpty {
            notes.append("What is published to \(elsewhere.sorted().joined(separator: ", ")) goes to files here.")
        }
        if !restarted.isEmpty {
            notes.append(
                "Restart hooks are not run: one request restarts the applications of \(restarted.joined(separator: ", ")) at once."
            )
        }
    }

    private mutating func rewritten(
        _ own: ClientBindingSpec.SiteCredentials, at cluster: String
    ) -> ClientBindingSpec.SiteCredentials {
        let environment = workspace.clusters[cluster]?.environment
        let registry = environment.map { DrillCredentials.Door.registry(environment: $0) }
        return ClientBindingSpec.SiteCredentials(
            kafka: own.kafka.map { credentials.client(insteadOf: $0, for: .cluster(cluster)) },
            schemaRegistry: own.schemaRegistry.map {
                credentials.client(insteadOf: $0, for: registry ?? .cluster(cluster))
            })
    }

    private func restart(of binding: String) -> RestartHook {
        var call = RestartHook.HTTPCall(url: simulator.restartURL)
        call.body = "{\"group\":\"\(binding)\"}"
        return RestartHook(action: .http(call))
    }

    /// Bindings that do not tell an application how to sign in cannot carry the load: the group gets one that does.
    private mutating func addOwnBindings() {
        for group in family.groups {
            let usable = workspace.clientBindings.values.filter { $0.target == .failoverGroup(group.name) }
                .contains { DrillBinding($0) != nil }
            guard !usable else { continue }
            let name = "drill-\(group.name)"
            var binding = ClientBindingSpec(metadata: Metadata(name: name), target: .failoverGroup(group.name))
            for member in family.members {
                let sample = Credentials(signIn: .apiKey(key: credentials.key, secret: credentials.secret))
                binding.credentials[member] = rewritten(.init(kafka: sample), at: member)
            }
            binding.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"]
            binding.secrets = [
                "sasl.username": "${credentials.kafka.apiKey}", "sasl.password": "${credentials.kafka.apiSecret}",
            ]
            binding.publish = [
                .file(FilePlace(path: "bindings/\(name).properties", format: .properties, contents: .all))
            ]
            workspace.clientBindings[name] = binding
            notes.append(
                "No binding of \(group.name) publishes how to sign in to Kafka; the applications follow one that was "
                    + "added for the drill.")
        }
    }
}

extension PublishTarget {
    /// The same contents in a file of the rehearsal's own folder.
    fileprivate func asFile(named name: String) -> PublishTarget {
        let format = if case .file(let file) = self { file.fileFormat } else { FilePlace.Format.properties }
        return .file(
            FilePlace(path: "bindings/\(name).\(format.fileExtension)", format: format, contents: contents))
    }
}

extension FilePlace.Format {
    fileprivate var fileExtension: String {
        switch self {
        case .properties: "properties"
        case .json: "json"
        case .yaml: "yaml"
        case .dotenv: "env"
        }
    }
}

extension Workspace {
    /// Names of the topics that manifests put into a group, in order.
    func topicNames(of group: String) -> [String] {
        let primary = placement(ofGroup: group)?.primary
        let selector = failoverGroups[group]?.topics
        let names = topics.values.filter { topic in
            switch topic.home {
            case .failoverGroup(let home): return home == group
            case .cluster(let cluster):
                guard cluster == primary, let selector else { return false }
                return !selector.select(from: [topic.topicName]) { _ in false }.isEmpty
            }
        }
        return names.map(\.topicName).sorted()
    }
}
