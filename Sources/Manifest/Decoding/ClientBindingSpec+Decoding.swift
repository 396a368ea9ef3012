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
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
    }
}
