extension StateStoreError {
    /// The fact in words, for the report of a run and for errors of commands.
    package var reason: String {
        switch self {
        case .locked(let owner): "locked by run \(owner.runID) on \(owner.host), process \(owner.process)"
        case .lockLost: "the lock was lost, or would not have been held for as long as a call can take"
        case .silent(let location, let reason): "\(location) does not answer: \(reason)"
        case .unusable(let location, let reason): "\(location) cannot be used: \(reason)"
        case .foreign(let location, let workspace): "\(location) belongs to workspace \(workspace)"
        case .tooNew(let location, let format): "\(location) has format \(format), which a newer version writes"
        case .moved(let location, let target): "the state at \(location) was moved to \(target)"
        case .missing(let location): "\(location) does not exist"
        }
    }
}
