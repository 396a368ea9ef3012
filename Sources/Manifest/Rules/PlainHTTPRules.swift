import Domain

extension RuleContext {
    /// What goes to another machine by plain http can be read, and changed, by anybody in between.
    func checkPlainHTTP(_ findings: inout Findings) {
        for (name, connection) in workspace.connections.sorted(by: { $0.key < $1.key }) {
            let settings = connection.system.settings
            let parent = "spec.\(connection.type.rawValue)"
            for (url, field) in settings.addresses where !settings.allowsPlainHTTP {
                refuse(url, .connection, name, "\(parent).\(field)", "\(parent).allowInsecure", &findings)
            }
        }
        for (name, environment) in workspace.environments.sorted(by: { $0.key < $1.key }) {
            let registry = environment.schemaRegistry
            guard let credentials = registry.credentials, !registry.allowsPlainHTTP else { continue }
            let flag = "spec.schemaRegistry.allowInsecure"
            refuse(registry.endpoint, .environment, name, "spec.schemaRegistry.endpoint", flag, &findings)
            refuse(
                credentials.tokenEndpoint, .environment, name, "spec.schemaRegistry.credentials.oauth.tokenEndpoint",
                flag, &findings)
        }
        for (name, cluster) in workspace.clusters.sorted(by: { $0.key < $1.key }) {
            guard let credentials = cluster.credentials, !cluster.allowsPlainHTTP else { continue }
            let flag = "spec.allowInsecure"
            refuse(cluster.restEndpoint, .cluster, name, "spec.restEndpoint", flag, &findings)
            refuse(
                credentials.tokenEndpoint, .cluster, name, "spec.credentials.oauth.tokenEndpoint", flag, &findings)
        }
        for (name, binding) in workspace.clientBindings.sorted(by: { $0.key < $1.key }) {
            for (number, hook) in binding.restart.enumerated() {
                guard case .http(let call) = hook.action, call.headers.values.contains(where: \.isSecret),
                    !call.allowsPlainHTTP
                else { continue }
                let parent = "spec.restart[\(number)].http"
                refuse(call.url, .clientBinding, name, "\(parent).url", "\(parent).allowInsecure", &findings)
            }
        }
    }

    private func refuse(
        _ url: String?, _ kind: ManifestKind, _ name: String, _ field: String, _ flag: String,
        _ findings: inout Findings
    ) {
        guard let url, url.isPlainHTTPElsewhere else { return }
        findings.error(
            "plain-http",
            "what is sent to `\(url)` goes by plain http://, where anybody in between can read and change it",
            at: place(kind, name, field),
            help: "use https://; or write `\(flag): true` to take the risk, without further warning")
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
