package import Domain

/// What somebody has to decide, with the facts that people are told. It holds no sentence: Rendering makes of it what there is
/// to decide, what it costs, and the edit that consents.
package enum DecisionReason: Hashable, Sendable {
    /// Copies beside those of the member that serves, mirrors of elsewhere or writable; cost `nil` = nothing would be lost.
    case copies(besides: String, areMirrors: Bool, CopyCost?, CopyRemedy)
    /// Schemas that only a registry which was left holds; of some the names or ids are taken at the one that serves.
    case schemas([SchemaVersionID], on: String, besides: String, colliding: Int)
    /// In the words of the plan that was read from a file, which keeps nothing else of it.
    case told(String, cost: String, way: String)
}

/// What destroying a member's copies would lose.
package struct CopyCost: Hashable, Sendable {
    /// `nil` = it cannot be measured.
    package let divergence: RecordedMoves.Divergence?
    /// Records that the new primary lacked when it last knew.
    package let lastKnownLag: Int64
    /// Schemas that only the member's registry holds; `nil` = none, or nothing is known.
    package let schemas: Schemas?

    package struct Schemas: Hashable, Sendable {
        package let environment: String
        package let versions: [SchemaVersionID]

        package init(on environment: String, _ versions: [SchemaVersionID]) {
            self.environment = environment
            self.versions = versions
        }
    }

    package init(_ divergence: RecordedMoves.Divergence?, lastKnownLag: Int64, _ schemas: Schemas? = nil) {
        self.divergence = divergence
        self.lastKnownLag = lastKnownLag
        self.schemas = schemas
    }
}

/// The edit that consents to what becomes of copies.
package enum CopyRemedy: Hashable, Sendable {
    /// `reprotect` is Manual; a bidirectional link can restore, too.
    case reprotect(mayRestore: Bool)
    case discard
}
