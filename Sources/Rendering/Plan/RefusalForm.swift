import Planning

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
