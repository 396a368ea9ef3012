import Domain

extension RuleContext {
    func checkPublishTargets(_ findings: inout Findings) {
        for binding in workspace.clientBindings.values {
            guard let object = object(.clientBinding, binding.name) else { continue }
            if binding.publish.isEmpty {
                findings.error(
                    "missing-field", "`publish` is empty: the binding goes nowhere",
                    at: object.place(of: "spec.publish"),
                    help: "name at least one store")
            }
            for (index, target) in binding.publish.enumerated() {
                checkFile(target, object, index, &findings)
                target.manifest.check(
                    StoreKeyRules(binding: binding, object: object, path: "spec.publish[\(index)]"), &findings)
                if target.contents == .secrets && binding.secrets.isEmpty || target.isSecretPartUnused(by: binding) {
                    findings.warn(
                        "nothing-to-publish", "the binding has no `secrets` for this store",
                        at: object.place(of: "spec.publish[\(index)]"), help: "add `secrets`, or remove the store")
                }
            }
            checkSecretsGoSomewhere(binding, object, &findings)
            checkDotenv(binding, object, &findings)
        }
        checkPlacesOnce(&findings)
    }

    private func checkFile(_ target: PublishTarget, _ object: RawObject, _ index: Int, _ findings: inout Findings) {
        guard case .file(let file) = target else { return }
        let path = file.path
        let place = object.place(of: "spec.publish[\(index)].file.path")
        if !ManifestPath.staysBelow(path) {
            findings.error(
                "path-escapes", "`\(path)` is not below the workspace folder", at: place,
                help: "files are published below the folder of spillway.yaml; copy them from there")
        } else if ManifestPath.normalized(path) == WorkspaceLoader.fileName || isState(path) {
            findings.error(
                "path-escapes", "`\(path)` is a file Spillway itself needs", at: place, help: "choose another")
        }
    }

    private func isState(_ path: String) -> Bool {
        guard case .sqlite(let state) = workspace.spec.state else { return false }
        return ManifestPath.normalized(path) == ManifestPath.normalized(state)
    }

    private func checkSecretsGoSomewhere(
        _ binding: ClientBindingSpec, _ object: RawObject, _ findings: inout Findings
    ) {
        guard !binding.secrets.isEmpty, !binding.publish.isEmpty,
            !binding.publish.contains(where: \.contents.includesSecrets)
        else { return }
        findings.error(
            "secrets-without-store",
            "the `secrets` of binding `\(binding.name)` are published nowhere: no store takes them",
            at: object.place(of: "spec.secrets"),
            help:
                "add a store for secrets (vault, kubernetes with `secret`, a file with `contents: All`), or remove them"
        )
    }

    /// Dotenv writes `bootstrap.servers` as `BOOTSTRAP_SERVERS`: two keys must not become one.
    private func checkDotenv(_ binding: ClientBindingSpec, _ object: RawObject, _ findings: inout Findings) {
        for (index, target) in binding.publish.enumerated() {
            guard case .file(let file) = target, file.fileFormat == .dotenv else { continue }
            var variables: [String: String] = [:]
            for key in binding.keys(of: file.contents).sorted() {
                let variable = String(key.map { $0.isLetter || $0.isNumber ? $0 : "_" }).uppercased()
                guard let first = variables.updateValue(key, forKey: variable) else { continue }
                findings.error(
                    "published-twice", "`\(first)` and `\(key)` are both written as `\(variable)`",
                    at: object.place(of: "spec.publish[\(index)].file"), help: "rename one, or use another format")
            }
        }
    }

    /// One place in a store belongs to one binding: generation and epoch are kept beside it.
    private func checkPlacesOnce(_ findings: inout Findings) {
        var owners: [String: (binding: String, index: Int)] = [:]
        for binding in workspace.clientBindings.values.sorted(by: { $0.name < $1.name }) {
            for (index, target) in binding.publish.enumerated() {
                for identity in identities(of: target, binding) {
                    guard let first = owners.updateValue((binding.name, index), forKey: identity) else { continue }
                    let other = first.binding == binding.name ? "this binding already" : "binding `\(first.binding)`"
                    findings.error(
                        "published-twice", "\(other) publishes to \(identity)",
                        at: place(.clientBinding, binding.name, "spec.publish[\(index)]"),
                        notes: place(.clientBinding, first.binding, "spec.publish[\(first.index)]").map {
                            [("the other is here", $0)]
                        } ?? [], help: "give each binding its own place")
                }
            }
        }
    }
}

extension RuleContext {
    /// The single places a target writes to, in words; the same place through two connections is one place.
    private func identities(of target: PublishTarget, _ binding: ClientBindingSpec) -> [String] {
        let system = target.connection.map { workspace.connections[$0]?.destination ?? $0 }
        return (target.parts.map(\.store.identity) + target.manifest.places(ofKeysOf: binding))
            .map { target.words(through: system, at: $0) }
    }
}

extension PublishTarget {
    /// A Kubernetes Secret beside a ConfigMap, with no secrets to go into it.
    fileprivate func isSecretPartUnused(by binding: ClientBindingSpec) -> Bool {
        parts.count > 1 && binding.secrets.isEmpty
    }
}
