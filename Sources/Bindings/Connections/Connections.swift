package import Domain
import Execution
package import Transport

/// The connections of a workspace, each opened when it is first needed, and once: logins are shared by everything that
/// goes through a connection.
package actor Connections {
    let specs: [String: ConnectionSpec]
    let folder: String
    let environment: [String: String]
    let transport: HTTPTransport
    private let silences: RememberedSilence
    let timeouts: WorkspaceSpec.Timeouts
    private var opened: [String: HTTPEndpoint] = [:]
    /// Where credentials for AWS come from, by connection.
    var awsChains: [String: AWSCredentialChain] = [:]
    var vaultSessions: [String: VaultSession] = [:]
    /// Tokens of the users that are signed in to etcd, by connection.
    var etcdTokens: [String: Secret] = [:]
    let kubernetes: KubernetesSurroundings
    /// Kubernetes API servers that were opened, by connection.
    var kubernetesServers: [String: KubernetesServer] = [:]
    /// Members of etcd that answered last, by connection.
    var etcdMembers: [String: String] = [:]

    /// The connections of a workspace.
    ///
    /// - Parameters:
    ///   - workspace: Their specs, and deadlines.
    ///   - folder: Folder of the workspace file, which relative paths start from.
    ///   - environment: Environment variables of the process.
    ///   - transport: Sends the calls.
    ///   - silences: Which of them were silent a moment ago; `nil` = what the transport remembers.
    ///   - kubernetes: What connections to Kubernetes find on this machine.
    package init(
        of workspace: Workspace, folder: String, environment: [String: String], transport: HTTPTransport,
        silences: RememberedSilence? = nil, kubernetes: KubernetesSurroundings = KubernetesSurroundings()
    ) {
        self.kubernetes = kubernetes
        specs = workspace.connections
        timeouts = workspace.spec.timeouts
        self.folder = folder
        self.environment = environment
        self.transport = transport
        self.silences = silences ?? transport.silences
    }

    /// Reads the secrets that connections are opened with, through other connections where they lie there.
    nonisolated var secrets: SecretReader {
        SecretReader(folder: folder, environment: environment, connections: self)
    }

    /// Reads a secret that lies behind a connection.
    nonisolated func read(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        switch reference {
        case .vault(let connection, let mount, let path, let field):
            return try await bounded(connection) { () async throws(StepFailure) in
                try await self.vaultSecret(connection, mount: mount, path: path, field: field)
            }
        case .kubernetes(let connection, let namespace, let name, let key):
            return try await bounded(connection) { () async throws(StepFailure) in
                try await self.kubernetesSecret(connection, namespace: namespace, secret: name, key: key)
            }
        case .awsSecretsManager(let connection, let name, let field):
            return try await bounded(connection) { () async throws(StepFailure) in
                try await self.awsSecret(connection, name: name, field: field)
            }
        case .environment, .file, .firstOf:
            return try await secret(reference)
        }
    }

    /// A secret a connection needs.
    func secret(_ reference: SecretReference) async throws(StepFailure) -> Secret {
        do throws(UnresolvedSecret) {
            return try await secrets.resolve(reference)
        } catch {
            throw StepFailure(.withoutCredentials, error.reason)
        }
    }

    /// The endpoint of a connection: made once, then kept.
    func opened(
        _ name: String, _ make: (isolated Connections) async throws(StepFailure) -> HTTPEndpoint
    ) async throws(StepFailure) -> HTTPEndpoint {
        if let endpoint = opened[name] { return endpoint }
        let endpoint = try await make(self)
        opened[name] = endpoint
        return endpoint
    }

    /// The TLS material of a connection, read.
    func material(_ spec: TLSSpec?) async throws(StepFailure) -> TLSMaterial {
        guard let spec else { return TLSMaterial() }
        var material = TLSMaterial(serverName: spec.serverName)
        if let ca = spec.ca { material.authorities = try await secret(ca) }
        if let certificate = spec.certificate { material.certificate = try await secret(certificate) }
        if let key = spec.key { material.key = try await secret(key) }
        return material
    }

    /// An endpoint of a connection, bounded by the workspace's `unreachableAfter`.
    func endpoint(
        _ url: String, authorization: Authorization = .none, tls: TLSMaterial = TLSMaterial(),
        headers: [String: String] = [:]
    ) throws(StepFailure) -> HTTPEndpoint {
        guard
            var endpoint = HTTPEndpoint(
                url, transport: transport, authorization: authorization, tls: tls, headers: headers)
        else { throw StepFailure(.rejected, "'\(url)' is not an http or https URL") }
        endpoint.overall = timeouts.unreachableAfter
        endpoint.request = timeouts.unreachableAfter
        return endpoint
    }

    /// Asks something of a connection for as long as silence is borne, all its calls, logins and programs together; one
    /// that was silent a moment ago is given a second look.
    nonisolated func bounded<Value: Sendable>(
        _ connection: String, _ ask: @escaping @Sendable () async throws(StepFailure) -> Value
    ) async throws(StepFailure) -> Value {
        let limit = silences.patience(with: connection, atMost: timeouts.unreachableAfter)
        let start = ContinuousClock.now
        let result = await withDeadline(limit) { () async -> Result<Value, StepFailure> in
            do throws(StepFailure) { return .success(try await ask()) } catch { return .failure(error) }
        }
        guard let result else {
            if Task.isCancelled { throw StepFailure(.interrupted, "interrupted") }
            silences.note(connection, wasSilent: true)
            throw StepFailure(.unreachable, "connection \(connection) gave no answer within \(limit.inWords)")
        }
        // What is told sooner than a second look takes costs nobody time: no path to a place, no leader, a closed port.
        var wasSilent = false
        if case .failure(let failure) = result, failure.kind == .unreachable {
            wasSilent = start.duration(to: .now) >= RememberedSilence.secondLook
        }
        silences.note(connection, wasSilent: wasSilent)
        return try result.get()
    }
}
