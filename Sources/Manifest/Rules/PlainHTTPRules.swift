import Domain

extension RuleContext {
    /// Credentials that go to another machine by plain http can be read, and used, by anybody in between.
    func checkPlainHTTP(_ findings: inout Findings) {
        for (name, connection) in workspace.connections.sorted(by: { $0.key < $1.key }) {
            for (url, field) in connection.system.settings.addressesWithSecrets {
                warn(of: url, .connection, name, "spec.\(connection.type.rawValue).\(field)", &findings)
            }
        }
        for (name, environment) in workspace.environments.sorted(by: { $0.key < $1.key }) {
            let registry = environment.schemaRegistry
            guard let credentials = registry.credentials else { continue }
            warn(of: registry.endpoint, .environment, name, "spec.schemaRegistry.endpoint", &findings)
            warn(
                of: credentials.tokenEndpoint, .environment, name,
                "spec.schemaRegistry.credentials.oauth.tokenEndpoint", &findings)
        }
        for (name, cluster) in workspace.clusters.sorted(by: { $0.key < $1.key }) {
            guard let credentials = cluster.credentials else { continue }
            warn(of: cluster.restEndpoint, .cluster, name, "spec.restEndpoint", &findings)
            warn(
                of: credentials.tokenEndpoint, .cluster, name, "spec.credentials.oauth.tokenEndpoint", &findings)
        }
        for (name, binding) in workspace.clientBindings.sorted(by: { $0.key < $1.key }) {
            for (number, hook) in binding.restart.enumerated() {
                guard case .http(let call) = hook.action, call.headers.values.contains(where: \.isSecret) else {
                    continue
                }
                warn(of: call.url, .clientBinding, name, "spec.restart[\(number)].http.url", &findings)
            }
        }
    }

    private func warn(
        of url: String?, _ kind: ManifestKind, _ name: String, _ field: String, _ findings: inout Findings
    ) {
        guard let url, url.isPlainHTTPElsewhere else { return }
        findings.warn(
            "plain-http", "credentials go to `\(url)` by plain http://, where anybody in between can read them",
            at: place(kind, name, field), help: "use https://")
    }
}

extension String {
    /// Whether it is a plain http URL of another machine than this one.
    fileprivate var isPlainHTTPElsewhere: Bool {
        guard lowercased().hasPrefix("http://") else { return false }
        var authority = dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if authority.hasPrefix("[::1]") { return false }
        let host = authority.prefix { $0 != ":" }.lowercased()
        let isLoopback = host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
        return host != "localhost" && !host.hasSuffix(".localhost") && !isLoopback
    }
}

extension Credentials {
    fileprivate var tokenEndpoint: String? {
        if case .oauth(let spec) = signIn { spec.tokenEndpoint } else { nil }
    }
}

extension RestartHook.HeaderValue {
    fileprivate var isSecret: Bool {
        if case .secret = self { true } else { false }
    }
}
