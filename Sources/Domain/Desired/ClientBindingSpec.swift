/// What one application needs to find its cluster, and where that is published.
package struct ClientBindingSpec: Hashable, Sendable, Codable {
    /// Which cluster the application is sent to.
    package enum Target: Hashable, Sendable, Codable {
        /// The primary of a group.
        case failoverGroup(String)
        /// Always this cluster (standby applications).
        case cluster(String)
    }

    /// One site's credentials of an application.
    package struct SiteCredentials: Hashable, Sendable, Codable {
        /// For the brokers.
        package var kafka: Credentials?
        package var schemaRegistry: Credentials?

        /// Credentials of an application at one site.
        package init(kafka: Credentials? = nil, schemaRegistry: Credentials? = nil) {
            self.kafka = kafka
            self.schemaRegistry = schemaRegistry
        }
    }

    /// Header.
    package var metadata: Metadata
    /// Which cluster the application is sent to.
    package var target: Target
    /// Further groups the application touches; they must have the same primary.
    package var uses: [String] = []
    /// The application's own credentials, by Cluster name.
    package var credentials: [String: SiteCredentials] = [:]
    /// What is published, plain: text with `${…}` references.
    package var properties: [String: String] = [
        "bootstrap.servers": "${cluster.bootstrapServers}", "schema.registry.url": "${schemaRegistry.endpoint}",
    ]
    /// What is published as secret: text with `${…}` references.
    package var secrets: [String: String] = [:]
    /// Stores.
    package var publish: [PublishTarget] = []
    /// After publishing, in order.
    package var restart: [RestartHook] = []

    /// A binding with the default properties.
    package init(metadata: Metadata, target: Target) {
        self.metadata = metadata
        self.target = target
    }

    /// Manifest name.
    package var name: String { metadata.name }
}

/// What is done after a binding was published everywhere.
package struct RestartHook: Hashable, Sendable, Codable {
    /// A value of an HTTP header.
    package enum HeaderValue: Hashable, Sendable, Codable {
        case text(String)
        case secret(SecretReference)
    }

    /// Kind of Kubernetes workload.
    package enum WorkloadKind: String, Hashable, Sendable, Codable, CaseIterable {
        case deployment
        case statefulSet
        case daemonSet
    }

    /// An HTTP request.
    package struct HTTPCall: Hashable, Sendable, Codable {
        package var method = "POST"
        package var url: String
        package var headers: [String: HeaderValue] = [:]
        /// Body, with `${…}` references.
        package var body: String?
        /// Statuses that mean success.
        package var expectStatus = [200, 201, 202, 204]
        package var tls: TLSSpec?
        /// Whether what goes there may go by plain http, where anybody in between can read it.
        package var allowsPlainHTTP = false

        package init(url: String) {
            self.url = url
        }
    }

    package enum Action: Hashable, Sendable, Codable {
        /// Restarts and optionally scales a workload.
        case kubernetes(connection: String, namespace: String, kind: WorkloadKind, name: String, replicas: Int?)
        /// Sends a request.
        case http(HTTPCall)
        /// Runs a program on the machine that applies; argv, no shell.
        case command([String])
    }

    /// Runs only when this member is or becomes the primary.
    package var when: String?
    /// Deadline; `nil` = `timeouts.restart`.
    package var timeout: Duration?
    package var action: Action

    package init(when: String? = nil, timeout: Duration? = nil, action: Action) {
        self.when = when
        self.timeout = timeout
        self.action = action
    }
}
