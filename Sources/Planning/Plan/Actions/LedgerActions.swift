/// What the ledger alone learns; nothing is sent.
package enum LedgerAction: RoomAction {
    /// Writes a decision to the ledger; nothing is sent.
    case record
    /// Takes ownership in the ledger; nothing is sent.
    case adopt
    /// Gives up ownership in the ledger; nothing is sent.
    case release

    package enum Verb: String, CaseIterable {
        case record, adopt, release
    }

    package var facts: ActionFacts {
        switch self {
        case .record: ActionFacts(Verb.record, .records, .seconds(0))
        case .adopt: ActionFacts(Verb.adopt, .records, .seconds(1))
        case .release: ActionFacts(Verb.release, .records, .seconds(1))
        }
    }

    package init(_ verb: Verb, from document: any Decoder) throws {
        switch verb {
        case .record: self = .record
        case .adopt: self = .adopt
        case .release: self = .release
        }
    }
}
