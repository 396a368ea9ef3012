import Domain
import Planning

/// A step as it stands in a plan document.
struct StepForm: Codable {
    let step: Step

    private enum Key: String, CodingKey {
        case id, address, action, after, ledger, description
    }

    init(_ step: Step) {
        self.step = step
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let id = try container.decode(Step.ID.self, forKey: .id)
        let address = try container.decode(ResourceAddress.self, forKey: .address)
        let prefix = "\(address)#"
        guard id.description.hasPrefix(prefix) else {
            throw DecodingError.dataCorruptedError(
                forKey: .id, in: container, debugDescription: "'\(id)' is not a step of \(address)")
        }
        step = Step(
            String(id.description.dropFirst(prefix.count)), address,
            try container.decode(ActionForm.self, forKey: .action).action,
            after: try container.decode([Step.ID].self, forKey: .after),
            ledger: try container.decode(LedgerForm.self, forKey: .ledger).effect)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(step.id, forKey: .id)
        try container.encode(step.address, forKey: .address)
        try container.encode(ActionForm(action: step.action), forKey: .action)
        try container.encode(step.after, forKey: .after)
        try container.encode(LedgerForm(effect: step.ledger), forKey: .ledger)
        try container.encode(step.words, forKey: .description)
    }
}

/// What the ledger learns: `{"effect": "own", "owned": {…}}`, `{"effect": "disown"}`, `{"effect": "none"}`,
/// `{"effect": "move", "family": "payments", "event": {"type": "past"}}`, `{"effect": "announced", "generation": 4}`.
private struct LedgerForm: Codable {
    let effect: Step.LedgerEffect

    private enum Key: String, CodingKey {
        case effect, owned, family, event, generation
    }

    private enum Word: String, Codable {
        case own, disown, move, announced, none
    }

    init(effect: Step.LedgerEffect) {
        self.effect = effect
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Word.self, forKey: .effect) {
        case .own: effect = .own(try container.decode(Recorded.Owned.self, forKey: .owned))
        case .disown: effect = .disown
        case .move:
            effect = .move(
                family: try container.decode(String.self, forKey: .family),
                try container.decode(MoveEventForm.self, forKey: .event).event)
        case .announced: effect = .announced(generation: try container.decode(Int.self, forKey: .generation))
        case .none: effect = .none
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch effect {
        case .own(let owned):
            try container.encode(Word.own, forKey: .effect)
            try container.encode(owned, forKey: .owned)
        case .disown: try container.encode(Word.disown, forKey: .effect)
        case .move(let family, let event):
            try container.encode(Word.move, forKey: .effect)
            try container.encode(family, forKey: .family)
            try container.encode(MoveEventForm(event), forKey: .event)
        case .announced(let generation):
            try container.encode(Word.announced, forKey: .effect)
            try container.encode(generation, forKey: .generation)
        case .none: try container.encode(Word.none, forKey: .effect)
        }
    }
}
