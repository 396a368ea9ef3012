package import Domain

/// Why an object is changed, where that is not obvious, with the facts that people are told. It holds no sentence:
/// Rendering makes it.
package enum ChangeReason: Hashable, Sendable {
    case move(RecordedMoves.Kind)
    case leaving(LeavingReason)
    /// Configs of an adopted topic that somebody else set.
    case leavesAlone(configs: [String])
    /// Nothing that is declared pauses a mirror.
    case unpaused
    /// A mirror that was made does not fetch yet.
    case awaited
    /// A copy becomes a mirror again: truncated to where another member went on, or (`nil`) deleted and made anew.
    case replacedCopy(restoredFrom: String?, CopyGrounds)
    case published(place: String)
    case withdrawn(binding: String)
    case announcement(generation: Int)
    /// A member was given up by this plan, or by an earlier one.
    case abandoned
    case givenUp(member: String)
    /// The other end of a link is no member any more; mirrors that become ordinary topics with it.
    case formerMember(String, mirrors: [String])
    case fence(member: String)
    /// Inherited = some of it was written before the ledger began.
    case unfence(member: String, isInherited: Bool)
    /// A move had switched off what a link does.
    case switchedOff
    case otherPrimary(String)
    case unusedExporter
    /// Schemas come from another registry now, or the one they went to is written to.
    case otherSchemaSource(String)
    case writtenRegistry(String)
    /// Schemas whose names and ids the registry that serves will give again.
    case lostSchemas(source: String)
    /// In the words of the plan that was read from a file, which keeps nothing else of it.
    case told(String)
}

/// Why an object is deleted or given up that is not declared, or not managed, any more.
package enum LeavingReason: Hashable, Sendable {
    case observed
    case notDeclared
    case notDerived
    /// Its policy deletes it; with it go topics that a cluster holds.
    case deleted(with: [String])
    case unknownID
    /// It is gone already, with the place it was in.
    case gone(with: String?)
    case unlisted
    /// The place it is in left the manifests, too.
    case placeLeft(String)
    /// The name of its place means another site now; site = the id of its own, where it is known.
    case otherSite(String?, place: String)
}

/// Why a copy may be destroyed.
package enum CopyGrounds: Hashable, Sendable {
    case lossless
    case consent(token: String)
    /// By a consent that an earlier run used.
    case usedConsent
}
