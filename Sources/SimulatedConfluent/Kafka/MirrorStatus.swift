/// The twelve statuses of a mirror topic's row on a link.
package enum MirrorStatus: String, Sendable, CaseIterable {
    case pendingMirror = "PENDING_MIRROR"
    case active = "ACTIVE"
    case paused = "PAUSED"
    case linkPaused = "LINK_PAUSED"
    case sourceUnavailable = "SOURCE_UNAVAILABLE"
    case linkFailed = "LINK_FAILED"
    case failed = "FAILED"
    case pendingStopped = "PENDING_STOPPED"
    case stopped = "STOPPED"
    case pendingSynchronize = "PENDING_SYNCHRONIZE"
    case pendingSetupForRestore = "PENDING_SETUP_FOR_RESTORE"
    case pendingRestore = "PENDING_RESTORE"

    /// How links count their mirrors.
    var category: String {
        switch self {
        case .active: "ACTIVE"
        case .paused, .linkPaused: "PAUSED"
        case .sourceUnavailable, .linkFailed, .failed: "IN_ERROR"
        case .stopped: "NOT_APPLICABLE"
        case .pendingMirror, .pendingStopped, .pendingSynchronize, .pendingSetupForRestore, .pendingRestore: "PENDING"
        }
    }
}
