/// A check that a service is told to leave out, so that whoever relies on it can be seen to fail.
package enum Lie: String, Sendable, CaseIterable {
    // MARK: Every API

    /// Any key and secret open everything.
    case credentialsUnchecked
    /// `validate_only` changes things.
    case validateOnlyHasEffects

    // MARK: Kafka

    /// ACLs are listed and bind nobody.
    case aclsNotEnforced
    /// Producers may write to a mirror.
    case mirrorsTakeRecords
    /// Configs that follow the source can be changed on a mirror.
    case mirrorConfigsWritable
    /// `promote` and the reversals stop a mirror that lacks records.
    case promoteIgnoresLag
    /// `promote` is accepted, and carried out, without a source.
    case promoteWithoutSource
    /// `pause`, `resume`, `promote` and `failover` are accepted in every status but STOPPED.
    case verbsInAnyStatus
    /// `truncate-and-restore` asks for no STOPPED row on the other cluster.
    case restoreWithoutStoppedRow
    /// `truncate-and-restore` does not mind active consumer groups.
    case restoreWithActiveGroups
    /// A link with live mirrors is deleted without `force`.
    case linkDeletedWithMirrors
    /// A link takes whatever cluster answers for the one it was made for.
    case linkIdentityUnchecked
    /// A link's credentials are not checked by its source.
    case linkCredentialsUnchecked
    /// Offsets are synced into groups in use.
    case offsetsSyncedIntoActiveGroups
    /// Offsets are synced past the mirror's end.
    case offsetsSyncedPastEnd
    /// Offsets are synced for mirrors that have stopped, too.
    case offsetsSyncedAfterStop
    /// A promotion does not sync offsets a last time.
    case promoteWithoutFinalSync

    // MARK: Schema Registry

    /// IMPORT is accepted where subjects are, and removes nothing.
    case importOverSubjects
    /// An id that is bound to one schema is bound to another.
    case idCollisionsAccepted
    /// READONLY takes schemas, ids are taken outside IMPORT and made inside it.
    case modesNotEnforced
    /// Incompatible schemas are registered.
    case compatibilityUnchecked
    /// What others refer to can be deleted.
    case referencesUnchecked
    /// Versions are deleted for good without having been deleted softly.
    case hardDeleteAtOnce
    /// A running exporter can be changed, reset and deleted.
    case exportersChangedWhileRunning
    /// Writing a masked secret back keeps the secret.
    case maskedSecretsKept

    // MARK: Control plane

    /// Deletion protection protects nothing.
    case deletionProtectionIgnored

    // MARK: Stores

    /// Check-and-set is accepted whatever was written in between.
    case storesWriteUnchecked
}
