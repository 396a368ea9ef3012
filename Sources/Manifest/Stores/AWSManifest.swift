import Domain

extension AWSSpec: ManifestSystem {
    static let manifestFields = [
        Field("region", .string, .described("AWS_REGION"), .yes, "Region."),
        Field("endpoint", .url, .absent, .yes, "Endpoint override (VPC endpoint, test server)."),
        Field(
            "roleArn", .string, .absent, .yes,
            "Role to assume; base credentials come from the usual chain incl. web identity."),
        Field("tls", .structure(.tls), .absent, .yes, "TLS."),
        Field("allowInsecure", .boolean, .value("false"), .yes, "Allows plain http to another machine."),
    ]

    init?(decoding fields: Fields) {
        self.init()
        region = fields.text("region")
        endpoint = fields.text("endpoint")
        roleARN = fields.text("roleArn")
        tls = fields.tls("tls")
        allowsPlainHTTP = fields.boolean("allowInsecure") ?? false
    }

    var system: ConnectionSpec.System { .aws(self) }
}

extension AWSSecretPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.aws), .required, .yes, "Connection of type aws."),
        Field("name", .string, .required, .replace, "Secret, a JSON object; other fields stay."),
        Field("contents", .enumeration(["Secrets", "All"]), .value("Secrets"), .yes, "What goes in."),
    ]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {
        rules.checkName(name, "awsSecretsManager.name", Self.isName, "a secret of AWS", &findings)
    }

    /// AWS Secrets Manager, *CreateSecret: Name*.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 512 && StoreKeyRules.isAlphanumeric(name, or: "/_+=.@-")
    }
}

extension AWSParameterPlace: ManifestPlace {
    static let manifestFields = [
        Field("connection", .connection(.aws), .required, .yes, "Connection of type aws."),
        Field(
            "path", .string, .required, .replace, "Path below which each key is a parameter (secrets as SecureString)."),
        Field(
            "contents", .enumeration(["Properties", "Secrets", "All"]), .value("Properties"), .yes, "What goes in."),
    ]

    func check(_ rules: StoreKeyRules, _ findings: inout Findings) {
        rules.checkPath(path, "awsParameterStore.path", &findings)
        rules.checkKeys(contents, in: "the Parameter Store", { Self.isName("\(path)/\($0)") }, &findings)
    }

    func places(ofKeysOf binding: ClientBindingSpec) -> [String] {
        binding.keys(of: contents).sorted().map { "\(identity)/\($0)" }
    }

    /// AWS Systems Manager, *Requirements and constraints for parameter names*.
    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        guard let first = parts.first?.lowercased(), name.utf8.count <= 1011, parts.count <= 15 else { return false }
        return !first.hasPrefix("aws") && !first.hasPrefix("ssm") && StoreKeyRules.isAlphanumeric(name, or: "-._/")
    }
}
