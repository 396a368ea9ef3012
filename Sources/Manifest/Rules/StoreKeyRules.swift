import Domain

/// What a store cannot take: names and keys that it refuses when it is written, told before.
struct StoreKeyRules {
    let binding: ClientBindingSpec
    let target: PublishTarget
    let object: RawObject
    /// Path of the target: `spec.publish[0]`.
    let path: String

    func check(_ findings: inout Findings) {
        switch target {
        case .kubernetes(_, let namespace, let configMap, let secret):
            checkName(namespace, "kubernetes.namespace", StoreNames.isLabel, "a Kubernetes namespace", &findings)
            if let configMap {
                checkName(configMap, "kubernetes.configMap", StoreNames.isSubdomain, "a ConfigMap", &findings)
                checkKeys(binding.properties.keys, of: "properties", in: "a ConfigMap", StoreNames.isDataKey, &findings)
            }
            if let secret {
                checkName(secret, "kubernetes.secret", StoreNames.isSubdomain, "a Secret", &findings)
                checkKeys(binding.secrets.keys, of: "secrets", in: "a Secret", StoreNames.isDataKey, &findings)
            }
        case .awsParameterStore(_, let place, let contents):
            let fits: (String) -> Bool = { StoreNames.isParameter("\(place)/\($0)") }
            if contents.includesProperties {
                checkKeys(binding.properties.keys, of: "properties", in: "the Parameter Store", fits, &findings)
            }
            if contents.includesSecrets {
                checkKeys(binding.secrets.keys, of: "secrets", in: "the Parameter Store", fits, &findings)
            }
        case .awsSecretsManager(_, let name, _):
            checkName(name, "awsSecretsManager.name", StoreNames.isSecretName, "a secret of AWS", &findings)
        case .consul(_, let key, .keys):
            let fits: (String) -> Bool = { StoreNames.isConsulKey("\(key)/\($0)") }
            checkKeys(binding.properties.keys, of: "properties", in: "Consul", fits, &findings)
        case .consul(_, let key, _):
            checkName(key, "consul.key", StoreNames.isConsulKey, "a key of Consul", &findings)
        case .file(_, .dotenv, let contents):
            if contents.includesProperties {
                checkKeys(binding.properties.keys, of: "properties", in: "Dotenv", StoreNames.isVariable, &findings)
            }
            if contents.includesSecrets {
                checkKeys(binding.secrets.keys, of: "secrets", in: "Dotenv", StoreNames.isVariable, &findings)
            }
        case .file, .vault, .etcd: break
        }
    }

    private func checkName(
        _ name: String, _ field: String, _ fits: (String) -> Bool, _ what: String, _ findings: inout Findings
    ) {
        guard !fits(name) else { return }
        findings.error(
            "impossible-name", "`\(name)` cannot be the name of \(what)", at: object.place(of: "\(path).\(field)"),
            help: "the store would refuse it; choose a name of letters, digits and `-`")
    }

    private func checkKeys(
        _ keys: some Sequence<String>, of field: String, in what: String, _ fits: (String) -> Bool,
        _ findings: inout Findings
    ) {
        for key in keys.sorted() where !fits(key) {
            findings.error(
                "impossible-key", "the key `\(key)` cannot be written to \(what)",
                at: object.keyPlace(key, in: "spec.\(field)"),
                notes: [("the store is here", object.place(of: path))],
                help: "rename the key, or publish it to a store that takes it")
        }
    }
}

/// The names and keys that stores take, as their documentation says.
enum StoreNames {
    /// Kubernetes, *Names: RFC 1123 label names*.
    static func isLabel(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLowercase(first) && isLowercase(last)
            && bytes.allSatisfy { isLowercase($0) || $0 == UInt8(ascii: "-") }
    }

    /// Kubernetes, *Names: DNS subdomain names*.
    static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.utf8.first, let last = part.utf8.last else { return false }
                return isLowercase(first) && isLowercase(last)
                    && part.utf8.allSatisfy { isLowercase($0) || $0 == UInt8(ascii: "-") }
            }
    }

    /// Kubernetes, *ConfigMaps*: keys of `data`.
    static func isDataKey(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= 253 && key != "." && !key.hasPrefix("..")
            && key.utf8.allSatisfy { isAlphanumeric($0) || "-._".utf8.contains($0) }
    }

    /// AWS Systems Manager, *Requirements and constraints for parameter names*.
    static func isParameter(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        guard let first = parts.first?.lowercased(), name.utf8.count <= 1011, parts.count <= 15 else { return false }
        return !first.hasPrefix("aws") && !first.hasPrefix("ssm")
            && name.utf8.allSatisfy { isAlphanumeric($0) || "-._/".utf8.contains($0) }
    }

    /// AWS Secrets Manager, *CreateSecret: Name*.
    static func isSecretName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 512
            && name.utf8.allSatisfy { isAlphanumeric($0) || "/_+=.@-".utf8.contains($0) }
    }

    /// Consul, *KV store*: keys of at most 512 bytes.
    static func isConsulKey(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.count <= 512
    }

    /// POSIX, *Environment variables*: a variable that a key becomes does not begin with a digit.
    static func isVariable(_ key: String) -> Bool {
        guard let first = key.utf8.first else { return false }
        return !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) && key.utf8.allSatisfy { $0 < 0x80 }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowercase(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
