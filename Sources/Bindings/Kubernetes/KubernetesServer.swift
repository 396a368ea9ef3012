import Domain
import Execution
import Foundation
import Transport

/// One API server and the way to sign in to it. Tokens in files are read anew for every call, those of an exec plugin
/// are kept until they expire.
actor KubernetesServer {
    /// How calls are signed.
    enum SignIn: Sendable {
        /// As it stands in the kubeconfig: nothing, a token, a user name, a client certificate.
        case fixed(KubernetesCredential)
        /// A file that a token is read from.
        case tokenFile(String, certificate: KubernetesCredential)
        /// A program.
        case exec(ExecCredentials)
    }

    /// Field manager of the connection, before the name of a binding.
    nonisolated let fieldManager: String
    private let url: String
    private let authorities: Secret?
    private let serverName: String?
    private let signIn: SignIn
    private let connections: Connections
    private var kept: KubernetesCredential?
    private var fetching: Task<Result<KubernetesCredential, StepFailure>, Never>?

    /// How long before its end a token is no longer used, in seconds.
    private static let margin = Duration.seconds(10)
    private static let largestToken = 1 << 16

    init(
        url: String, authorities: Secret?, serverName: String?, signIn: SignIn, fieldManager: String,
        connections: Connections
    ) {
        self.url = url
        self.authorities = authorities
        self.serverName = serverName
        self.signIn = signIn
        self.fieldManager = fieldManager
        self.connections = connections
    }

    /// The API, signed in as of now.
    ///
    /// - Throws: `withoutCredentials` when there is no token to be had.
    func endpoint() async throws(StepFailure) -> HTTPEndpoint {
        let credential = try await credential()
        let material = TLSMaterial(
            authorities: authorities, certificate: credential.certificate, key: credential.key,
            serverName: serverName)
        return try await connections.endpoint(url, authorization: credential.authorization, tls: material)
    }

    private func credential() async throws(StepFailure) -> KubernetesCredential {
        switch signIn {
        case .fixed(let credential): return credential
        case .tokenFile(let path, var credential):
            switch SmallFile.read(path, limit: Self.largestToken) {
            case .failure(let problem): throw StepFailure(.withoutCredentials, "token file \(path) \(problem.reason)")
            case .success(let bytes):
                let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
                guard !token.isEmpty else { throw StepFailure(.withoutCredentials, "token file \(path) is empty") }
                credential.authorization = .bearer(Secret(token))
                return credential
            }
        case .exec(let plugin):
            if let kept, kept.expiresAt.map({ $0.since(.now) > Self.margin }) ?? true { return kept }
            return try await fetched(by: plugin)
        }
    }

    /// Calls that come while the program runs wait for the same run.
    private func fetched(by plugin: ExecCredentials) async throws(StepFailure) -> KubernetesCredential {
        let task =
            fetching
            ?? Task {
                do throws(StepFailure) { return .success(try await plugin.fetch()) } catch { return .failure(error) }
            }
        fetching = task
        let result = await task.value
        fetching = nil
        let fresh = try result.get()
        kept = fresh
        return fresh
    }
}

extension Connections {
    /// The API server of a connection, opened once.
    ///
    /// - Throws: Why it cannot be opened: what is wrong with the kubeconfig or the pod's service account.
    func kubernetesServer(_ connection: String) throws(StepFailure) -> KubernetesServer {
        if let server = kubernetesServers[connection] { return server }
        guard case .kubernetes(let spec) = specs[connection]?.system else {
            throw StepFailure(.rejected, "'\(connection)' is no connection to Kubernetes")
        }
        let server: KubernetesServer
        do throws(StepFailure) {
            server = spec.inCluster ? try inClusterServer(spec) : try kubeconfigServer(spec)
        } catch {
            throw StepFailure(error.kind, "connection \(connection): \(error.message)")
        }
        kubernetesServers[connection] = server
        return server
    }

