import Domain
import Planning

/// Steps on clusters and registries.
extension World {
    mutating func actOnData(_ action: StepAction, _ workspace: Workspace) throws {
        switch action {
        case .kafka(.createTopic(let creation)):
            try on(creation.cluster, workspace) { cluster in
                guard cluster.topics[creation.topic] == nil else { throw Violation("topic \(creation.topic) exists") }
                cluster.topics[creation.topic] = ObservedTopic(
                    partitions: creation.partitions ?? 6, replicationFactor: creation.replicationFactor ?? 3)
                cluster.configs[creation.topic] = ["confluent.topic.type": "standard"]
                cluster.set(creation.configs, of: creation.topic)
            }
        case .kafka(.growTopic(let growth)):
            try on(growth.cluster, workspace) { cluster in
                guard let before = cluster.topics[growth.topic]?.partitions, before < growth.partitions else {
                    throw Violation("shrinks")
                }
                cluster.topics[growth.topic]?.partitions = growth.partitions
            }
        case .kafka(.alterTopicConfigs(let alteration)):
            try on(alteration.cluster, workspace) { $0.set(alteration.changes, of: alteration.topic) }
        case .kafka(.deleteTopic(let reference)):
            try on(reference.cluster, workspace) { cluster in
                cluster.topics[reference.topic] = nil
                cluster.configs[reference.topic] = nil
                cluster.records[reference.topic] = nil
                cluster.commits = cluster.commits.filter { $0.key.topic != reference.topic }
                cluster.mirrors.removeAll { $0.topic == reference.topic }
            }
        case .kafka(.createLink(let creation)): try create(creation, workspace)
        case .kafka(.alterLink(let alteration)):
            try on(alteration.cluster, workspace) { cluster in
                guard cluster.links[alteration.link] != nil else { throw Violation("no link \(alteration.link)") }
                for batch in alteration.batches { try cluster.links[alteration.link]?.set(batch) }
            }
        case .kafka(.deleteLink(let reference)):
            try on(reference.cluster, workspace) { cluster in
                guard !cluster.mirrors.contains(where: { $0.link == reference.link && $0.status != .stopped }) else {
                    throw Violation("deletes link \(reference.link) with live mirrors")
                }
                cluster.links[reference.link] = nil
            }
        case .kafka(.createMirror(let creation)):
            try createMirror(of: creation.source, as: creation.topic, on: creation.cluster, creation.link, workspace)
        case .kafka(.pauseMirrors(let mirrors)):
            try on(mirrors.cluster, workspace) {
                try $0.turn(mirrors.topics, of: mirrors.link, from: .active, to: .paused)
            }
        case .kafka(.resumeMirrors(let mirrors)):
            try on(mirrors.cluster, workspace) {
                try $0.turn(mirrors.topics, of: mirrors.link, from: .paused, to: .active)
            }
        default: try actOnRegistry(action, workspace)
        }
    }

    mutating func on(_ name: String, _ workspace: Workspace, _ act: (inout Cluster) throws -> Void) throws {
        try answers(.cluster(name))
        guard let id = cluster(name, workspace)?.listed.id, var cluster = clusters[id] else {
            throw Violation("no cluster \(name)")
        }
        try act(&cluster)
        clusters[id] = cluster
    }

    // MARK: Links

    private mutating func create(_ creation: LinkCreation, _ workspace: Workspace) throws {
        guard let remote = cluster(creation.remote, workspace) else { throw Violation("no remote \(creation.remote)") }
        if creation.half.needsLocalCredentials, remote.links[creation.link] == nil {
            throw Violation("link \(creation.link): the half that waits has to exist first")
        }
        let linkID = remote.links[creation.link]?.clusterLinkID ?? newID("link")
        try on(creation.cluster, workspace) { cluster in
            guard cluster.links[creation.link] == nil else { throw Violation("link \(creation.link) exists") }
            var link = ObservedLink(
                name: creation.link, clusterLinkID: linkID, remoteClusterID: remote.listed.id, mode: creation.half.mode)
            if creation.half.connection == .inbound { link.configs["connection.mode"] = "INBOUND" }
            if creation.half.dials { link.configs["bootstrap.servers"] = "SASL_SSL://\(remote.listed.id):9092/" }
            try link.set(creation.configs)
            cluster.links[creation.link] = link
        }
    }

