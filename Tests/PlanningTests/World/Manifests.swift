import Domain

/// Manifests in few words, for examples and generators.
enum Manifests {
    static func workspace(_ name: String = "shop", _ edit: (inout Workspace) -> Void = { _ in }) -> Workspace {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: name)))
        edit(&workspace)
        return workspace
    }

    static func key(_ name: String) -> Credentials {
        Credentials(signIn: .apiKey(key: .environment("\(name)_KEY"), secret: .environment("\(name)_SECRET")))
    }
}

extension Workspace {
    /// An environment and a cluster of one name, with credentials for everything.
    mutating func addSite(_ name: String, _ policy: ManagementPolicy = .observe, type: ClusterType = .dedicated) {
        var environment = EnvironmentSpec(metadata: Metadata(name: "env-\(name)"))
        environment.connection = "cloud"
        environment.managementPolicy = policy
        environment.governance = .advanced
        environment.schemaRegistry.credentials = Manifests.key("SR_\(name)")
        environment.schemaRegistry.linkCredentials = Manifests.key("SR_LINK_\(name)")
        environments[environment.name] = environment
        var cluster = ClusterSpec(metadata: Metadata(name: name), type: type)
        cluster.environment = environment.name
        cluster.managementPolicy = policy
        (cluster.cloud, cluster.region, cluster.availability, cluster.cku) = ("AWS", "r-\(name)", .multiZone, 2)
        cluster.credentials = Manifests.key(name)
        cluster.linkCredentials = Manifests.key("LINK_\(name)")
        clusters[name] = cluster
    }

    /// A group, with the topics a selector takes.
    @discardableResult
    mutating func addGroup(
        _ name: String, primary: String, _ members: [String], include: [String] = [],
        _ edit: (inout FailoverGroupSpec) -> Void = { _ in }
    ) -> FailoverGroupSpec {
        var group = FailoverGroupSpec(
            metadata: Metadata(name: name), placement: .declared(primary: primary, members: members))
        if !include.isEmpty { group.topics = TopicSelector(include: include) }
        edit(&group)
        failoverGroups[name] = group
        return group
    }

    mutating func addTopic(
        _ name: String, _ home: TopicSpec.Home, partitions: Int? = nil, _ configs: [String: String] = [:],
        _ edit: (inout TopicSpec) -> Void = { _ in }
    ) {
        var topic = TopicSpec(metadata: Metadata(name: name), home: home)
        topic.partitions = partitions
        topic.configs = configs
        edit(&topic)
        topics[name] = topic
    }

    mutating func addLink(
        _ name: String, from source: String, to destination: String, _ edit: (inout ClusterLinkSpec) -> Void = { _ in }
    ) {
        var link = ClusterLinkSpec(metadata: Metadata(name: name), source: source, destination: destination)
        edit(&link)
        clusterLinks[name] = link
    }

    mutating func addSchemaLink(
        _ name: String, from source: String, to destination: String, _ subjects: [String] = ["*"],
        _ edit: (inout SchemaLinkSpec) -> Void = { _ in }
    ) {
        var link = SchemaLinkSpec(
            metadata: Metadata(name: name), source: source, destination: destination,
            settings: SchemaSettings(subjects: subjects))
        edit(&link)
        schemaLinks[name] = link
    }

    mutating func addBinding(
        _ name: String, _ target: ClientBindingSpec.Target, files: [PublishedContents] = [.properties],
        _ edit: (inout ClientBindingSpec) -> Void = { _ in }
    ) {
        var binding = ClientBindingSpec(metadata: Metadata(name: name), target: target)
        binding.publish = files.enumerated().map {
            .file(FilePlace(path: "out/\(name)-\($0.offset)", format: .properties, contents: $0.element))
        }
        edit(&binding)
        clientBindings[name] = binding
    }
}
