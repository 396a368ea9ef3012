package import Domain

/// What somebody has to decide, with the facts that people are told. It holds no sentence: Rendering makes of it what there is
/// to decide, what it costs, and the edit that consents.
package enum DecisionReason: Hashable, Sendable {
    /// Copies beside those of the member that serves, mirrors of elsewhere or writable; without costs nothing would be lost.
    case copies(besides: String, areMirrors: Bool, costs: [CopyCost], CopyRemedy)
    /// Schemas that only a registry which was left holds; of some the names or ids are taken at the one that serves.
    case schemas([SchemaVersionID], on: String, besides: String, colliding: Int)
    /// In the words of the plan that was read from a file, which keeps nothing else of it.
    case told(String, cost: String, way: String)
}

/// What destroying a member's copies would lose.
package enum CopyCost: Hashable, Sendable {
    case records(RecordedMoves.Divergence)
    /// Records that cannot be counted; the new primary lacked so many when it last knew.
    case unknownRecords(lastKnownLag: Int64)
    /// Schemas that only the member's registry holds.
    case schemas([SchemaVersionID], on: String)
}

/// The edit that consents to what becomes of copies.
package enum CopyRemedy: Hashable, Sendable {
    /// `reprotect` is Manual; a bidirectional link can restore, too.
    case reprotect(mayRestore: Bool)
    case discard
}
