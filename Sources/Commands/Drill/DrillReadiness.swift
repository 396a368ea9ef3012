import Domain

/// What a rehearsal needs of the manifests: the primary and its successor are a source once each, so both need what
/// links and exporters of the others sign in with.
enum DrillReadiness {
    /// What is missing, in words; empty when it can start.
    static func missing(_ family: GroupFamily, in workspace: Workspace) -> [String] {
        var missing: [String] = []
        let movesSchemas = family.groups.contains { $0.schemas != nil }
        for member in [family.primary] + family.secondaries.prefix(1) {
            guard let cluster = workspace.clusters[member] else { continue }
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
}
