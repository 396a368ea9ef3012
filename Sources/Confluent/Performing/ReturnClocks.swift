/// When members began to return in this run: `timeouts.reprotect` bounds all of it, per member.
actor ReturnClocks {
    private var beginnings: [String: Duration] = [:]

    /// A member begins to return, unless it has begun already.
    func begin(_ member: String, at time: Duration) {
        beginnings[member] = beginnings[member] ?? time
    }

    /// When a member began to return; `nil` = it does not.
    func beginning(of member: String) -> Duration? { beginnings[member] }
}
