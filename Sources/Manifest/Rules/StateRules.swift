import Domain

/// Names that the service which keeps the state would refuse, told before anything is done.
extension RuleContext {
    func checkState(_ findings: inout Findings) {
        switch workspace.spec.state {
        case .sqlite: break
        case .etcd(_, let prefix):
            guard !prefix.hasPrefix("/") else { break }
            report(
                "etcd.prefix", "the prefix `\(prefix)` does not begin with `/`", help: "write `/\(prefix)`", &findings)
        case .s3(let state): check(state, &findings)
        case .kubernetes(_, let namespace, let prefix):
            if !KubernetesPlace.isLabel(namespace) {
                report(
                    "kubernetes.namespace", "`\(namespace)` cannot be the name of a Kubernetes namespace",
                    help: Self.label, &findings)
            }
            if !KubernetesPlace.isLabel(prefix) {
                report(
                    "kubernetes.prefix", "names of Kubernetes objects cannot begin with `\(prefix)`",
                    help: "set `prefix` to something else: \(Self.label)", &findings)
            }
        }
    }

    private func check(_ state: S3State, _ findings: inout Findings) {
        if !Self.isBucket(state.bucket) {
            report(
                "s3.bucket", "`\(state.bucket)` cannot be the name of a bucket",
                help: "3 to 63 lowercase letters, digits, `-` and `.`; see the bucket naming rules of S3", &findings)
        }
        if state.key.hasPrefix("/") || state.key.hasSuffix("/") {
            report(
                "s3.key", "the key `\(state.key)` begins or ends with `/`",
                help: "leave it out: it is put between the key and the names of objects", &findings)
        }
        if state.kmsKeyID != nil, state.encryption != .kms {
            findings.error(
                "field-not-applicable", "`kmsKeyId` makes sense only with `encryption: aws:kms`",
                at: place(.workspace, workspace.name, "spec.state.s3.kmsKeyId"),
                help: "set `encryption: aws:kms`, or remove it")
        }
    }

    private func report(_ field: String, _ message: String, help: String, _ findings: inout Findings) {
        findings.error(
            "impossible-name", message, at: place(.workspace, workspace.name, "spec.state.\(field)"), help: help)
    }

    private static let label = "at most 63 lowercase letters, digits and `-`, no `-` at either end"

    /// Amazon S3, *General purpose bucket naming rules*.
    private static func isBucket(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { part in part.allSatisfy { ("0"..."9").contains($0) } }
        return (3...63).contains(name.utf8.count) && !isAddress
            && name.utf8.allSatisfy { StoreKeyRules.isLowercase($0) || "-.".utf8.contains($0) }
            && [name.utf8.first, name.utf8.last].allSatisfy { $0.map(StoreKeyRules.isLowercase) ?? false }
            && !parts.contains("") && !reservedStarts.contains(where: name.hasPrefix)
            && !reservedEnds.contains(where: name.hasSuffix)
    }

    private static let reservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"]
    private static let reservedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
}
