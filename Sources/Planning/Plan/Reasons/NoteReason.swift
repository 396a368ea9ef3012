package import Domain

/// What a note tells, by what it is about, with the facts that people are told. It holds no sentence: Rendering makes it.
package enum NoteReason: Hashable, Sendable {
    /// A `discard` that does nothing any more: it was used, or names no copies that are to be destroyed now.
    case inertDiscard(token: String, isUsed: Bool)
    case usedFailover(incident: String)
    /// A former member whose copies nobody reconciled.
    case givenUp(member: String, source: String)
    /// Schema versions for which a move does not wait.
    case missingSchemas([SchemaVersionID], source: String, destination: String)
    /// Topics that the move of their family left behind.
    case leftBehind([String], by: RefusedMove, LeftTopicsObstacle)
    /// Entries on the side that serves, which nobody here may remove.
    case deniedWriters([String], of: [String], on: String)
    case troubledExporter(String, trouble: String)
    /// A site that is known by its id has another display name than the declared one.
    case displayName(live: String, declared: String)
    /// A site answers, and no control plane lists it.
    case unlisted
    /// Its connection is not declared any more.
    case published(place: String, connection: String)
    /// What the manifests called it before.
    case renamed(from: String)
    /// A source that lists no topics, with the patterns that are looked for in it.
    case unlistedTopics(source: String, patterns: [String])
    /// Topics of which the cluster did not say whether it takes them.
    case uncheckedTopics([String], cluster: String, silence: String)
    /// In the words of the plan that was read from a file, which keeps nothing else of it.
    case told(String)
}

/// What keeps topics that a move left behind from following.
package enum LeftTopicsObstacle: Hashable, Sendable {
    case openMove
    case reversion
    /// The member that was left does not follow yet.
    case noStandby
    /// All of them are left by `--leave`.
    case option
    case stuck([String: MirrorStatus])
    /// They are on their way to being mirrors.
    case unsettled([String: MirrorStatus])
    case gates([MoveReason])
}
