import Domain
import Planning

/// An action as it stands in a plan document: one flat object whose `verb` says what it does.
struct ActionForm: Codable {
    let action: StepAction

    init(action: StepAction) {
        self.action = action
    }

    private enum Key: String, CodingKey {
        case verb
    }

    func encode(to encoder: any Encoder) throws {
        let facts = action.facts
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(facts.verb, forKey: .verb)
        try facts.payload?.encode(to: encoder)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let verb = try container.decode(String.self, forKey: .verb)
        guard let action = try StepAction(verb, from: decoder) else {
            throw DecodingError.dataCorruptedError(
                forKey: .verb, in: container, debugDescription: "'\(verb)' is not a verb")
        }
        self.action = action
    }
}
