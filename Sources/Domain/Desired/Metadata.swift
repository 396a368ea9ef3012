/// The header of every manifest.
package struct Metadata: Hashable, Sendable, Codable {
    /// Name other manifests refer to; unique per kind in the workspace.
    package var name: String
    /// Free pairs for `--selector`; sent nowhere.
    package var labels: [String: String]
    /// Every plan that would delete or recreate the object, or one expanded from it, exits 4.
    package var protect: Bool

    package init(name: String, labels: [String: String] = [:], protect: Bool = false) {
        self.name = name
        self.labels = labels
        self.protect = protect
    }
}

/// Whether Spillway creates, changes and deletes an environment or cluster itself.
package enum ManagementPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    case observe = "Observe"
    case manage = "Manage"
}

/// What happens to an object that leaves the manifests.
package enum DeletionPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    case retain = "Retain"
    case delete = "Delete"
}
