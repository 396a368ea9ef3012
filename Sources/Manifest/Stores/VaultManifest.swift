import Domain

extension VaultSpec: ManifestSystem {
    static let manifestFields = [
        Field("endpoint", .url, .required, .yes, "HTTP API."),
        Field("namespace", .string, .absent, .yes, "Namespace (Enterprise, HCP)."),
        Field("token", .secret, .absent, .yes, "Login: token."),
        Field("jwt.role", .string, .required, .yes, "Login: JWT/OIDC role (GitHub Actions, GitLab)."),
        Field("jwt.mount", .string, .value("jwt"), .yes, "Auth mount."),
        Field("jwt.token", .secret, .required, .yes, "The JWT."),
        Field("appRole.roleId", .secret, .required, .yes, "Login: AppRole."),
        Field("appRole.secretId", .secret, .required, .yes, "Secret id."),
        Field("appRole.mount", .string, .value("approle"), .yes, "Auth mount."),
        Field("kubernetes.role", .string, .required, .yes, "Login: Kubernetes service account."),
        Field("kubernetes.mount", .string, .value("kubernetes"), .yes, "Auth mount."),
        Field("tls", .structure(.tls), .absent, .yes, "TLS."),
        Field("allowInsecure", .boolean, .value("false"), .yes, "Allows plain http to another machine."),
    ]
    static let choices = [Choice.exactlyOne(["token", "jwt", "appRole", "kubernetes"])]

    init?(decoding fields: Fields) {
        guard let endpoint = fields.text("endpoint"), let login = Login(decoding: fields) else { return nil }
        self.init(endpoint: endpoint, namespace: fields.text("namespace"), login: login, tls: fields.tls("tls"))
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
    }

    var system: ConnectionSpec.System { .vault(self) }
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

extension VaultPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.vault), .required, .yes, "Connection of type vault."),
        Field("mount", .string, .value("secret"), .replace, "KV v2 mount."),
        Field("path", .string, .required, .replace, "Path; merge-patched with check-and-set, other fields stay."),
        Field("contents", .enumeration(["Secrets", "All"]), .value("Secrets"), .yes, "What goes in."),
    ]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) { rules.checkPath(path, "vault.path", &findings) }
}
