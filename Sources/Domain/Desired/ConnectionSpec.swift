/// How to reach a control plane, a store, or an API server.
public struct ConnectionSpec: Hashable, Sendable, Codable {
    /// The system at the other end.
    public enum System: Hashable, Sendable, Codable {
        case confluentCloud(ConfluentCloudSpec)
        case consul(ConsulSpec)
        case vault(VaultSpec)
        case kubernetes(KubernetesSpec)
        case aws(AWSSpec)
        case etcd(EtcdSpec)
    }

    /// Header.
    public var metadata: Metadata
    /// The system at the other end.
    public var system: System

    /// A named connection.
    public init(metadata: Metadata, system: System) {
        self.metadata = metadata
        self.system = system
    }
}

/// Confluent Cloud's control plane.
public struct ConfluentCloudSpec: Hashable, Sendable, Codable {
    /// Base URL of the control plane.
    public var endpoint: String
    /// Expected organization id; another one is an error.
    public var organization: String?
    /// Cloud API key.
    public var apiKey: SecretReference
    /// Its secret.
    public var apiSecret: SecretReference

    /// A control plane connection.
    public init(
        endpoint: String = "https://api.confluent.cloud", organization: String? = nil, apiKey: SecretReference,
        apiSecret: SecretReference
    ) {
        self.endpoint = endpoint
        self.organization = organization
        self.apiKey = apiKey
        self.apiSecret = apiSecret
    }
}

/// Consul's HTTP API.
public struct ConsulSpec: Hashable, Sendable, Codable {
    /// HTTP API.
    public var endpoint: String
    /// ACL token.
    public var token: SecretReference?
    /// Datacenter; `nil` = the agent's.
    public var datacenter: String?
    /// Namespace (Enterprise).
    public var namespace: String?
    /// TLS.
    public var tls: TLSSpec?

    /// A Consul connection.
    public init(
        endpoint: String, token: SecretReference? = nil, datacenter: String? = nil, namespace: String? = nil,
        tls: TLSSpec? = nil
    ) {
        self.endpoint = endpoint
        self.token = token
        self.datacenter = datacenter
        self.namespace = namespace
        self.tls = tls
    }
}

/// Vault's HTTP API.
public struct VaultSpec: Hashable, Sendable, Codable {
    /// How Spillway signs in.
    public enum Login: Hashable, Sendable, Codable {
        case token(SecretReference)
        case jwt(role: String, mount: String, token: SecretReference)
        case appRole(roleID: SecretReference, secretID: SecretReference, mount: String)
        case kubernetes(role: String, mount: String)
    }

    /// HTTP API.
    public var endpoint: String
    /// Namespace (Enterprise, HCP).
    public var namespace: String?
    /// Sign-in.
    public var login: Login
    /// TLS.
    public var tls: TLSSpec?

    /// A Vault connection.
    public init(endpoint: String, namespace: String? = nil, login: Login, tls: TLSSpec? = nil) {
        self.endpoint = endpoint
        self.namespace = namespace
        self.login = login
        self.tls = tls
    }
}

/// A Kubernetes API server.
public struct KubernetesSpec: Hashable, Sendable, Codable {
    /// Kubeconfig file; `nil` = `KUBECONFIG`, then `~/.kube/config`.
    public var kubeconfig: String?
    /// Context; `nil` = the current one.
    public var context: String?
    /// Uses the pod's service account.
    public var inCluster = false
    /// Allows the kubeconfig's exec plugin.
    public var allowExec = false
    /// Field manager of server-side apply.
    public var fieldManager = "spillway"

    /// A Kubernetes connection with defaults.
    public init() {}
}

/// AWS APIs of one region.
public struct AWSSpec: Hashable, Sendable, Codable {
    /// Region; `nil` = `AWS_REGION`.
    public var region: String?
    /// Endpoint override.
    public var endpoint: String?
    /// Role to assume.
    public var roleARN: String?

    /// An AWS connection with defaults.
    public init() {}
}

/// An etcd cluster.
public struct EtcdSpec: Hashable, Sendable, Codable {
    /// Members.
    public var endpoints: [String]
    /// User.
    public var username: SecretReference?
    /// Password.
    public var password: SecretReference?
    /// TLS.
    public var tls: TLSSpec?

    /// An etcd connection.
    public init(
        endpoints: [String], username: SecretReference? = nil, password: SecretReference? = nil, tls: TLSSpec? = nil
    ) {
        self.endpoints = endpoints
        self.username = username
        self.password = password
        self.tls = tls
    }
}
