package import Domain
package import Execution
package import Planning
package import Transport

/// Runs restart hooks of bindings: HTTP requests, restarts of Kubernetes workloads, and programs where the workspace's
/// policy allows them.
///
/// What was done is never undone: a hook that failed is run again by the next apply, until it has succeeded once for
/// the content that was published.
package struct RestartHooks: StepPerformer {
    private let workspace: Workspace
    private let folder: String
    private let secrets: any SecretResolver
    private let sites: SiteDirectory
    private let transport: HTTPTransport
    private let connections: Connections
    private let tell: @Sendable (String) async -> Void

    /// The hooks of one run.
    ///
    /// - Parameters:
    ///   - workspace: Bindings and the policy.
    ///   - folder: Folder of the workspace file: where programs run.
    ///   - secrets: The way to headers that are secret.
    ///   - sites: Ids and endpoints, for `${…}` references.
    ///   - transport: Sends the requests.
    ///   - connections: The way to Kubernetes.
    ///   - tell: Told how far a rollout is, whenever that has changed.
    package init(
        workspace: Workspace, folder: String, secrets: any SecretResolver, sites: SiteDirectory,
        transport: HTTPTransport, connections: Connections,
        tell: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        self.workspace = workspace
        self.folder = folder
        self.secrets = secrets
        self.sites = sites
        self.transport = transport
        self.connections = connections
        self.tell = tell
    }

    package func performs(_ action: StepAction) -> Bool {
        if case .hook = action { true } else { false }
    }

    /// Runs a hook within its deadline.
    ///
    /// - Throws: `timeout` at the deadline, `rejected` for another status or exit code than expected, with what the
    ///   service or the program said; nothing of it is a secret of the manifests.
    package func perform(_ step: Step) async throws(StepFailure) {
        try await perform(step) {}
    }

    /// Runs a hook within its deadline; of a Kubernetes workload, says when its rollout is waited for.
    ///
    /// - Throws: As without.
    package func perform(
        _ step: Step, beginsWaiting: @escaping @Sendable () async -> Void
    ) async throws(StepFailure) {
        guard case .hook(.runHook(let call)) = step.action, let binding = workspace.clientBindings[call.binding],
            binding.restart.indices.contains(call.hookIndex)
        else { throw StepFailure(.rejected, "\(step.id) names no restart hook") }
        let hook = binding.restart[call.hookIndex]
        let limit = hook.timeout ?? workspace.spec.timeouts.restart
        switch hook.action {
        case .http(let request):
            let values = BindingValues(
                cluster: call.cluster, group: call.group, workspace: workspace, sites: await sites.known)
            try await HTTPHook(request: request, announced: call, secrets: secrets, transport: transport)
                .send(values, within: limit)
        case .command(let arguments):
            guard workspace.spec.policy.allowCommands else {
                throw StepFailure(.rejected, "`policy.allowCommands` does not allow programs to be run")
            }
            try await CommandHook(arguments: arguments, folder: folder, secrets: transport.secrets)
                .run(call, within: limit)
        case .kubernetes(let connection, let namespace, let kind, let name, let replicas):
            try await KubernetesRestart(
                connection: connection, namespace: namespace, kind: kind, name: name, replicas: replicas,
                connections: connections, tell: tell
            ).run(call, within: limit, beginsWaiting: beginsWaiting)
        }
    }
}