    private mutating func createMirror(
        of source: String, as topic: String, on name: String, _ link: String, _ workspace: Workspace
    ) throws {
        let all = clusters
        try on(name, workspace) { cluster in
            guard let held = cluster.links[link], held.mode != .source else { throw Violation("no link \(link)") }
            guard let remote = held.remoteClusterID.flatMap({ all[$0] }), let origin = remote.topics[source] else {
                throw Violation("no topic \(source) to mirror")
            }
            if held.configs["connection.mode"] == "INBOUND", remote.links[link] == nil {
                throw Violation("nobody dials link \(link)")
            }
            guard cluster.topics[topic] == nil else { throw Violation("topic \(topic) exists") }
            cluster.topics[topic] = origin
            cluster.configs[topic] = remote.configs[source]
            cluster.mirrors.append(ObservedMirror(link: link, topic: topic, sourceTopic: source, status: .active))
        }
    }

    // MARK: Registries

    private mutating func actOnRegistry(_ action: StepAction, _ workspace: Workspace) throws {
        switch action {
        case .registry(.setRegistryMode(let setting)):
            try on(registry: setting.environment, workspace) { $0.modes[setting.context] = setting.mode }
        case .registry(.setCompatibility(let setting)):
            try on(registry: setting.environment, workspace) { $0.compatibility = setting.level }
        case .registry(.createExporter(let definition)), .registry(.updateExporter(let definition)),
            .registry(.restartExporter(let definition)):
            try write(definition, workspace)
        case .registry(.pauseExporter(let reference)):
            try on(registry: reference.environment, workspace) {
                try $0.change(reference.exporter) { $0.state = .paused }
            }
        case .registry(.resumeExporter(let reference)):
            try on(registry: reference.environment, workspace) {
                try $0.change(reference.exporter) { $0.state = .running }
            }
        case .registry(.deleteExporter(let reference)):
            try on(registry: reference.environment, workspace) {
                $0.exporters.removeAll { $0.name == reference.exporter }
            }
        default: try move(action, workspace)
        }
    }

    private mutating func write(_ definition: ExporterDefinition, _ workspace: Workspace) throws {
        guard let destination = environment(definition.destination, workspace), let registry = destination.registry
        else {
            throw Violation("no registry in \(definition.destination)")
        }
        if definition.contextType == .none, registry.modes.values.allSatisfy({ $0 != .import }) {
            throw Violation("exporter \(definition.exporter) starts before its destination imports")
        }
        try on(registry: definition.environment, workspace) { registry in
            registry.exporters.removeAll { $0.name == definition.exporter }
            registry.exporters.append(
                ObservedExporter(
                    name: definition.exporter, contextType: definition.contextType, context: definition.context,
                    subjects: definition.subjects.reversed(), subjectRenameFormat: definition.subjectRenameFormat,
                    destinationURL: "https://sr.\(destination.id)/", state: definition.paused ? .paused : .starting))
        }
    }

    private mutating func on(
        registry name: String, _ workspace: Workspace, _ act: (inout RegistrySnapshot) throws -> Void
    ) throws {
        var registry = try registry(name, workspace)
        try act(&registry)
        guard let id = environment(name, workspace)?.id else { return }
        environments[id]?.registry = registry
    }
}

extension RegistrySnapshot {
    fileprivate mutating func change(_ name: String, _ edit: (inout ObservedExporter) -> Void) throws {
        guard let index = exporters.firstIndex(where: { $0.name == name }) else { throw World.Violation("no exporter") }
        edit(&exporters[index])
    }
}

extension ObservedLink {
    /// Writes configs as the server does: a flag that goes off wipes its filter, one that goes on needs it.
    mutating func set(_ changes: [ConfigChange]) throws {
        for change in changes {
            configs[change.name] = change.value == LinkConfigs.defaults[change.name] ? nil : change.value
            guard let filter = LinkConfigs.enableFlags[change.name] else { continue }
            if configs[change.name] == "true" {
                guard configs[filter] != nil else { throw World.Violation("\(change.name) without \(filter)") }
            } else {
                configs[filter] = nil
            }
        }
    }
}

extension World.Cluster {
    fileprivate mutating func set(_ changes: [ConfigChange], of topic: String) {
        for change in changes { configs[topic, default: [:]][change.name] = change.value }
    }

    fileprivate mutating func turn(
        _ names: [String], of link: String, from old: MirrorStatus, to new: MirrorStatus
    ) throws {
        for name in names {
            guard let index = mirrors.firstIndex(where: { $0.link == link && $0.topic == name && $0.status == old })
            else {
                throw World.Violation("mirror \(name) of \(link) is not \(old)")
            }
            mirrors[index].status = new
        }
    }
}
