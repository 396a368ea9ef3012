import Domain

extension ClientBindingSpec: ManifestDecodable {
    init?(decoding document: Node) {
        let spec = Fields(document["spec"])
        guard let metadata = Metadata(decoding: document), let target = Target(decoding: spec) else { return nil }
        self.init(metadata: metadata, target: target)
        uses = spec.texts("uses") ?? uses
        credentials = Self.credentials(spec["credentials"])
        properties = spec.map("properties") ?? properties
        secrets = spec.map("secrets") ?? secrets
        publish = (spec.node("publish")?.sequence ?? []).compactMap { PublishTarget(decoding: Fields($0)) }
        restart = (spec.node("restart")?.sequence ?? []).compactMap { RestartHook(decoding: Fields($0)) }
    }

    private static func credentials(_ fields: Fields) -> [String: SiteCredentials] {
        var credentials: [String: SiteCredentials] = [:]
        for entry in fields.mapping?.entries ?? [] {
            let site = Fields(entry.value)
            credentials[entry.key] = SiteCredentials(
                kafka: site.credentials("kafka"), schemaRegistry: site.credentials("schemaRegistry"))
        }
        return credentials
    }
}

extension ClientBindingSpec.Target {
    fileprivate init?(decoding spec: Fields) {
        if let group = spec.text("failoverGroup") {
            self = .failoverGroup(group)
        } else if let cluster = spec.text("cluster") {
            self = .cluster(cluster)
        } else {
            return nil
        }
    }
}

extension PublishTarget {
    init?(decoding target: Fields) {
        guard let store = target.mapping?.entries.first?.key else { return nil }
        let fields = target[store]
        if store == "file" {
            guard let path = fields.text("path") else { return nil }
            self = .file(
                path: path, format: fields.word("format") ?? .properties,
                contents: fields.word("contents") ?? .properties)
            return
        }
        guard let connection = fields.text("connection"),
            let decoded = Self.remote(store, connection: connection, fields)
        else { return nil }
        self = decoded
    }

    private static func remote(_ store: String, connection: String, _ fields: Fields) -> PublishTarget? {
        switch store {
        case "consul":
            fields.text("key").map {
                .consul(connection: connection, key: $0, format: fields.word("format") ?? .json)
            }
        case "vault":
            fields.text("path").map {
                .vault(
                    connection: connection, mount: fields.text("mount") ?? "secret", path: $0,
                    contents: fields.word("contents") ?? .secrets)
            }
        case "kubernetes":
            fields.text("namespace").map {
                .kubernetes(
                    connection: connection, namespace: $0, configMap: fields.text("configMap"),
                    secret: fields.text("secret"))
            }
        case "awsSecretsManager":
            fields.text("name").map {
                .awsSecretsManager(connection: connection, name: $0, contents: fields.word("contents") ?? .secrets)
            }
        case "awsParameterStore":
            fields.text("path").map {
                .awsParameterStore(connection: connection, path: $0, contents: fields.word("contents") ?? .properties)
            }
        case "etcd": fields.text("key").map { .etcd(connection: connection, key: $0) }
        default: nil
        }
    }
}

extension RestartHook {
    init?(decoding fields: Fields) {
        guard let action = Action(decoding: fields) else { return nil }
        self.init(when: fields.text("when"), timeout: fields.duration("timeout"), action: action)
    }
}

extension RestartHook.Action {
    fileprivate init?(decoding hook: Fields) {
        if let arguments = hook.texts("command") {
            self = .command(arguments)
        } else if hook["http"].isPresent {
            guard let call = RestartHook.HTTPCall(decoding: hook["http"]) else { return nil }
            self = .http(call)
        } else {
            let fields = hook["kubernetes"]
            guard let connection = fields.text("connection"), let namespace = fields.text("namespace") else {
                return nil
            }
            for kind in RestartHook.WorkloadKind.allCases {
                guard let name = fields.text(kind.rawValue) else { continue }
                self = .kubernetes(
                    connection: connection, namespace: namespace, kind: kind, name: name,
                    replicas: fields.integer("replicas"))
                return
            }
            return nil
        }
    }
}

extension RestartHook.HTTPCall {
    fileprivate init?(decoding fields: Fields) {
        guard let url = fields.text("url") else { return nil }
        self.init(url: url)
        method = fields.text("method") ?? method
        for entry in fields.node("headers")?.mapping?.entries ?? [] {
            headers[entry.key] =
                entry.value.scalar.map { .text($0.text) } ?? SecretReference(decoding: entry.value).map { .secret($0) }
        }
        body = fields.text("body")
        let statuses = fields.node("expectStatus")?.sequence?.compactMap(Fields.integer)
        expectStatus = statuses ?? expectStatus
        tls = fields.tls("tls")
    }
}
