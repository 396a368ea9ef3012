package import Domain

/// What an import found: manifests, and what exists beside them.
package struct ImportOutcome: Sendable {
    /// Something of which nothing is in the manifests, though it exists.
    package struct Unread: Hashable, Sendable {
        package enum Part: Hashable, Sendable {
            case cluster(String)
            case registry(String)
        }

        package enum Cause: Hashable, Sendable {
            /// What it said, or did not say.
            case silence(String)
            /// Its type is none that a manifest can name.
            case type(String)
        }

        package let part: Part
        package let cause: Cause

        package init(_ part: Part, because cause: Cause) {
            self.part = part
            self.cause = cause
        }
    }

    /// The manifests.
    package let workspace: Workspace
    package let remarks: [Remark]
    package let unread: [Unread]
    /// Environment variables that the manifests refer to, and whether each is set.
    package let variables: [(name: String, isSet: Bool)]

    package init(
        workspace: Workspace, remarks: [Remark], unread: [Unread], variables: [(name: String, isSet: Bool)]
    ) {
        self.workspace = workspace
        self.remarks = remarks
        self.unread = unread
        self.variables = variables
    }
}
