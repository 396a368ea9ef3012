/// A Kubernetes API server.
package struct KubernetesSpec: ConnectedSystem {
    package static let type = ConnectionType.kubernetes

    /// Kubeconfig file; `nil` = `KUBECONFIG`, then `~/.kube/config`.
    package var kubeconfig: String?
    /// Context; `nil` = the current one.
    package var context: String?
    /// Uses the pod's service account.
    package var inCluster = false
    /// Allows the kubeconfig's exec plugin.
    package var allowExec = false
    /// Field manager of server-side apply.
    package var fieldManager = "spillway"

    /// A Kubernetes connection with defaults.
    package init() {}
}

/// A ConfigMap, a Secret, or both.
package struct KubernetesPlace: StorePlace {
    package static let word = "kubernetes"
    package static let label = "kubernetes"
    package static let system: String? = "Kubernetes"

    /// Connection of type kubernetes.
    package let connection: String
    /// Namespace of both.
    package let namespace: String
    /// For the properties.
    package let configMap: String?
    package let secret: String?

    package init(connection: String, namespace: String, configMap: String?, secret: String?) {
        self.connection = connection
        self.namespace = namespace
        self.configMap = configMap
        self.secret = secret
    }

    package init?(fields: [String: String]) {
        guard let connection = fields["connection"], let namespace = fields["namespace"] else { return nil }
        self.init(
            connection: connection, namespace: namespace, configMap: fields["configMap"], secret: fields["secret"])
    }

    package var fields: [String: String] {
        ["connection": connection, "namespace": namespace, "configMap": configMap, "secret": secret]
            .compactMapValues(\.self)
    }
    package var location: String { "\(namespace)/\([configMap, secret].compactMap(\.self).joined(separator: "+"))" }
    package var identity: String {
        let objects = [configMap.map { "ConfigMap \($0)" }, secret.map { "Secret \($0)" }].compactMap(\.self)
        return "\(namespace)/\(objects.joined(separator: "+"))"
    }
    package var contents: PublishedContents {
        switch (configMap, secret) {
        case (.some, .some): .all
        case (nil, .some): .secrets
        default: .properties
        }
    }
    package var parts: [PublishTarget] {
        guard configMap != nil, secret != nil else { return [target] }
        return [
            Self(connection: connection, namespace: namespace, configMap: configMap, secret: nil).target,
            Self(connection: connection, namespace: namespace, configMap: nil, secret: secret).target,
        ]
    }
    package var target: PublishTarget { .kubernetes(self) }
}
