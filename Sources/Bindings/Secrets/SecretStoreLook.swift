package import Domain
package import Execution

/// A first look at the stores of secrets, beside the observation of everything else: one that is silent costs its time
/// then, and not once more when its secrets are read.
package struct SecretStoreLook: Sendable {
    private let resolver: any SecretResolver

    /// A look with the way to secrets.
    package init(resolver: any SecretResolver) {
        self.resolver = resolver
    }

    /// Reads one secret behind each connection that secrets of links, exporters and bindings lie behind, and keeps
    /// nothing of it.
    package func look(at workspace: Workspace) async {
        var first: [String: SecretReference] = [:]
        for reference in workspace.writtenReferences.flatMap(\.alternatives) {
            if let connection = reference.connection, first[connection] == nil { first[connection] = reference }
        }
        await withTaskGroup(of: Void.self) { group in
            for reference in first.values {
                group.addTask { _ = try? await resolver.resolve(reference) }
            }
        }
    }
}

extension Workspace {
    /// References to secrets that are written somewhere.
    fileprivate var writtenReferences: [SecretReference] {
        let sites = clusters.values.compactMap(\.linkCredentials)
        let registries = environments.values.compactMap(\.schemaRegistry.linkCredentials)
        let applications = clientBindings.values.flatMap(\.credentials.values)
            .flatMap { [$0.kafka, $0.schemaRegistry].compactMap(\.self) }
        return (sites + registries + applications).flatMap(\.references)
    }
}

extension SecretReference {
    /// The reference, or those it is the first of.
    fileprivate var alternatives: [SecretReference] {
        if case .firstOf(let references) = self { references.flatMap(\.alternatives) } else { [self] }
    }

    /// The connection it lies behind.
    fileprivate var connection: String? {
        switch self {
        case .vault(let connection, _, _, _), .kubernetes(let connection, _, _, _),
            .awsSecretsManager(let connection, _, _):
            connection
        case .environment, .file, .firstOf: nil
        }
    }
}
