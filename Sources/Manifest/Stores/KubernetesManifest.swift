import Domain

extension KubernetesSpec: ManifestSystem {
    static let manifestFields = [
        Field("kubeconfig", .path, .described("KUBECONFIG, ~/.kube/config"), .yes, "Kubeconfig file."),
        Field(
            "context", .string, .described("current-context"), .yes, "Context; required when `CI` is set."),
        Field("inCluster", .boolean, .value("false"), .yes, "Uses the pod's service account."),
        Field(
            "allowExec", .boolean, .value("false"), .yes,
            "Allows the kubeconfig's exec plugin (EKS, GKE and AKS need it)."),
        Field("fieldManager", .string, .value("spillway"), .yes, "Field manager of server-side apply."),
    ]

    init?(decoding fields: Fields) {
        self.init()
        kubeconfig = fields.text("kubeconfig")
        context = fields.text("context")
        inCluster = fields.boolean("inCluster") ?? inCluster
        allowExec = fields.boolean("allowExec") ?? allowExec
        fieldManager = fields.text("fieldManager") ?? fieldManager
    }

    var system: ConnectionSpec.System { .kubernetes(self) }
}

extension KubernetesPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.kubernetes), .required, .yes, "Connection of type kubernetes."),
        Field("namespace", .string, .required, .replace, "Namespace."),
        Field("configMap", .string, .absent, .replace, "ConfigMap for the properties."),
        Field("secret", .string, .absent, .replace, "Secret for the secrets."),
    ]
    static let choices = [Choice.atLeastOne(["configMap", "secret"])]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {
        rules.checkName(namespace, "kubernetes.namespace", Self.isLabel, "a Kubernetes namespace", &findings)
        if let configMap {
            rules.checkName(configMap, "kubernetes.configMap", Self.isSubdomain, "a ConfigMap", &findings)
            rules.checkKeys(.properties, in: "a ConfigMap", Self.isDataKey, &findings)
        }
        if let secret {
            rules.checkName(secret, "kubernetes.secret", Self.isSubdomain, "a Secret", &findings)
            rules.checkKeys(.secrets, in: "a Secret", Self.isDataKey, &findings)
        }
    }

    /// Kubernetes, *Names: RFC 1123 label names*.
    static func isLabel(_ name: String) -> Bool { name.utf8.count <= 63 && isPart(name[...]) }

    /// Kubernetes, *Names: DNS subdomain names*.
    private static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253 && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isPart)
    }

    private static func isPart(_ part: Substring) -> Bool {
        guard let first = part.utf8.first, let last = part.utf8.last else { return false }
        return StoreKeyRules.isLowercase(first) && StoreKeyRules.isLowercase(last)
            && part.utf8.allSatisfy { StoreKeyRules.isLowercase($0) || $0 == UInt8(ascii: "-") }
    }

    /// Kubernetes, *ConfigMaps*: keys of `data`.
    private static func isDataKey(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= 253 && key != "." && !key.hasPrefix("..")
            && StoreKeyRules.isAlphanumeric(key, or: "-._")
    }
}
