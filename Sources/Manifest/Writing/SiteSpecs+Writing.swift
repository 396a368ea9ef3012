import Domain

extension ConnectionSpec {
    var manifest: Node {
        .manifest(.connection, metadata) { spec in
            guard case .confluentCloud(let cloud) = system else { return }
            spec.set("confluentCloud") { fields in
                fields.set("endpoint", cloud.endpoint, unless: "https://api.confluent.cloud")
                fields.set("apiKey", cloud.apiKey.node)
                fields.set("apiSecret", cloud.apiSecret.node)
            }
        }
    }
}

extension EnvironmentSpec {
    var manifest: Node {
        .manifest(.environment, metadata) { spec in
            spec.set("connection", connection)
            spec.set("id", id)
            spec.set("displayName", displayName, unless: name)
            spec.set("schemaRegistry") { registry in
                registry.set("endpoint", schemaRegistry.endpoint)
                registry.set("allowInsecure", schemaRegistry.allowsPlainHTTP, unless: false)
                registry.set("compatibility", schemaRegistry.compatibility?.rawValue)
                registry.set("credentials", schemaRegistry.credentials?.node)
                registry.set("linkCredentials", schemaRegistry.linkCredentials?.node)
            }
        }
    }
}

extension ClusterSpec {
    var manifest: Node {
        .manifest(.cluster, metadata) { spec in
            spec.set("environment", environment)
            spec.set("id", id)
            spec.set("displayName", displayName, unless: name)
            spec.set("type", type.rawValue)
            spec.set("version", version)
            spec.set("restEndpoint", restEndpoint)
            spec.set("allowInsecure", allowsPlainHTTP, unless: false)
            spec.set("bootstrapServers", bootstrapServers)
            spec.set("credentials", credentials?.node)
            spec.set("linkCredentials", linkCredentials?.node)
        }
    }
}

extension TopicSpec {
    var manifest: Node {
        .manifest(.topic, metadata) { spec in
            switch home {
            case .cluster(let cluster): spec.set("cluster", cluster)
            case .failoverGroup(let group): spec.set("failoverGroup", group)
            }
            spec.set("topicName", topicName, unless: name)
            spec.set("partitions", partitions)
            spec.set("replicationFactor", replicationFactor)
            spec.set("configs", scalars: configs)
        }
    }
}

extension Credentials {
    /// The forms that sites which were found are signed in to with; certificates are not among them.
    fileprivate var node: Node {
        var fields = NodeBuilder()
        switch signIn {
        case .apiKey(let key, let secret):
            fields.set("apiKey", key.node)
            fields.set("apiSecret", secret.node)
        case .username(let name, let password, let mechanism):
            fields.set("username", name.node)
            fields.set("password", password.node)
            fields.set("saslMechanism", mechanism.rawValue, unless: SASLMechanism.plain.rawValue)
        case .oauth, .certificate: break
        }
        return fields.node
    }
}

extension SecretReference {
    fileprivate var node: Node {
        var fields = NodeBuilder()
        switch self {
        case .environment(let variable): fields.set("env", variable)
        case .file(let path): fields.set("file", path)
        case .firstOf(let references): fields.set("firstOf", Node(.sequence(references.map(\.node))))
        case .vault, .kubernetes, .awsSecretsManager: break
        }
        return fields.node
    }
}

extension Node {
    /// A document of a kind, without the version of its form: lists have it once.
    static func manifest(_ kind: ManifestKind, _ metadata: Metadata, _ build: (inout NodeBuilder) -> Void) -> Node {
        var document = NodeBuilder()
        document.set("kind", kind.rawValue)
        document.set("metadata") { $0.set("name", metadata.name) }
        document.set("spec", build)
        return document.node
    }
}
