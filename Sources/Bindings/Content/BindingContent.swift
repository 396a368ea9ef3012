package import Domain
package import Execution

/// What one binding publishes while it points at one cluster, secrets included.
package struct BindingContent: Sendable {
    private let binding: ClientBindingSpec
    private let cluster: String
    private let values: BindingValues

    /// The content of a binding.
    ///
    /// - Parameters:
    ///   - binding: The binding.
    ///   - cluster: Manifest name of the cluster it points at.
    ///   - workspace: What is declared of the cluster and its environment.
    ///   - sites: What is known of them.
    package init(of binding: ClientBindingSpec, at cluster: String, in workspace: Workspace, sites: KnownSites) {
        self.binding = binding
        self.cluster = cluster
        let group: String? = if case .failoverGroup(let group) = binding.target { group } else { nil }
        values = BindingValues(cluster: cluster, group: group, workspace: workspace, sites: sites)
    }

    /// Plain properties.
    ///
    /// - Throws: ``BindingValues/Unknown`` for a reference that has no value yet.
    package func properties() throws(BindingValues.Unknown) -> [String: String] {
        try values.properties(of: binding)
    }

    /// Secret properties, with the application's credentials at the cluster.
    ///
    /// - Throws: ``UnresolvedSecret`` for the first one, in order of keys, that cannot be read or rendered.
    package func secrets(resolvedBy resolver: any SecretResolver) async throws(UnresolvedSecret) -> [String: Secret] {
        var rendered: [String: Secret] = [:]
        for (key, text) in binding.secrets.sorted(by: { $0.key < $1.key }) {
            let template = try rendering { () throws(BindingValues.Unknown) in try BindingTemplate(rendering: text) }
            var parts: [BindingTemplate.Reference: Secret] = [:]
            for reference in template.references where parts[reference] == nil {
                parts[reference] = try await part(reference, resolver)
            }
            rendered[key] = Secret(template.rendered { reference in parts[reference]?.reveal { $0 } ?? "" })
        }
        return rendered
    }

    private func part(
        _ reference: BindingTemplate.Reference, _ resolver: any SecretResolver
    ) async throws(UnresolvedSecret) -> Secret {
        guard case .credential(let holder, let part) = reference else {
            return Secret(try rendering { () throws(BindingValues.Unknown) in try values.value(of: reference) })
        }
        let site = binding.credentials[cluster]
        let credentials = holder == .kafka ? site?.kafka : site?.schemaRegistry
        guard let secret = credentials?.reference(to: part) else {
            throw unrenderable("the credentials of \(binding.name) at \(cluster) have no \(holder).\(part.rawValue)")
        }
        return try await resolver.resolve(secret)
    }

    private func rendering<Value>(
        _ body: () throws(BindingValues.Unknown) -> Value
    ) throws(UnresolvedSecret) -> Value {
        do {
            return try body()
        } catch {
            throw unrenderable(error.description)
        }
    }

    /// A failure that is not about one reference of a secret.
    private func unrenderable(_ reason: String) -> UnresolvedSecret {
        UnresolvedSecret(reference: .firstOf([]), reason: reason)
    }
}

extension Credentials {
    /// Where a part of these credentials is read from; `nil` when this form of sign-in has no such part.
    func reference(to part: BindingTemplate.CredentialPart) -> SecretReference? {
        switch (part, signIn) {
        case (.apiKey, .apiKey(let key, _)): key
        case (.apiSecret, .apiKey(_, let secret)): secret
        case (.username, .username(let name, _, _)): name
        case (.password, .username(_, let password, _)): password
        case (.authority, _): tls?.ca
        case (.certificate, _): tls?.certificate
        case (.privateKey, _): tls?.key
        case (.apiKey, _), (.apiSecret, _), (.username, _), (.password, _): nil
        }
    }
}
