import Domain

extension ConsulSpec: ManifestSystem {
    static let manifestFields = [
        Field("endpoint", .url, .required, .yes, "HTTP API."),
        Field("token", .secret, .absent, .yes, "ACL token."),
        Field("datacenter", .string, .described("agent's"), .yes, "Datacenter."),
        Field("namespace", .string, .absent, .yes, "Namespace (Enterprise)."),
        Field("tls", .structure(.tls), .absent, .yes, "TLS."),
        Field("allowInsecure", .boolean, .value("false"), .yes, "Allows plain http to another machine."),
    ]

    init?(decoding fields: Fields) {
        guard let endpoint = fields.text("endpoint") else { return nil }
        self.init(
            endpoint: endpoint, token: fields.secret("token"), datacenter: fields.text("datacenter"),
            namespace: fields.text("namespace"), tls: fields.tls("tls"))
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
    }

    var system: ConnectionSpec.System { .consul(self) }
}

extension ConsulPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.consul), .required, .yes, "Connection of type consul."),
        Field("key", .string, .required, .replace, "Key, or prefix with format Keys."),
        Field(
            "format", .enumeration(["JSON", "Properties", "Keys"]), .value("JSON"), .yes,
            "One document, or one key per property in one transaction."),
    ]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {
        rules.checkPath(key, "consul.key", &findings)
        if valueFormat == .keys {
            rules.checkKeys(contents, in: "Consul", { Self.isKey("\(key)/\($0)") }, &findings)
        } else {
            rules.checkName(key, "consul.key", Self.isKey, "a key of Consul", &findings)
        }
    }

    func places(ofKeysOf binding: ClientBindingSpec) -> [String] {
        valueFormat == .keys ? binding.properties.keys.sorted().map { "\(identity)/\($0)" } : []
    }

    /// Consul, *KV store*: keys of at most 512 bytes.
    private static func isKey(_ key: String) -> Bool { !key.isEmpty && key.utf8.count <= 512 }
}
