package import Planning

/// A refusal as it stands in a plan document: in words, for whoever reads it decides nothing by them.
struct RefusalForm: Codable {
    let gate: Refusal.Gate
    let subject: String
    let group: String?
    let message: String
    let wayOut: String
    let origin: ManifestOrigin?

    init(_ refusal: Refusal) {
        gate = refusal.gate
        subject = refusal.subject
        group = refusal.group
        message = refusal.message
        wayOut = refusal.wayOut
        origin = refusal.origin
    }

    var refusal: Refusal { Refusal(gate, subject: subject, .told(message, way: wayOut), origin: origin) }
}

/// A note as it stands in a plan document.
struct NoteForm: Codable {
    let subject: String?
    let text: String

    init(_ note: Plan.Note) {
        subject = note.subject
        text = note.sentence
    }

    var note: Plan.Note { Plan.Note(.told(text), about: subject) }
}

/// A decision as it stands in documents: in words.
extension NeededDecision: Codable {
    private enum Key: String, CodingKey {
        case group, member, topics, message, cost, wayOut, token
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) throws -> String { try values.decode(String.self, forKey: key) }
        self.init(
            group: try text(.group), member: try text(.member),
            topics: try values.decode([String].self, forKey: .topics),
            .told(try text(.message), cost: try text(.cost), way: try text(.wayOut)),
            token: try values.decodeIfPresent(String.self, forKey: .token))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(group, forKey: .group)
        try values.encode(member, forKey: .member)
        try values.encode(topics, forKey: .topics)
        try values.encode(message, forKey: .message)
        try values.encode(cost, forKey: .cost)
        try values.encode(wayOut, forKey: .wayOut)
        try values.encodeIfPresent(token, forKey: .token)
    }
}
