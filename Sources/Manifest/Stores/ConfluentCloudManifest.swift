import Domain

extension ConfluentCloudSpec: ManifestSystem {
    static let manifestFields = [
        Field("endpoint", .url, .value("https://api.confluent.cloud"), .yes, "Control plane."),
        Field(
            "organization", .string, .absent, .yes,
            "Expected organization id; another one is an error, so that a staging key never touches prod."),
        Field("apiKey", .secret, .required, .yes, "Cloud API key."),
        Field("apiSecret", .secret, .required, .yes, "Its secret."),
        Field("tls", .structure(.tls), .absent, .yes, "TLS."),
        Field("allowInsecure", .boolean, .value("false"), .yes, "Allows plain http to another machine."),
    ]

    init?(decoding fields: Fields) {
        guard let key = fields.secret("apiKey"), let secret = fields.secret("apiSecret") else { return nil }
        self.init(
            organization: fields.text("organization"), apiKey: key, apiSecret: secret,
            tls: fields.tls("tls"))
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
        endpoint = fields.text("endpoint") ?? endpoint
    }

    var system: ConnectionSpec.System { .confluentCloud(self) }
}
