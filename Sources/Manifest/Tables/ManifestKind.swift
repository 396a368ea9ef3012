/// The kinds of manifests, as written in `kind`.
package enum ManifestKind: String, Hashable, Sendable, CaseIterable, Comparable {
    case workspace = "Workspace"
    case connection = "Connection"
    case environment = "Environment"
    case cluster = "Cluster"
    case topic = "Topic"
    case clusterLink = "ClusterLink"
    case schemaLink = "SchemaLink"
    case failoverGroup = "FailoverGroup"
    case clientBinding = "ClientBinding"

    /// In the order of ``allCases``: what others refer to comes first.
    package static func < (left: ManifestKind, right: ManifestKind) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .workspace: 0
        case .connection: 1
        case .environment: 2
        case .cluster: 3
        case .topic: 4
        case .clusterLink: 5
        case .schemaLink: 6
        case .failoverGroup: 7
        case .clientBinding: 8
        }
    }

    /// The word that stands in `kind` of a list of documents.
    static let list = "List"
    /// Version of the manifest format, in `apiVersion` of every document.
    package static let apiVersion = "spillway/v1"
}
