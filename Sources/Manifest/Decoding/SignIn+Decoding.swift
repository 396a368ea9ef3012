import Domain

extension SecretReference {
    init?(decoding node: Node) {
        let fields = Fields(node)
        if let name = fields.text("env") {
            self = .environment(name)
        } else if let path = fields.text("file") {
            self = .file(path)
        } else if let alternatives = fields.node("firstOf")?.sequence {
            self = .firstOf(alternatives.compactMap(SecretReference.init(decoding:)))
        } else if let reference = Self.stored(fields) {
            self = reference
        } else {
            return nil
        }
    }

    private static func stored(_ fields: Fields) -> SecretReference? {
        let vault = fields["vault"]
        if let connection = vault.text("connection"), let path = vault.text("path"), let field = vault.text("field") {
            return .vault(connection: connection, mount: vault.text("mount") ?? "secret", path: path, field: field)
        }
        let kubernetes = fields["kubernetes"]
        if let connection = kubernetes.text("connection"), let namespace = kubernetes.text("namespace"),
            let secret = kubernetes.text("secret"), let key = kubernetes.text("key")
        {
            return .kubernetes(connection: connection, namespace: namespace, secret: secret, key: key)
        }
        let aws = fields["awsSecretsManager"]
        if let connection = aws.text("connection"), let name = aws.text("name") {
            return .awsSecretsManager(connection: connection, name: name, field: aws.text("field"))
        }
        return nil
    }
}

extension TLSSpec {
    init(decoding fields: Fields) {
        self.init(
            ca: fields.secret("ca"), certificate: fields.secret("certificate"), key: fields.secret("key"),
            serverName: fields.text("serverName"))
    }
}

extension Credentials {
    init?(decoding fields: Fields) {
        guard let signIn = Self.signIn(fields) else { return nil }
        self.init(signIn: signIn, tls: fields.tls("tls"))
    }

    private static func signIn(_ fields: Fields) -> SignIn? {
        if let key = fields.secret("apiKey"), let secret = fields.secret("apiSecret") {
            return .apiKey(key: key, secret: secret)
        }
        if let username = fields.secret("username"), let password = fields.secret("password") {
            return .username(username, password: password, mechanism: fields.word("saslMechanism") ?? .plain)
        }
        let oauth = fields["oauth"]
        if let endpoint = oauth.text("tokenEndpoint"), let id = oauth.secret("clientId"),
            let secret = oauth.secret("clientSecret")
        {
            return .oauth(
                OAuthSpec(
                    tokenEndpoint: endpoint, clientID: id, clientSecret: secret, scope: oauth.text("scope"),
                    identityPool: oauth.text("identityPool")))
        }
        return fields["tls"].node("certificate") == nil ? nil : .certificate
    }
}
