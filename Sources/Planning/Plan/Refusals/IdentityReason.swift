package import Domain

/// Why it is not clear which live object is meant, or why it is not this workspace's.
package enum IdentityReason: Hashable, Sendable {
    /// A manifest does not mean one live environment or cluster, or not the one it should.
    case conflict(SiteConflict)
    /// Nothing carries the id or display name of an environment or cluster; id `nil` = the manifest gives none.
    case missing(ResourceAddress, id: String?, displayName: String)
    /// A connection's key belongs to another organization than the manifest names.
    case organization(connection: String, expected: String, found: String)
    /// A manifest means another object than the ledger owns for it.
    case changed(IdentityChange)
    /// Another workspace of the same store owns it.
    case ownedElsewhere(ResourceAddress, workspace: String)
    /// `--target` names nothing; with what it may have meant.
    case unknownTarget(ResourceAddress, nearest: String?)
}

/// A conflict about a site, with what its manifest and its groups say.
package struct SiteConflict: Hashable, Sendable {
    package let site: ResourceAddress
    package let conflict: IdentityConflict
    /// The group whose data it holds: another object in its place need not hold it.
    package let serves: String?
    /// The environment that its manifest names, and the one whose id the control plane gives for it.
    package let environment: String?
    package let rightEnvironment: String?
    /// Whether its manifest gives its id.
    package let isPinned: Bool
}

/// The change of a field by which an object is found.
package struct IdentityChange: Hashable, Sendable {
    /// `Topic orders`.
    package let manifest: String
    package let from: ResourceAddress
    package let to: ResourceAddress

    /// Whether it would go to another place, whatever its name.
    package var isMoved: Bool { from.place != to.place }

    /// Kind of the manifest.
    package var kind: String {
        switch from.kind {
        case .link: "ClusterLink"
        case .exporter: "SchemaLink"
        default: "Topic"
        }
    }

    /// The field that was edited.
    package var field: String {
        switch from.kind {
        case .link: isMoved ? "destination" : "linkName"
        case .exporter: isMoved ? "source" : "exporterName"
        default: isMoved ? "cluster" : "topicName"
        }
    }
}
