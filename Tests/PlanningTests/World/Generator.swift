import Domain

/// Random workspaces and random histories of the live systems.
struct Generator {
    var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    // MARK: Manifests

    mutating func workspace() -> Workspace {
        var workspace = Manifests.workspace { $0.spec.policy.maxDeletions = random.pick([0, 1, 3, 100]) }
        let sites = Array(["west", "east", "north"].prefix(random.pick(2...3)))
        for site in sites { workspace.addSite(site, random.pick([.observe, .manage])) }
        for number in 0..<random.pick(1...3) { addFamily("g\(number)", sites, to: &workspace) }
        addPlain(sites, to: &workspace)
        for name in workspace.environments.keys.sorted() where random.once(in: 3) {
            workspace.environments[name]?.schemaRegistry.compatibility = random.pick([.backward, .full])
        }
        return workspace
    }

    private mutating func addFamily(_ name: String, _ sites: [String], to workspace: inout Workspace) {
        let members = Array(sites.shuffled(using: &random).prefix(random.pick(2...sites.count)))
        let isBidirectional = random.once(in: 3)
        let initiator = random.once(in: 3) ? members.first : nil
        workspace.addGroup(name, primary: members[0], members, include: random.once(in: 3) ? [] : ["\(name).*"]) {
            group in
            group.link.mode = isBidirectional ? .bidirectional : .unidirectional
            group.link.initiator = initiator
            group.topics?.exclude = ["\(name).private*"]
            if random.once(in: 2) { group.schemas = SchemaSettings(subjects: [":.\(name):*"]) }
            if random.once(in: 4) { group.link.consumerOffsetSync = nil }
            if random.once(in: 4) { group.link.aclSync = ACLSyncSpec(enabled: true, filters: [.init()]) }
            if random.once(in: 5), !isBidirectional { group.topics?.autoCreate = true }
        }
        for number in 0..<random.pick(0...1) {
            let follower = FailoverGroupSpec(
                metadata: Metadata(name: "\(name)-f\(number)"), placement: .follows(name))
            workspace.failoverGroups[follower.name] = follower
            addTopics("\(name)-f\(number).t", .failoverGroup(follower.name), to: &workspace)
        }
        addTopics("\(name).t", .failoverGroup(name), to: &workspace)
        if random.once(in: 2) { addBinding("b-\(name)", .failoverGroup(name), to: &workspace) }
    }

    private mutating func addTopics(_ prefix: String, _ home: TopicSpec.Home, to workspace: inout Workspace) {
        for number in 0..<random.pick(0...3) {
            let name = "\(prefix)\(number)"
            workspace.addTopic(name, home, partitions: random.pick([nil, 6, 12]), configs()) { topic in
                topic.deletionPolicy = random.pick([.retain, .delete])
                topic.metadata.protect = random.once(in: 6)
            }
        }
    }

    private mutating func configs() -> [String: String] {
        let choices = [
            "retention.ms": ["7d", "604800000", "3600000"], "cleanup.policy": ["delete, compact", "compact"],
            "max.message.bytes": ["1MiB", "2097164"],
        ]
        return random.some(choices.keys.sorted()).reduce(into: [:]) { $0[$1] = random.pick(choices[$1] ?? [""]) }
    }

    private mutating func addBinding(_ name: String, _ target: ClientBindingSpec.Target, to workspace: inout Workspace)
    {
        let files = (0..<random.pick(1...2)).map { _ in random.pick([PublishedContents.properties, .secrets, .all]) }
        workspace.addBinding(name, target, files: files) { binding in
            if random.once(in: 2) { binding.secrets = ["sasl.password": "${credentials.kafka.apiSecret}"] }
            if random.once(in: 3) { binding.properties = ["bootstrap.servers": "${cluster.bootstrapServers}"] }
        }
    }

    private mutating func addPlain(_ sites: [String], to workspace: inout Workspace) {
        for site in sites where random.once(in: 2) { addTopics("plain.\(site).", .cluster(site), to: &workspace) }
        if random.once(in: 2) {
            let ends = sites.shuffled(using: &random)
            workspace.addLink("plain", from: ends[0], to: ends[1]) { link in
                link.mirrorTopics = TopicSelector(include: ["plain.\(ends[0]).*"])
                link.prefix = random.pick([nil, "copy."])
                link.settings.initiator = random.pick([nil, ends[0]])
                link.settings.configs = random.pick([[:], ["topic.config.sync.ms": "10s"]])
                link.deletionPolicy = random.pick([.retain, .delete])
            }
        }
        if random.once(in: 3) {
            workspace.addSchemaLink("schemas", from: "env-\(sites[0])", to: "env-\(sites[1])") { link in
                link.contextType = .custom
                link.context = random.pick(["hub", ".hub"])
                link.settings.paused = random.once(in: 3)
                link.deletionPolicy = random.pick([.retain, .delete])
            }
        }
        if random.once(in: 3) { addBinding("pinned", .cluster(sites[0]), to: &workspace) }
    }

    /// The same manifests after a few edits: objects gone, changed and new.
    mutating func edited(_ workspace: Workspace) -> Workspace {
        var workspace = workspace
        for name in random.some(workspace.topics.keys.sorted(), oneIn: 4) { workspace.topics[name] = nil }
        for name in random.some(workspace.topics.keys.sorted(), oneIn: 3) {
            workspace.topics[name]?.configs = configs()
            if let partitions = workspace.topics[name]?.partitions {
                workspace.topics[name]?.partitions = partitions * 2
            }
            workspace.topics[name]?.deletionPolicy = random.pick([.retain, .delete])
        }
        for name in random.some(workspace.failoverGroups.keys.sorted(), oneIn: 4) {
            workspace.failoverGroups[name]?.link.consumerOffsetSync = random.pick([
                nil, OffsetSyncSpec(enabled: false),
                OffsetSyncSpec(interval: .seconds(10), includeGroups: ["a*", "b"]),
            ])
        }
        if random.once(in: 5) { workspace.clusterLinks["plain"] = nil }
        if random.once(in: 5) { workspace.schemaLinks["schemas"] = nil }
        if random.once(in: 5) { workspace.clientBindings["pinned"] = nil }
        for name in workspace.clientBindings.keys.sorted() where random.once(in: 3) {
            workspace.clientBindings[name]?.properties["client.id"] = random.pick(["a", "b"])
        }
        return workspace
    }
}
