import Domain

/// Secrets that were written out where text is allowed.
extension RuleContext {
    func checkWrittenSecrets(_ findings: inout Findings) {
        for binding in workspace.clientBindings.values {
            guard let object = object(.clientBinding, binding.name) else { continue }
            for (field, texts) in [("properties", binding.properties), ("secrets", binding.secrets)] {
                for (key, text) in texts where SecretWords.isSecretProperty(key) && !text.contains("${credentials.") {
                    report(
                        "`\(key)`", at: object.valuePlace(key, in: "spec.\(field)"),
                        "write `${credentials.kafka.…}` under `secrets`, and declare the credentials by reference",
                        &findings)
                }
            }
            for (index, hook) in binding.restart.enumerated() {
                guard case .http(let call) = hook.action else { continue }
                for case (let name, .text) in call.headers where SecretWords.isSecretHeader(name) {
                    report(
                        "the header `\(name)`", at: object.valuePlace(name, in: "spec.restart[\(index)].http.headers"),
                        "write a reference: `\(name): {env: HOOK_TOKEN}`", &findings)
                }
            }
        }
    }

    private func report(_ what: String, at place: Place, _ help: String, _ findings: inout Findings) {
        findings.conceal(place)
        findings.error(
            "literal-secret", "\(what) holds a secret itself; manifests hold only references to secrets", at: place,
            help: "\(help); change the secret if it was committed")
    }
}

/// Names that tell a secret.
private enum SecretWords {
    private static let propertyEndings = [
        "password", "passphrase", "secret", "token", "jaas.config", "user.info", "apikey", "api.key", "private.key",
        "keystore.key",
    ]
    private static let headers: Set = [
        "authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token", "x-vault-token",
        "x-consul-token",
    ]

    static func isSecretProperty(_ key: String) -> Bool {
        let key = key.lowercased()
        return propertyEndings.contains { key.hasSuffix($0) }
    }

    static func isSecretHeader(_ name: String) -> Bool {
        headers.contains(name.lowercased())
    }
}
