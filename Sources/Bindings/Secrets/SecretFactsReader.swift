package import Domain
package import Execution
package import Planning

/// Reads every secret that is written somewhere, and keeps only fingerprints: what a plan may know of secrets.
package struct SecretFactsReader: Sendable {
    private let resolver: any SecretResolver
    private let fingerprinter: Fingerprinter

    /// A reader with the way to secrets and the key of their fingerprints.
    package init(resolver: any SecretResolver, fingerprinter: Fingerprinter) {
        self.resolver = resolver
        self.fingerprinter = fingerprinter
    }

    /// Secrets that are read at the same time.
    private static let concurrency = 16

    /// Facts about the credentials that links and exporters store, and about the secrets of bindings.
    ///
    /// - Parameters:
    ///   - workspace: Whose secrets.
    ///   - sites: Ids and endpoints that secrets of bindings may be made of.
    package func facts(of workspace: Workspace, sites: KnownSites) async -> SecretFacts {
        var waiting = readings(of: workspace, sites: sites)[...]
        return await withTaskGroup(of: Finding.self) { group in
            func begin() {
                guard let reading = waiting.popFirst() else { return }
                group.addTask { await find(reading) }
            }
            for _ in 0..<Self.concurrency { begin() }
            var facts = SecretFacts()
            facts.keyID = fingerprinter.keyID
            for await finding in group {
                facts.note(finding)
                begin()
            }
            return facts
        }
    }

    /// Something to read.
    private enum Reading: Sendable {
        case reference(SecretReference)
        case binding(String, BindingContent)
    }

    /// What came of it.
    fileprivate enum Finding: Sendable {
        case reference(SecretReference, Result<Fingerprint, UnresolvedSecret>)
        case binding(String, Result<[String: Fingerprint], UnresolvedSecret>)
    }

    private func readings(of workspace: Workspace, sites: KnownSites) -> [Reading] {
        let credentials =
            workspace.clusters.values.compactMap(\.linkCredentials)
            + workspace.environments.values.compactMap(\.schemaRegistry.linkCredentials)
        let bindings = workspace.clientBindings.values.filter { !$0.secrets.isEmpty }.compactMap { binding in
            workspace.destination(of: binding).map {
                Reading.binding(binding.name, BindingContent(of: binding, at: $0, in: workspace, sites: sites))
            }
        }
        return Set(credentials.flatMap(\.references)).map(Reading.reference) + bindings
    }

    private func find(_ reading: Reading) async -> Finding {
        switch reading {
        case .reference(let reference):
            do throws(UnresolvedSecret) {
                return .reference(reference, .success(fingerprinter.fingerprint(try await resolver.resolve(reference))))
            } catch {
                return .reference(reference, .failure(error))
            }
        case .binding(let name, let content):
            do throws(UnresolvedSecret) {
                let secrets = try await content.secrets(resolvedBy: resolver)
                return .binding(name, .success(secrets.mapValues(fingerprinter.fingerprint)))
            } catch {
                return .binding(name, .failure(error))
            }
        }
    }
}

extension SecretFacts {
    fileprivate mutating func note(_ finding: SecretFactsReader.Finding) {
        switch finding {
        case .reference(let reference, .success(let fingerprint)): references[reference] = fingerprint
        case .reference(let reference, .failure(let problem)): unresolvedReferences[reference] = problem
        case .binding(let name, .success(let fingerprints)): bindings[name] = fingerprints
        case .binding(let name, .failure(let problem)): unresolvedBindings[name] = problem
        }
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
