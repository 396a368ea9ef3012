/// What one step does to a live system, by whose calls carry it out. It names objects as the manifests do; ids, endpoints
/// and secrets are looked up when the step runs, so that a plan holds none.
package enum StepAction: Hashable, Sendable {
    case cloud(CloudAction)
    case kafka(KafkaAction)
    case move(MoveAction)
    case registry(RegistryAction)
    case binding(BindingAction)
    case hook(HookAction)
    /// Nothing is sent: only the ledger learns something.
    case ledger(LedgerAction)
}

/// The actions of one room. A room says everything of a verb beside its case.
package protocol RoomAction: Hashable, Sendable, Encodable {
    /// Names in documents and events; they never change.
    associatedtype Verb: RawRepresentable<String>
    /// What is known of the action.
    var facts: ActionFacts { get }
    /// Reads what a verb is applied to in a plan document.
    init(_ verb: Verb, from document: any Decoder) throws
}

/// What is known of an action.
package struct ActionFacts: Sendable {
    /// What becomes of the object.
    package enum Effect: Sendable {
        case creates, changes, destroys, waits, records
    }

    /// Its name in documents and events.
    package let verb: String
    /// What becomes of the object.
    package let effect: Effect
    /// A round figure for calls that go well; what a run really took is in its journal.
    package let expected: Duration
    /// The part of a move that it is for; `nil` = it makes ready, before the point of no return or behind it.
    package let part: MovePart?
    /// What it is applied to, as it stands in plan documents; `nil` for what the ledger alone learns.
    package let payload: (any Encodable & Sendable)?

    init(
        _ verb: some RawRepresentable<String>, _ effect: Effect, _ expected: Duration, for part: MovePart? = nil,
        _ payload: (any Encodable & Sendable)? = nil
    ) {
        self.verb = verb.rawValue
        self.effect = effect
        self.expected = expected
        self.part = part
        self.payload = payload
    }
}

/// What steps of a move are for, in the order in which the parts begin.
package enum MovePart: CaseIterable, Sendable {
    case prepare, fence, drain, end, ready, publish, restart
}

extension StepAction {
    /// What is known of it.
    package var facts: ActionFacts { ofItsRoom.facts }

    private var ofItsRoom: any RoomAction {
        switch self {
        case .cloud(let action): action
        case .kafka(let action): action
        case .move(let action): action
        case .registry(let action): action
        case .binding(let action): action
        case .hook(let action): action
        case .ledger(let action): action
        }
    }

    private static let readers: [@Sendable (String, any Decoder) throws -> StepAction?] = [
        { try CloudAction.read($0, $1).map(cloud) }, { try KafkaAction.read($0, $1).map(kafka) },
        { try MoveAction.read($0, $1).map(move) }, { try RegistryAction.read($0, $1).map(registry) },
        { try BindingAction.read($0, $1).map(binding) }, { try HookAction.read($0, $1).map(hook) },
        { try LedgerAction.read($0, $1).map(ledger) },
    ]

    /// The action that a plan document tells of; `nil` when no room has such a verb.
    package init?(_ verb: String, from document: any Decoder) throws {
        guard let action = try Self.readers.compactMap({ try $0(verb, document) }).first else { return nil }
        self = action
    }
}

extension StepAction: Encodable {
    /// Writes the case of the room alone: digests of saved plans go through it, and know no rooms.
    package func encode(to encoder: any Encoder) throws { try ofItsRoom.encode(to: encoder) }
}

extension RoomAction {
    fileprivate static func read(_ verb: String, _ document: any Decoder) throws -> Self? {
        try Verb(rawValue: verb).map { try Self($0, from: document) }
    }
}

extension Decoder {
    /// What an action is applied to, where it stands beside the verb.
    func payload<Payload: Decodable>() throws -> Payload { try Payload(from: self) }
}
