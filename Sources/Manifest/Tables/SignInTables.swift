import Domain

extension Table {
    static let secretReference = Table(
        name: "SecretRef",
        doc: "Type `secret`: where a secret is read from; never its value. Read only when needed: `validate` "
            + "reads none, `plan` only those of connections.",
        fields: [
            Field("env", .string, .absent, .yes, "Environment variable."),
            Field(
                "file", .path, .absent, .yes, "File, relative to the workspace file; one trailing newline is dropped."),
            Field("vault.connection", .connection(.vault), .required, .yes, "Connection of type vault."),
            Field("vault.mount", .string, .value("secret"), .yes, "Mount of the KV engine."),
            Field("vault.path", .string, .required, .yes, "Path of the secret below the mount."),
            Field("vault.field", .string, .required, .yes, "Field of the secret."),
            Field("kubernetes.connection", .connection(.kubernetes), .required, .yes, "Connection of type kubernetes."),
            Field("kubernetes.namespace", .string, .required, .yes, "Namespace of the Secret."),
            Field("kubernetes.secret", .string, .required, .yes, "Name of the Secret."),
            Field("kubernetes.key", .string, .required, .yes, "Key in its data."),
            Field("awsSecretsManager.connection", .connection(.aws), .required, .yes, "Connection of type aws."),
            Field("awsSecretsManager.name", .string, .required, .yes, "Name or ARN of the secret."),
            Field(
                "awsSecretsManager.field", .string, .absent, .yes,
                "Field when the secret is a JSON object; absent = the whole string."),
            Field(
                "firstOf", .list(.secret), .absent, .yes,
                "Tried in order; the first that can be read is used, so that a dead region's store is no obstacle."),
        ],
        choices: [.exactlyOne(["env", "file", "vault", "kubernetes", "awsSecretsManager", "firstOf"])])

    static let tls = Table(
        name: "Tls",
        doc: "TLS of one client connection.",
        fields: [
            Field("ca", .secret, .described("system roots"), .yes, "PEM of the authorities to trust."),
            Field("certificate", .secret, .absent, .yes, "PEM chain of the client certificate (mTLS); needs `key`."),
            Field("key", .secret, .absent, .yes, "PEM, PKCS#8, of the client's private key; needs `certificate`."),
            Field(
                "serverName", .string, .described("host of the URL"), .yes, "Name expected in the server's certificate."
            ),
        ],
        dependencies: [Dependency("certificate", needs: "key"), Dependency("key", needs: "certificate")])

    static let credentials = Table(
        name: "Credentials",
        doc: "How one principal signs in to a Kafka cluster or a Schema Registry.",
        fields: [
            Field(
                "apiKey", .secret, .absent, .yes,
                "Confluent Cloud API key of this cluster or registry; needs `apiSecret`."),
            Field("apiSecret", .secret, .absent, .yes, "Its secret."),
            Field("username", .secret, .absent, .yes, "User name (HTTP Basic, SASL PLAIN or SCRAM); needs `password`."),
            Field("password", .secret, .absent, .yes, "Its password."),
            Field(
                "saslMechanism", .enumeration(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]), .value("PLAIN"), .yes,
                "SASL mechanism of `username` towards Kafka."),
            Field("oauth.tokenEndpoint", .url, .required, .yes, "Token endpoint of the identity provider."),
            Field("oauth.clientId", .secret, .required, .yes, "OAuth client id."),
            Field("oauth.clientSecret", .secret, .required, .yes, "OAuth client secret."),
            Field("oauth.scope", .string, .absent, .yes, "Scope to request."),
            Field("oauth.identityPool", .string, .absent, .yes, "Confluent Cloud identity pool, `pool-…`."),
            Field("tls", .structure(.tls), .absent, .yes, "Certificates; see the note."),
        ],
        choices: [Choice(path: "", form: .signIn, fields: ["apiKey", "username", "oauth", "tls"])],
        dependencies: [
            Dependency("apiKey", needs: "apiSecret"), Dependency("apiSecret", needs: "apiKey"),
            Dependency("username", needs: "password"), Dependency("password", needs: "username"),
            Dependency("saslMechanism", needs: "username"),
        ])
}
