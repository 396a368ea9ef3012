package import Estate

/// What is imported, and from where.
package struct ImportRequest: Sendable {
    /// A site that people run themselves.
    package struct PlatformSite: Sendable {
        package let name: String
        /// Kafka REST v3, up to and without `/v3`.
        package let restEndpoint: String
        package let bootstrapServers: String
        /// Its Schema Registry; `nil` = it has none.
        package let registryEndpoint: String?

        package init(name: String, restEndpoint: String, bootstrapServers: String, registryEndpoint: String?) {
            self.name = name
            self.restEndpoint = restEndpoint
            self.bootstrapServers = bootstrapServers
            self.registryEndpoint = registryEndpoint
        }
    }

    /// Where it comes from.
    package enum Source: Sendable {
        /// An organization of Confluent Cloud, by its control plane.
        case cloud(endpoint: String)
        case platform([PlatformSite])
        /// A Terraform state, by its path; the endpoint is that of the control plane which the manifests name.
        case terraform(path: String, endpoint: String)
    }

    package let source: Source
    /// Which part of it.
    package let filter: EstateFilter
    /// Whether links and exporters that look like a failover group become one.
    package let infersGroups: Bool
    /// Name of the workspace.
    package let name: String

    package init(source: Source, filter: EstateFilter, infersGroups: Bool, name: String) {
        self.source = source
        self.filter = filter
        self.infersGroups = infersGroups
        self.name = name
    }
}
