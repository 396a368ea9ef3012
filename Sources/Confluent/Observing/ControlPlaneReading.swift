import Domain
import Transport

/// Reads a control plane: the environments, and clusters and registries of those that the workspace names, or that left
/// its manifests.
struct ControlPlaneReading: Sendable {
    let api: ControlPlaneAPI
    let connection: String
    let workspace: Workspace
    /// Ids of environments that left the manifests; one of them that cannot be listed fails nothing else.
    let left: Set<String>

    func read() async -> Result<ControlPlaneSnapshot, TransportFailure> {
        async let organization = outcome { try await self.organization() }
        do throws(TransportFailure) {
            let environments = try await api.environments()
            var snapshot = ControlPlaneSnapshot(environments: environments)
            let listed = try await together(environments.filter { isNamed($0) || left.contains($0.id) }) {
                try await contents(of: $0)
            }
            for inside in listed.compactMap(\.self) {
                snapshot.listedEnvironments.insert(inside.environmentID)
                snapshot.clusters += inside.clusters
                snapshot.registries += inside.registries
            }
            snapshot.clusters.sort { $0.id < $1.id }
            snapshot.registries.sort { $0.id < $1.id }
            snapshot.organization = try await organization.get()
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }

    /// Asked only when the manifest expects a certain one.
    private func organization() async throws(TransportFailure) -> String? {
        guard case .confluentCloud(let spec)? = workspace.connections[connection]?.system, spec.organization != nil
        else { return nil }
        return try await api.organizations().first
    }

    private func isNamed(_ environment: ObservedEnvironment) -> Bool {
        workspace.environments.values.contains { spec in
            spec.connection == connection
                && (spec.id == environment.id || (spec.id == nil && spec.displayName == environment.displayName))
        }
    }

    private struct Contents: Sendable {
        let environmentID: String
        let clusters: [ObservedCluster]
        let registries: [ObservedRegistry]
    }

    /// What an environment holds; `nil` when it left the manifests and does not let itself be listed.
    private func contents(of environment: ObservedEnvironment) async throws(TransportFailure) -> Contents? {
        do throws(TransportFailure) {
            return try await inside(environment.id)
        } catch {
            guard !isNamed(environment) else { throw error }
            return nil
        }
    }

    private func inside(_ environmentID: String) async throws(TransportFailure) -> Contents {
        async let registries = outcome { try await api.registries(in: environmentID) }
        let clusters = try await api.clusters(in: environmentID)
        return Contents(environmentID: environmentID, clusters: clusters, registries: try await registries.get())
    }
}
