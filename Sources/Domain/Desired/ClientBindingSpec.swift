/// What one application needs to find its cluster, and where that is published.
public struct ClientBindingSpec: Hashable, Sendable, Codable {
    /// Which cluster the application is sent to.
    public enum Target: Hashable, Sendable, Codable {
        /// The primary of a group.
        case failoverGroup(String)
        /// Always this cluster (standby applications).
        case cluster(String)
    }

    /// One site's credentials of an application.
    public struct SiteCredentials: Hashable, Sendable, Codable {
        /// For the brokers.
        public var kafka: Credentials?
        /// For the registry.
        public var schemaRegistry: Credentials?

        /// Credentials of an application at one site.
        public init(kafka: Credentials? = nil, schemaRegistry: Credentials? = nil) {
            self.kafka = kafka
            self.schemaRegistry = schemaRegistry
        }
    }

    /// Header.
    public var metadata: Metadata
    /// Which cluster the application is sent to.
    public var target: Target
    /// Further groups the application touches; they must have the same primary.
    public var uses: [String] = []
    /// The application's own credentials, by Cluster name.
    public var credentials: [String: SiteCredentials] = [:]
    /// What is published, plain: text with `${…}` references.
    public var properties: [String: String] = [
        "bootstrap.servers": "${cluster.bootstrapServers}", "schema.registry.url": "${schemaRegistry.endpoint}",
    ]
    /// What is published as secret: text with `${…}` references.
    public var secrets: [String: String] = [:]
    /// Stores.
    public var publish: [PublishTarget] = []
    /// After publishing, in order.
    public var restart: [RestartHook] = []

    /// A binding with the default properties.
    public init(metadata: Metadata, target: Target) {
        self.metadata = metadata
        self.target = target
    }

    /// Manifest name.
    public var name: String { metadata.name }
}

/// What of a binding goes into a store.
public enum PublishedContents: String, Hashable, Sendable, Codable, CaseIterable {
    case properties = "Properties"
    case secrets = "Secrets"
    case all = "All"

    /// Whether plain properties are written.
    public var includesProperties: Bool { self != .secrets }
    /// Whether secrets are written.
    public var includesSecrets: Bool { self != .properties }
}

/// One store a binding is published to. Only the named keys are touched.
public enum PublishTarget: Hashable, Sendable, Codable {
    /// Format of a published file.
    public enum FileFormat: String, Hashable, Sendable, Codable, CaseIterable {
        case properties = "Properties"
        case json = "JSON"
        case yaml = "YAML"
        case dotenv = "Dotenv"
    }

    /// Format of a Consul value.
    public enum ConsulFormat: String, Hashable, Sendable, Codable, CaseIterable {
        case json = "JSON"
        case properties = "Properties"
        case keys = "Keys"
    }

    case file(path: String, format: FileFormat, contents: PublishedContents)
    case consul(connection: String, key: String, format: ConsulFormat)
    case vault(connection: String, mount: String, path: String, contents: PublishedContents)
    case kubernetes(connection: String, namespace: String, configMap: String?, secret: String?)
    case awsSecretsManager(connection: String, name: String, contents: PublishedContents)
    case awsParameterStore(connection: String, path: String, contents: PublishedContents)
    case etcd(connection: String, key: String)

    /// What identifies the place written to, in words: `file out/checkout.properties`.
    public var place: String {
        switch self {
        case .file(let path, _, _): "file \(path)"
        case .consul(let connection, let key, _): "consul \(connection): \(key)"
        case .vault(let connection, let mount, let path, _): "vault \(connection): \(mount)/\(path)"
        case .kubernetes(let connection, let namespace, let configMap, let secret):
            "kubernetes \(connection): \(namespace)/\([configMap, secret].compactMap(\.self).joined(separator: "+"))"
        case .awsSecretsManager(let connection, let name, _): "aws secret \(connection): \(name)"
        case .awsParameterStore(let connection, let path, _): "aws parameters \(connection): \(path)"
        case .etcd(let connection, let key): "etcd \(connection): \(key)"
        }
    }

    /// The connection it needs; `nil` for files.
    public var connection: String? {
        switch self {
        case .file: nil
        case .consul(let connection, _, _), .vault(let connection, _, _, _), .kubernetes(let connection, _, _, _),
            .awsSecretsManager(let connection, _, _), .awsParameterStore(let connection, _, _),
            .etcd(let connection, _):
            connection
        }
    }

    /// What of the binding goes in.
    public var contents: PublishedContents {
        switch self {
        case .file(_, _, let contents), .vault(_, _, _, let contents), .awsSecretsManager(_, _, let contents),
            .awsParameterStore(_, _, let contents):
            contents
        case .consul, .etcd: .properties
        case .kubernetes(_, _, let configMap, let secret):
            switch (configMap, secret) {
            case (.some, .some): .all
            case (nil, .some): .secrets
            default: .properties
            }
        }
    }
}

/// What is done after a binding was published everywhere.
public struct RestartHook: Hashable, Sendable, Codable {
    /// A value of an HTTP header.
    public enum HeaderValue: Hashable, Sendable, Codable {
        case text(String)
        case secret(SecretReference)
    }

    /// Kind of Kubernetes workload.
    public enum WorkloadKind: String, Hashable, Sendable, Codable, CaseIterable {
        case deployment
        case statefulSet
        case daemonSet
    }

    /// An HTTP request.
    public struct HTTPCall: Hashable, Sendable, Codable {
        /// Method.
        public var method = "POST"
        /// URL.
        public var url: String
        /// Headers.
        public var headers: [String: HeaderValue] = [:]
        /// Body, with `${…}` references.
        public var body: String?
        /// Statuses that mean success.
        public var expectStatus = [200, 201, 202, 204]
        /// TLS.
        public var tls: TLSSpec?

        /// A POST of this URL.
        public init(url: String) {
            self.url = url
        }
    }

    /// The action.
    public enum Action: Hashable, Sendable, Codable {
        /// Restarts and optionally scales a workload.
        case kubernetes(connection: String, namespace: String, kind: WorkloadKind, name: String, replicas: Int?)
        /// Sends a request.
        case http(HTTPCall)
        /// Runs a program on the machine that applies; argv, no shell.
        case command([String])
    }

    /// Runs only when this member is or becomes the primary.
    public var when: String?
    /// Deadline; `nil` = `timeouts.restart`.
    public var timeout: Duration?
    /// The action.
    public var action: Action

    /// A hook.
    public init(when: String? = nil, timeout: Duration? = nil, action: Action) {
        self.when = when
        self.timeout = timeout
        self.action = action
    }
}
