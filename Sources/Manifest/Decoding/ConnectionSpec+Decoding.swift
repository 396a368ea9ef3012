import Domain

extension ConnectionSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let system = System(decoding: spec) else { return nil }
        self.init(metadata: metadata, system: system)
    }

    var type: ConnectionType {
        switch system {
        case .confluentCloud: .confluentCloud
        case .consul: .consul
        case .vault: .vault
        case .kubernetes: .kubernetes
        case .aws: .aws
        case .etcd: .etcd
        }
    }
}

extension ConnectionSpec.System {
    fileprivate init?(decoding spec: Fields) {
        guard let key = spec.mapping?.entries.first?.key, let type = ConnectionType(rawValue: key) else { return nil }
        let fields = spec[key]
        switch type {
        case .confluentCloud:
            guard let value = ConfluentCloudSpec(decoding: fields) else { return nil }
            self = .confluentCloud(value)
        case .consul:
            guard let endpoint = fields.text("endpoint") else { return nil }
            self = .consul(
                ConsulSpec(
                    endpoint: endpoint, token: fields.secret("token"), datacenter: fields.text("datacenter"),
                    namespace: fields.text("namespace"), tls: fields.tls("tls")))
        case .vault:
            guard let endpoint = fields.text("endpoint"), let login = VaultSpec.Login(decoding: fields) else {
                return nil
            }
            self = .vault(
                VaultSpec(
                    endpoint: endpoint, namespace: fields.text("namespace"), login: login, tls: fields.tls("tls")))
        case .kubernetes: self = .kubernetes(KubernetesSpec(decoding: fields))
        case .aws: self = .aws(AWSSpec(decoding: fields))
        case .etcd:
            guard let endpoints = fields.texts("endpoints") else { return nil }
            self = .etcd(
                EtcdSpec(
                    endpoints: endpoints, username: fields.secret("username"), password: fields.secret("password"),
                    tls: fields.tls("tls")))
        }
    }
}

extension ConfluentCloudSpec {
    fileprivate init?(decoding fields: Fields) {
        guard let key = fields.secret("apiKey"), let secret = fields.secret("apiSecret") else { return nil }
        self.init(organization: fields.text("organization"), apiKey: key, apiSecret: secret)
        endpoint = fields.text("endpoint") ?? endpoint
    }
}

extension VaultSpec.Login {
    fileprivate init?(decoding fields: Fields) {
        let jwt = fields["jwt"]
        let appRole = fields["appRole"]
        if let token = fields.secret("token") {
            self = .token(token)
        } else if let role = jwt.text("role"), let token = jwt.secret("token") {
            self = .jwt(role: role, mount: jwt.text("mount") ?? "jwt", token: token)
        } else if let roleID = appRole.secret("roleId"), let secretID = appRole.secret("secretId") {
            self = .appRole(roleID: roleID, secretID: secretID, mount: appRole.text("mount") ?? "approle")
        } else if let role = fields["kubernetes"].text("role") {
            self = .kubernetes(role: role, mount: fields["kubernetes"].text("mount") ?? "kubernetes")
        } else {
            return nil
        }
    }
}

extension KubernetesSpec {
    fileprivate init(decoding fields: Fields) {
        self.init()
        kubeconfig = fields.text("kubeconfig")
        context = fields.text("context")
        inCluster = fields.boolean("inCluster") ?? inCluster
        allowExec = fields.boolean("allowExec") ?? allowExec
        fieldManager = fields.text("fieldManager") ?? fieldManager
    }
}

extension AWSSpec {
    fileprivate init(decoding fields: Fields) {
        self.init()
        region = fields.text("region")
        endpoint = fields.text("endpoint")
        roleARN = fields.text("roleArn")
    }
}
