import Domain
import Transport

/// Reads a control plane: the environments, and clusters and registries of those that the workspace names.
struct ControlPlaneReading: Sendable {
    let api: ControlPlaneAPI
    let connection: String
    let workspace: Workspace

    func read() async -> Result<ControlPlaneSnapshot, TransportFailure> {
        async let organization = outcome { try await self.organization() }
        do throws(TransportFailure) {
            let environments = try await api.environments()
            var snapshot = ControlPlaneSnapshot(environments: environments)
            for inside in try await together(environments.filter(isNamed), { try await inside($0.id) }) {
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
        let clusters: [ObservedCluster]
        let registries: [ObservedRegistry]
    }

    private func inside(_ environmentID: String) async throws(TransportFailure) -> Contents {
        async let registries = outcome { try await api.registries(in: environmentID) }
        let clusters = try await api.clusters(in: environmentID)
        return Contents(clusters: clusters, registries: try await registries.get())
    }
}
