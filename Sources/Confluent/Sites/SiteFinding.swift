package import Domain

/// What is known of where a cluster or an environment is.
package enum SiteFinding<Site: Hashable & Sendable>: Hashable, Sendable {
    case known(Site)
    /// The control plane answers, and does not list it.
    case absent
    /// It cannot be asked: two objects of that name, control plane silent and nothing remembered.
    case unknown(reason: String)
    /// The list that would tell where it is does not.
    case hidden(ListGap)
    /// It is there, and has no endpoint before it is provisioned.
    case beingMade(reason: String)

    /// The site, when it is known.
    package var site: Site? {
        if case .known(let site) = self { site } else { nil }
    }
}

/// Where a cluster is; for a self-managed one the id may only be known once it was asked.
package struct ClusterLocation: Hashable, Sendable {
    /// `lkc-…` or the 22-character id; `nil` = whatever cluster answers.
    package var id: String?
    /// `env-…`; `nil` when self-managed.
    package var environmentID: String?
    /// Base of the REST API, up to and without `/v3`; `nil` for Apache Kafka.
    package var restEndpoint: String?
    /// What links use.
    package var bootstrapServers: String?
    /// What bindings publish.
    package var clientBootstrapServers: String?
    /// Cloud region, when the control plane has told it.
    package var region: String?
    package var credentials: Credentials?

    /// The location as known site; `nil` while the id is not known.
    ///
    /// - Parameter lastAnswered: When its REST API last answered.
    package func known(lastAnswered: Timestamp?) -> KnownSites.Cluster? {
        id.map {
            KnownSites.Cluster(
                id: $0, environmentID: environmentID, restEndpoint: restEndpoint, bootstrapServers: bootstrapServers,
                clientBootstrapServers: clientBootstrapServers, region: region, lastAnswered: lastAnswered,
                credentials: credentials)
        }
    }
}
