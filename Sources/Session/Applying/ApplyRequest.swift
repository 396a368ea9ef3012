package import Planning

/// What an apply is asked for, beside what the manifests say.
package struct ApplyRequest {
    /// How its output is written.
    package enum Format: String, CaseIterable, Sendable {
        case text
        /// One event a line.
        case json
    }

    /// The command line in short, for the journal.
    package var words = "apply"
    /// What shapes the plan; a saved one is run as it is.
    package var options = PlanOptions()
    /// Whether nobody is asked.
    package var isApproved = false
    /// Changes of primary that are confirmed by name.
    package var confirmed: [GroupMember] = []
    /// Whether deferred work counts as done.
    package var allowsDeferred = false
    /// How long the lock is waited for.
    package var lockTimeout: Duration = .zero
    /// Who approved it.
    package var approver: String?
    /// Change or job it belongs to.
    package var reference: String?
    /// Revision of the manifests.
    package var revision: String?
    /// Whether every change is shown by itself.
    package var expandsChanges = false
    /// How its output is written.
    package var format: Format = .text

    package init() {}
}
