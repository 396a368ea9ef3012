package import Domain

/// One thing to do, small enough to be retried by itself.
package struct Step: Hashable, Sendable, Identifiable {
    /// Stable across plans: the address and the verb, `topic/west/orders#create`.
    package struct ID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
        /// Text of the id.
        package let description: String

        /// The id of a verb on an object.
        package init(_ address: ResourceAddress, _ verb: String) {
            self.description = "\(address)#\(verb)"
        }

        package init(text: String) {
            self.description = text
        }

        /// By text.
        package static func < (left: ID, right: ID) -> Bool {
            left.description < right.description
        }

        /// Reads the text.
        package init(from decoder: any Decoder) throws {
            self.init(text: try decoder.singleValueContainer().decode(String.self))
        }

        /// Writes the text.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(description)
        }
    }

    /// What the ledger learns when the step has succeeded.
    package enum LedgerEffect: Hashable, Sendable {
        /// The object is owned, with these facts. Before a create call the row is written with origin `creating`.
        case own(Recorded.Owned)
        /// The object is not owned any more.
        case disown
        /// The family of groups has come further in a move.
        case move(family: String, MoveEvent)
        /// The restart hook has announced this generation.
        case announced(generation: Int)
        case none
    }

    /// Identity.
    package let id: ID
    /// The object it acts on.
    package let address: ResourceAddress
    /// What it does.
    package let action: StepAction
    /// Steps that must have succeeded before.
    package let after: [ID]
    /// What the ledger learns.
    package let ledger: LedgerEffect

    package init(
        _ verb: String, _ address: ResourceAddress, _ action: StepAction, after: [ID] = [],
        ledger: LedgerEffect = .none
    ) {
        self.init(id: ID(address, verb), address: address, action: action, after: after, ledger: ledger)
    }

    init(id: ID, address: ResourceAddress, action: StepAction, after: [ID], ledger: LedgerEffect) {
        self.id = id
        self.address = address
        self.action = action
        self.after = after
        self.ledger = ledger
    }

    /// Whether running it calls a live system.
    package var isEffectful: Bool { if case .ledger = action { false } else { true } }

    /// Whether it creates the object its address names.
    package var creates: Bool { action.facts.effect == .creates }
}
