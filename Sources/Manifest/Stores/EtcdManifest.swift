import Domain

extension EtcdSpec: ManifestSystem {
    static let manifestFields = [
        Field("endpoints", .list(.url), .required, .yes, "Members."),
        Field("username", .secret, .absent, .yes, "User."),
        Field("password", .secret, .absent, .yes, "Password."),
        Field("tls", .structure(.tls), .absent, .yes, "TLS."),
        Field("allowInsecure", .boolean, .value("false"), .yes, "Allows plain http to another machine."),
    ]
    static let dependencies = [
        Dependency("username", needs: "password"), Dependency("password", needs: "username"),
    ]

    init?(decoding fields: Fields) {
        guard let endpoints = fields.texts("endpoints") else { return nil }
        self.init(
            endpoints: endpoints, username: fields.secret("username"), password: fields.secret("password"),
            tls: fields.tls("tls"))
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
    }

    var system: ConnectionSpec.System { .etcd(self) }
}

extension EtcdPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.etcd), .required, .yes, "Connection of type etcd."),
        Field("key", .string, .required, .replace, "Key of the JSON document."),
    ]
}