    /// The API server of the cluster this process runs in (environment of every pod, mounted service account).
    private func inClusterServer(_ spec: KubernetesSpec) throws(StepFailure) -> KubernetesServer {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw StepFailure(
                .withoutCredentials,
                "`inCluster` needs KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every pod has")
        }
        let authorities = try text(of: "\(kubernetes.serviceAccount)/ca.crt", "the cluster's authorities")
        return KubernetesServer(
            url: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)", authorities: authorities,
            serverName: nil,
            signIn: .tokenFile("\(kubernetes.serviceAccount)/token", certificate: KubernetesCredential()),
            fieldManager: spec.fieldManager, connections: self)
    }

    private func kubeconfigServer(_ spec: KubernetesSpec) throws(StepFailure) -> KubernetesServer {
        let (config, name) = try KubeconfigFiles(
            spec: spec, folder: folder, environment: environment, surroundings: kubernetes
        ).read()
        let context = try context(spec, of: config, name)
        guard let cluster = config.clusters[context.cluster] else {
            throw StepFailure(.withoutCredentials, "\(name) has no cluster '\(context.cluster)'")
        }
        let url = try url(of: cluster.value, named: context.cluster)
        let authorities = try material(
            cluster.value.certificateAuthorityData, cluster.value.certificateAuthority, cluster.folder,
            "certificate-authority of cluster '\(context.cluster)'")
        var signIn = KubernetesServer.SignIn.fixed(KubernetesCredential())
        if let user = context.user, !user.isEmpty {
            guard let entry = config.users[user] else {
                throw StepFailure(.withoutCredentials, "\(name) has no user '\(user)'")
            }
            signIn = try self.signIn(entry, named: user, cluster: cluster.value, spec)
        }
        if url.hasPrefix("http://"), !isLoopback(url) {
            throw StepFailure(
                .rejected,
                "the server of cluster '\(context.cluster)' is plain http, so that anybody in between could read the "
                    + "secrets; use https")
        }
        return KubernetesServer(
            url: url, authorities: authorities, serverName: cluster.value.tlsServerName, signIn: signIn,
            fieldManager: spec.fieldManager, connections: self)
    }

    private func context(
        _ spec: KubernetesSpec, of config: Kubeconfig, _ name: String
    ) throws(StepFailure) -> Kubeconfig.Context {
        let isPipeline = environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false
        if spec.context == nil, isPipeline {
            throw StepFailure(
                .rejected,
                "`context` is required when CI is set: what `current-context` of \(name) says there is left to chance")
        }
        guard let wanted = spec.context ?? config.currentContext, !wanted.isEmpty else {
            throw StepFailure(.rejected, "\(name) has no current-context; name one with `context`")
        }
        guard let context = config.contexts[wanted] else {
            let known = config.contexts.keys.sorted().joined(separator: ", ")
            throw StepFailure(
                .rejected, "\(name) has no context '\(wanted)'\(known.isEmpty ? "" : "; it has \(known)")")
        }
        return context
    }

    private func url(of cluster: Kubeconfig.Cluster, named name: String) throws(StepFailure) -> String {
        guard cluster.insecureSkipTLSVerify != true else {
            throw StepFailure(
                .rejected,
                "cluster '\(name)' has insecure-skip-tls-verify, which Spillway refuses: anybody in between could read "
                    + "the secrets; give certificate-authority-data instead")
        }
        guard cluster.proxyURL?.isEmpty ?? true else {
            throw StepFailure(.rejected, "cluster '\(name)' has a proxy-url, which is not supported")
        }
        guard let server = cluster.server, !server.isEmpty else {
            throw StepFailure(.rejected, "cluster '\(name)' has no server")
        }
        return server
    }

    private func signIn(
        _ entry: Kubeconfig.Entry<Kubeconfig.User>, named name: String, cluster: Kubeconfig.Cluster,
        _ spec: KubernetesSpec
    ) throws(StepFailure) -> KubernetesServer.SignIn {
        let user = entry.value
        if let provider = user.authProvider {
            throw StepFailure(
                .rejected,
                "user '\(name)' has auth-provider '\(provider.name ?? "")', which Kubernetes removed in 1.26; use an exec plugin"
            )
        }
        guard user.impersonated == nil else {
            throw StepFailure(.rejected, "user '\(name)' impersonates another, which is not supported")
        }
        var credential = KubernetesCredential()
        credential.certificate = try material(
            user.clientCertificateData, user.clientCertificate, entry.folder, "client-certificate of user '\(name)'")
        credential.key = try material(
            user.clientKeyData, user.clientKey, entry.folder, "client-key of user '\(name)'")
        if let token = user.token, !token.isEmpty {
            credential.authorization = .bearer(Secret(token))
        } else if let file = user.tokenFile, !file.isEmpty {
            return .tokenFile(absolute(file, entry.folder), certificate: credential)
        } else if let username = user.username, let password = user.password {
            credential.authorization = .basic(user: Secret(username), password: Secret(password))
        } else if let exec = user.exec {
            guard spec.allowExec else {
                throw StepFailure(
                    .rejected,
                    "user '\(name)' signs in with the program \(exec.command), which needs `allowExec: true`")
            }
            return .exec(
                ExecCredentials(
                    spec: exec, user: name, folder: entry.folder, environment: environment,
                    cluster: [
                        "server": cluster.server, "tls-server-name": cluster.tlsServerName,
                        "certificate-authority-data": cluster.certificateAuthorityData,
                    ].compactMapValues(\.self), secrets: transport.secrets))
        }
        return .fixed(credential)
    }

    private func isLoopback(_ url: String) -> Bool {
        let host = URLComponents(string: url)?.host ?? ""
        return host == "localhost" || host.hasPrefix("127.") || host == "[::1]" || host == "::1"
    }

    /// PEM text that stands in the kubeconfig as base64, or in a file.
    private func material(
        _ data: String?, _ path: String?, _ folder: String, _ what: String
    ) throws(StepFailure) -> Secret? {
        if let data, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data), let text = String(validating: bytes, as: UTF8.self) else {
                throw StepFailure(.withoutCredentials, "\(what) is not base64 of a PEM text")
            }
            return Secret(text)
        }
        guard let path, !path.isEmpty else { return nil }
        return try text(of: absolute(path, folder), what)
    }

    private func absolute(_ path: String, _ folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    private func text(of path: String, _ what: String) throws(StepFailure) -> Secret {
        switch SmallFile.read(path, limit: SecretReader.largestFile) {
        case .failure(let problem): throw StepFailure(.withoutCredentials, "\(what): file \(path) \(problem.reason)")
        case .success(let bytes): return Secret(String(decoding: bytes, as: UTF8.self))
        }
    }
}
