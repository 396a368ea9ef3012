import Domain

extension EnvironmentSpec: ManifestDecodable {
    init?(decoding document: Node) {
        guard let metadata = Metadata(decoding: document) else { return nil }
        self.init(metadata: metadata)
        let spec = Fields(document["spec"])
        connection = spec.text("connection")
        id = spec.text("id")
        displayName = spec.text("displayName") ?? displayName
        managementPolicy = spec.word("managementPolicy") ?? managementPolicy
        governance = spec["streamGovernance"].word("package")
        let registry = spec["schemaRegistry"]
        schemaRegistry.endpoint = registry.text("endpoint")
        schemaRegistry.allowsPlainHTTP = registry.boolean("allowInsecure") ?? false
        schemaRegistry.credentials = registry.credentials("credentials")
        schemaRegistry.linkCredentials = registry.credentials("linkCredentials")
        schemaRegistry.compatibility = registry.word("compatibility")
        deletionPolicy = spec.word("deletionPolicy") ?? deletionPolicy
    }
}

extension ClusterSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let type: ClusterType = spec.word("type") else { return nil }
        self.init(metadata: metadata, type: type)
        environment = spec.text("environment")
        id = spec.text("id")
        displayName = spec.text("displayName") ?? displayName
        managementPolicy = spec.word("managementPolicy") ?? managementPolicy
        version = spec.text("version")
        cloud = spec.text("cloud")
        region = spec.text("region")
        availability = spec.word("availability")
        cku = spec.integer("cku")
        maxEcku = spec.integer("maxEcku")
        network = spec.text("network")
        byok = spec.text("byok")
        deletionProtection = spec.boolean("deletionProtection")
        accessPoint = spec.text("accessPoint")
        clientAccessPoint = spec.text("clientAccessPoint")
        restEndpoint = spec.text("restEndpoint")
        allowsPlainHTTP = spec.boolean("allowInsecure") ?? false
        bootstrapServers = spec.text("bootstrapServers")
        credentials = spec.credentials("credentials")
        linkCredentials = spec.credentials("linkCredentials")
        deletionPolicy = spec.word("deletionPolicy") ?? deletionPolicy
    }
}

extension TopicSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let home = Home(decoding: spec) else { return nil }
        self.init(metadata: metadata, home: home)
        topicName = spec.text("topicName") ?? topicName
        partitions = spec.integer("partitions")
        replicationFactor = spec.integer("replicationFactor")
        configs = spec.map("configs") ?? configs
        deletionPolicy = spec.word("deletionPolicy") ?? deletionPolicy
    }
}

extension TopicSpec.Home {
    fileprivate init?(decoding spec: Fields) {
        if let cluster = spec.text("cluster") {
            self = .cluster(cluster)
        } else if let group = spec.text("failoverGroup") {
            self = .failoverGroup(group)
        } else {
            return nil
        }
    }
}
