/// The values plain `${…}` references have while a binding points at one cluster.
///
/// Pure: what a plan compares with the stores and what a publication writes come from the same place.
package struct BindingValues: Hashable, Sendable {
    /// A reference that has no value yet.
    package struct Unknown: Error, Hashable, Sendable, Codable, CustomStringConvertible {
        /// Name of the reference: `cluster.bootstrapServers`.
        package let reference: String
        /// Why it has none, in words.
        package let reason: String

        package init(_ reference: BindingTemplate.Reference, _ reason: String) {
            self.reference = reference.name
            self.reason = reason
        }

        /// Both in one line.
        package var description: String { "${\(reference)} has no value: \(reason)" }
    }

    private let clusterName: String
    private let spec: ClusterSpec?
    private let known: KnownSites.Cluster?
    private let environmentName: String?
    private let registryEndpoint: String?
    private let group: String?

    /// The values of one cluster.
    ///
    /// - Parameters:
    ///   - cluster: Manifest name of the cluster the content points at.
    ///   - group: The group whose primary it is; `nil` when the binding is pinned.
    ///   - workspace: What is declared of the cluster and its environment.
    ///   - sites: What is known of them; it wins over what is declared.
    package init(cluster: String, group: String?, workspace: Workspace, sites: KnownSites) {
        clusterName = cluster
        spec = workspace.clusters[cluster]
        known = sites.clusters[cluster]
        environmentName = spec?.environment
        registryEndpoint = environmentName.flatMap {
            sites.environments[$0]?.registryEndpoint ?? workspace.environments[$0]?.schemaRegistry.endpoint
        }
        self.group = group
    }

    /// The plain properties of a binding, rendered.
    ///
    /// - Throws: ``Unknown`` for the first reference, in order of keys, that has no value, that is no reference, or that
    ///   is a secret (secrets belong into `spec.secrets`).
    package func properties(of binding: ClientBindingSpec) throws(Unknown) -> [String: String] {
        var rendered: [String: String] = [:]
        for (key, text) in binding.properties.sorted(by: { $0.key < $1.key }) {
            rendered[key] = try BindingTemplate(rendering: text).rendered { reference throws(Unknown) in
                try value(of: reference)
            }
        }
        return rendered
    }

    /// The value of one plain reference.
    ///
    /// Bootstrap servers lose a `SASL_SSL://` in front, which the control plane writes and not every client reads.
    ///
    /// - Throws: ``Unknown`` when it has none, or is a secret.
    package func value(of reference: BindingTemplate.Reference) throws(Unknown) -> String {
        switch reference {
        case .clusterName:
            return clusterName
        case .clusterID:
            return try require(known?.id ?? spec?.id, reference, "the id of cluster \(clusterName) is not known")
        case .clusterRegion:
            return try require(
                known?.region ?? spec?.region, reference, "the region of cluster \(clusterName) is not known")
        case .clusterBootstrapServers:
            let own = spec?.clientAccessPoint == nil ? known?.bootstrapServers ?? spec?.bootstrapServers : nil
            return try require(
                known?.clientBootstrapServers ?? own, reference, unknownBootstrapServers
            ).withoutSchemes
        case .clusterRestEndpoint:
            return try require(
                known?.restEndpoint ?? spec?.restEndpoint, reference,
                "the REST endpoint of cluster \(clusterName) is not known")
        case .registryEndpoint:
            guard let environmentName else {
                throw Unknown(reference, "cluster \(clusterName) has no environment")
            }
            return try require(
                registryEndpoint, reference, "the Schema Registry of environment \(environmentName) is not known")
        case .groupName:
            return try require(group, reference, "the binding is pinned to cluster \(clusterName)")
        case .credential:
            throw Unknown(reference, "it is a secret, and stands among the plain properties")
        }
    }

    private var unknownBootstrapServers: String {
        guard let point = spec?.clientAccessPoint else {
            return "the bootstrap servers of cluster \(clusterName) are not known"
        }
        return "cluster \(clusterName) is not known to have the access point \(point) (`clientAccessPoint`)"
    }

    private func require(
        _ value: String?, _ reference: BindingTemplate.Reference, _ reason: String
    ) throws(Unknown) -> String {
        guard let value else { throw Unknown(reference, reason) }
        return value
    }
}

extension BindingTemplate {
    /// Reads a template at the time of rendering; validation has shown its mistakes with their place before.
    package init(rendering text: String) throws(BindingValues.Unknown) {
        do {
            try self.init(text)
        } catch {
            throw BindingValues.Unknown(malformed: error)
        }
    }
}

extension BindingValues.Unknown {
    fileprivate init(malformed: BindingTemplate.Malformed) {
        switch malformed.problem {
        case .unclosed:
            reference = ""
            reason = "'${' is not closed by '}'"
        case .unknownReference(let name):
            reference = name
            reason = "there is no reference of this name"
        }
    }
}

extension String {
    /// A list of servers without `SASL_SSL://` and the like in front of each.
    fileprivate var withoutSchemes: String {
        split(separator: ",").map { server in
            let host = server.drop(while: \.isWhitespace)
            guard let colon = host.firstIndex(of: ":"), host[colon...].hasPrefix("://") else { return String(host) }
            return String(host[colon...].dropFirst(3))
        }.joined(separator: ",")
    }
}
