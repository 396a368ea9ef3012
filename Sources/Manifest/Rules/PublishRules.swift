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
                checkPath(target, object, index, &findings)
                StoreKeyRules(binding: binding, target: target, object: object, path: "spec.publish[\(index)]")
                    .check(&findings)
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
        guard case .file(let path, _, _) = target else { return }
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

    /// A path of slashes alone is the root of the store, where everybody's keys lie.
    private func checkPath(_ target: PublishTarget, _ object: RawObject, _ index: Int, _ findings: inout Findings) {
        let (field, path): (String, String)
        switch target {
        case .consul(_, let key, _): (field, path) = ("consul.key", key)
        case .vault(_, _, let place, _): (field, path) = ("vault.path", place)
        case .awsParameterStore(_, let place, _): (field, path) = ("awsParameterStore.path", place)
        case .file, .kubernetes, .awsSecretsManager, .etcd: return
        }
        guard path.trimmingSlashes.isEmpty else { return }
        findings.error(
            "out-of-range", "`\(path)` is the root of the store",
            at: object.place(of: "spec.publish[\(index)].\(field)"),
            help: "name a place of the binding's own, like `apps/\(object.name ?? "shop")`")
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
            guard case .file(_, .dotenv, let contents) = target else { continue }
            let keys =
                (contents.includesProperties ? Array(binding.properties.keys) : [])
                + (contents.includesSecrets ? Array(binding.secrets.keys) : [])
            var variables: [String: String] = [:]
            for key in keys.sorted() {
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
        let system = target.connection.map { workspace.connections[$0]?.system.identity ?? $0 } ?? ""
        switch target {
        case .file(let path, _, _): return ["file \(ManifestPath.normalized(path))"]
        case .kubernetes(_, let namespace, let configMap, let secret):
            return [configMap.map { "ConfigMap \($0)" }, secret.map { "Secret \($0)" }].compactMap(\.self).map {
                "kubernetes \(system): \(namespace)/\($0)"
            }
        case .consul(_, let key, let format):
            let place = "consul \(system): \(key.trimmingSlashes)"
            return [place] + (format == .keys ? binding.properties.keys.sorted().map { "\(place)/\($0)" } : [])
        case .vault(_, let mount, let path, _):
            return ["vault \(system): \(mount.trimmingSlashes)/\(path.trimmingSlashes)"]
        case .awsSecretsManager(_, let name, _): return ["aws secret \(system): \(name)"]
        case .awsParameterStore(_, let path, let contents):
            let place = "aws parameters \(system): \(path.trimmingSlashes)"
            let keys =
                (contents.includesProperties ? Array(binding.properties.keys) : [])
                + (contents.includesSecrets ? Array(binding.secrets.keys) : [])
            return [place] + keys.sorted().map { "\(place)/\($0)" }
        case .etcd(_, let key): return ["etcd \(system): \(key)"]
        }
    }
}

extension ConnectionSpec.System {
    /// What of a connection tells where it leads: two with the same identity lead to the same place.
    fileprivate var identity: String? {
        switch self {
        case .confluentCloud(let cloud): cloud.endpoint
        case .consul(let consul):
            [consul.endpoint.trimmingSlashes, consul.datacenter, consul.namespace].compactMap(\.self)
                .joined(separator: " ")
        case .vault(let vault):
            [vault.endpoint.trimmingSlashes, vault.namespace].compactMap(\.self).joined(separator: " ")
        case .etcd(let etcd): etcd.endpoints.map(\.trimmingSlashes).sorted().joined(separator: ",")
        case .kubernetes, .aws: nil
        }
    }
}

extension String {
    /// The text without slashes at its ends.
    fileprivate var trimmingSlashes: String {
        String(drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed())
    }
}

extension PublishTarget {

    /// A Kubernetes Secret beside a ConfigMap, with no secrets to go into it.
    fileprivate func isSecretPartUnused(by binding: ClientBindingSpec) -> Bool {
        guard case .kubernetes(_, _, .some, .some) = self else { return false }
        return binding.secrets.isEmpty
    }
}

extension RuleContext {
    func checkHooks(_ findings: inout Findings) {
        for binding in workspace.clientBindings.values {
            guard let object = object(.clientBinding, binding.name) else { continue }
            for (index, hook) in binding.restart.enumerated() {
                check(hook, of: binding, object, "spec.restart[\(index)]", &findings)
            }
        }
    }

    private func check(
        _ hook: RestartHook, of binding: ClientBindingSpec, _ object: RawObject, _ path: String,
        _ findings: inout Findings
    ) {
        if let site = hook.when, workspace.clusters[site] != nil, let sites = sites(of: binding),
            site != sites.now, !sites.later.contains(site)
        {
            findings.warn(
                "hook-never-runs", "this hook never runs: the binding never points at `\(site)`",
                at: object.place(of: "\(path).when"),
                help: "it points at \(listed([sites.now] + sites.later, "or"))")
        }
        switch hook.action {
        case .command(let arguments):
            if arguments.isEmpty {
                findings.error("missing-field", "the command is empty", at: object.place(of: "\(path).command"))
            }
            if !workspace.spec.policy.allowCommands {
                findings.error(
                    "command-not-allowed", "commands on the machine that applies are not allowed in this workspace",
                    at: object.place(of: "\(path).command"),
                    help: "set `policy.allowCommands: true` in spillway.yaml, or use `kubernetes` or `http`")
            }
        case .kubernetes(_, _, .daemonSet, _, .some):
            findings.error(
                "field-not-applicable", "a DaemonSet has no `replicas`",
                at: object.place(of: "\(path).kubernetes.replicas"),
                help: "remove it")
        case .http(let call):
            for (position, status) in call.expectStatus.enumerated() where !(100...599).contains(status) {
                findings.error(
                    "out-of-range", "\(status) is no HTTP status",
                    at: object.place(of: "\(path).http.expectStatus[\(position)]"))
            }
        case .kubernetes: break
        }
    }
}
