import Domain
import Execution
import Planning

/// What a ledger keeps of one owned object, and how it changes: the same in every kind of store.
struct OwnedRow: Hashable, Sendable, Codable {
    /// The object.
    var owned: Recorded.Owned
    /// What was owned before the create call whose outcome is open.
    var before: Recorded.Owned?
    /// The run that wrote it last.
    var run: String

    /// The row from the intent of a step that creates on; `nil` where the ledger learns nothing of it.
    static func creating(_ step: Step, over row: OwnedRow?, run: String) -> OwnedRow? {
        guard step.creates, case .own(var owned) = step.ledger else { return nil }
        owned.origin = .creating
        return OwnedRow(owned: owned, before: row?.owned.origin == .creating ? row?.before : row?.owned, run: run)
    }

    /// The row when a create call had no effect: what was there before it; `nil` when nothing was.
    static func reverting(_ row: OwnedRow, run: String) -> OwnedRow? {
        row.before.map { OwnedRow(owned: $0, before: nil, run: run) }
    }

    /// The row when a step has made, changed or taken over its object.
    ///
    /// - Parameter isProven: Whether the object was seen to be as it should.
    static func owning(
        _ owned: Recorded.Owned, by step: Step, over row: OwnedRow?, run: String, isProven: Bool
    ) -> OwnedRow {
        var owned = owned
        let existing = row.flatMap { $0.owned.mayBe(owned) ? $0.owned : nil }
        owned.origin = origin(of: owned, existing: existing, created: step.creates)
        if !step.creates {
            owned.nativeID = owned.nativeID ?? existing?.nativeID
            owned.siteID = owned.siteID ?? existing?.siteID
        }
        return OwnedRow(owned: isProven ? owned : owned.unproven, before: nil, run: run)
    }

    /// An object that was created stays created, and one that was adopted stays adopted while it is only changed.
    private static func origin(
        of owned: Recorded.Owned, existing: Recorded.Owned?, created: Bool
    ) -> Recorded.Origin {
        if created { return .created }
        switch (existing?.origin, owned.origin) {
        case (.adopted, _): return .adopted
        case (.created, _): return .created
        case (_, .creating): return .created
        case (_, let wanted): return wanted
        }
    }
}

extension StepOutcome {
    /// What a ledger does with an outcome.
    enum Lesson {
        /// The step has its effect; `isProven` tells whether that was seen to be right.
        case learn(isProven: Bool)
        /// Nobody knows: what was intended stays.
        case keep
        /// The step had no effect.
        case revert
    }

    var lesson: Lesson {
        switch result {
        case .succeeded: .learn(isProven: true)
        case .failed(let failure), .open(let failure): failure.lesson(creating: step.creates)
        case .skipped, .interrupted: .revert
        }
    }
}

extension StepFailure {
    fileprivate func lesson(creating: Bool) -> StepOutcome.Lesson {
        switch effect {
        case .none: .revert
        case .some where creating: .learn(isProven: false)
        case .some, .unknown: .keep
        }
    }
}

extension StepOutcome {
    /// The environment or cluster of which nothing that was known holds any more: it was deleted, or made anew.
    var forgottenSite: ResourceAddress? {
        guard case .learn = lesson else { return nil }
        switch step.ledger {
        case .disown: return step.deletedSite
        case .own where step.creates: return step.address
        case .own, .none, .move, .announced: return nil
        }
    }
}

extension Step {
    fileprivate var deletedSite: ResourceAddress? {
        switch action {
        case .cloud(.deleteEnvironment), .cloud(.deleteCluster): address
        default: nil
        }
    }
}

extension Recorded.Owned {
    /// Whether two rows of one address can be about the same live object.
    fileprivate func mayBe(_ other: Recorded.Owned) -> Bool {
        func agree(_ one: String?, _ another: String?) -> Bool { one == nil || another == nil || one == another }
        return agree(nativeID, other.nativeID) && agree(siteID, other.siteID)
    }
}
