import Domain
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
    private struct Form: Codable {
        let group, member: String
        let topics: [String]
        let message, cost, wayOut: String
        let token: String?
    }

    package init(from decoder: any Decoder) throws {
        let form = try Form(from: decoder)
        self.init(
            group: form.group, member: form.member, topics: form.topics,
            .told(form.message, cost: form.cost, way: form.wayOut), token: form.token)
    }

    package func encode(to encoder: any Encoder) throws {
        try Form(
            group: group, member: member, topics: topics, message: message, cost: cost, wayOut: wayOut, token: token
        ).encode(to: encoder)
    }
}

/// A change as it stands in documents, and in what a saved plan is bound to: its reason in words.
extension Change: Codable {
    private struct Form: Codable {
        let address: ResourceAddress
        let effect: Effect
        let differences: [FieldDifference]
        let reason, group: String?
    }

    package init(from decoder: any Decoder) throws {
        let form = try Form(from: decoder)
        self.init(
            form.effect, form.address, differences: form.differences, reason: form.reason.map(ChangeReason.told),
            group: form.group)
    }

    package func encode(to encoder: any Encoder) throws {
        try Form(address: address, effect: effect, differences: differences, reason: reason?.words, group: group)
            .encode(to: encoder)
    }
}
