/// Under which id the environment or cluster of each manifest is known: what its manifest says, else what the ledger owns
/// or saw last under its name.
package struct SiteIdentities: Hashable, Sendable {
    /// Ids of environments by the names of their manifests.
    package let environments: [String: String]
    /// Ids of clusters by the names of their manifests.
    package let clusters: [String: String]

    /// The identities of a workspace's sites.
    ///
    /// An id that another manifest names in so many words is that one's, whatever was known before.
    package init(_ workspace: Workspace, _ recorded: Recorded) {
        environments = Self.known(
            workspace.environments.mapValues(\.id), .environment, recorded,
            recorded.sites.environments.compactMapValues(\.id))
        clusters = Self.known(
            workspace.clusters.mapValues(\.id), .cluster, recorded, recorded.sites.clusters.mapValues(\.id))
    }

    private static func known(
        _ declared: [String: String?], _ kind: ResourceKind, _ recorded: Recorded, _ seen: [String: String]
    ) -> [String: String] {
        let named = Set(declared.values.compactMap(\.self))
        var ids: [String: String] = [:]
        for (name, id) in declared {
            if let id {
                ids[name] = id
            } else if let known = recorded.knownID(ResourceAddress(kind, name), seen: seen[name]),
                !named.contains(known)
            {
                ids[name] = known
            }
        }
        return ids
    }
}

extension Recorded {
    /// Id of the environment or cluster of an address: the one that is owned, else the one that was seen last; `nil` once
    /// another one may have been created in its place.
    fileprivate func knownID(_ address: ResourceAddress, seen: String?) -> String? {
        guard let row = owned[address] else { return seen }
        return row.origin == .creating ? nil : row.nativeID ?? seen
    }
}
