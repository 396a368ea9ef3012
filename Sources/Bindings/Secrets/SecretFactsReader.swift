public import Domain
public import Execution
public import Planning

/// Reads every secret that is written somewhere, and keeps only fingerprints: what a plan may know of secrets.
public struct SecretFactsReader: Sendable {
    private let resolver: any SecretResolver
    private let fingerprinter: Fingerprinter

    /// A reader with the way to secrets and the key of their fingerprints.
    public init(resolver: any SecretResolver, fingerprinter: Fingerprinter) {
        self.resolver = resolver
        self.fingerprinter = fingerprinter
    }

    /// Facts about the credentials that links and exporters store, and about the secrets of bindings.
    ///
    /// - Parameters:
    ///   - workspace: Whose secrets.
    ///   - sites: Ids and endpoints that secrets of bindings may be made of.
    public func facts(of workspace: Workspace, sites: KnownSites) async -> SecretFacts {
        var facts = SecretFacts()
        let credentials =
            workspace.clusters.values.compactMap(\.linkCredentials)
            + workspace.environments.values.compactMap(\.schemaRegistry.linkCredentials)
        for reference in Set(credentials.flatMap(\.references)) {
            do {
                facts.references[reference] = fingerprinter.fingerprint(try await resolver.resolve(reference))
            } catch {
                facts.unresolvedReferences[reference] = error
            }
        }
        for binding in workspace.clientBindings.values where !binding.secrets.isEmpty {
            guard let cluster = workspace.destination(of: binding) else { continue }
            let content = BindingContent(of: binding, at: cluster, in: workspace, sites: sites)
            do {
                facts.bindings[binding.name] = try await content.secrets(resolvedBy: resolver)
                    .mapValues(fingerprinter.fingerprint)
            } catch {
                facts.unresolvedBindings[binding.name] = error
            }
        }
        return facts
    }
}

extension Workspace {
    /// The cluster a binding points at in the steady state: its own, or the primary of its group.
    func destination(of binding: ClientBindingSpec) -> String? {
        switch binding.target {
        case .cluster(let cluster): cluster
        case .failoverGroup(let group): placement(ofGroup: group)?.primary
        }
    }
}
