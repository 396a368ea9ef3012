import Domain

/// What a rehearsal needs of the manifests: the primary and its successor are a source once each, so both need what
/// links and exporters of the others sign in with, and applications need what they sign in with at both.
enum DrillReadiness {
    /// What is missing, in words; empty when it can start.
    static func missing(_ family: GroupFamily, in workspace: Workspace) -> [String] {
        var missing: [String] = []
        let bindings = signingIn(family, workspace)
        let movesSchemas = family.groups.contains { $0.schemas != nil }
        for member in [family.primary] + family.secondaries.prefix(1) {
            guard let cluster = workspace.clusters[member] else { continue }
            for binding in bindings where binding.credentials[member] == nil {
                missing.append(
                    "ClientBinding \(binding.name) has no `credentials` for \(member), where its applications would be sent"
                )
            }
            if cluster.credentials == nil { missing.append("Cluster \(member) has no `credentials`") }
            if cluster.linkCredentials == nil {
                missing.append(
                    "Cluster \(member) has no `linkCredentials`, with which the others' links read it once it serves")
            }
            guard movesSchemas, let environment = cluster.environment.flatMap({ workspace.environments[$0] }) else {
                continue
            }
            if environment.schemaRegistry.credentials == nil {
                missing.append("Environment \(environment.name) has no `schemaRegistry.credentials`")
            }
            if environment.schemaRegistry.linkCredentials == nil {
                missing.append("Environment \(environment.name) has no `schemaRegistry.linkCredentials`")
            }
        }
        return missing
    }

    /// Bindings of a family that publish credentials.
    private static func signingIn(_ family: GroupFamily, _ workspace: Workspace) -> [ClientBindingSpec] {
        let groups = Set(family.groups.map(\.name))
        return workspace.clientBindings.values.sorted { $0.name < $1.name }.filter { binding in
            guard case .failoverGroup(let group) = binding.target, groups.contains(group) else { return false }
            let references = binding.secrets.values.flatMap { (try? BindingTemplate($0))?.references ?? [] }
            return references.contains { if case .credential = $0 { true } else { false } }
        }
    }
}
