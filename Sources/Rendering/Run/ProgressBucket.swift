import Domain
import Execution
import Planning

/// Steps that are told of together, because there are many of one verb, kind and place.
struct ProgressBucket {
    /// What the steps of a bucket have in common.
    struct Key: Hashable {
        let verb: String
        let kind: ResourceKind
        let location: String

        init(_ step: Step) {
            verb = step.action.facts.verb
            if case .kafka(.createTopic(let topic)) = step.action {
                kind = .topic
                location = topic.cluster
            } else {
                kind = step.address.kind
                location = step.address.location
            }
        }
    }

    /// Buckets with more steps than this are told of in counts.
    static let limit = 20

    let key: Key
    let forms: VerbForms
    var total = 0
    var succeeded = 0
    var failed = 0
    var notRun = 0
    /// Steps that were given up in the middle.
    var open = 0

    init(_ step: Step) {
        key = Key(step)
        forms = step.action.verbForms
    }

    var ended: Int { succeeded + failed + notRun + open }
    var isFolded: Bool { total > Self.limit }

    /// `create 10,000 topics on west`.
    var title: String { "\(forms.plain) \(Words.number(total)) \(key.kind.noun(total)) on \(key.location)" }

    /// `1,200 of 10,000 topics on west created, 3 failed`.
    var progress: String {
        let noun = key.kind.noun(total)
        var text = "\(Words.number(succeeded)) of \(Words.number(total)) \(noun) on \(key.location) \(forms.done)"
        if failed > 0 { text += ", \(Words.number(failed)) failed" }
        if notRun > 0 { text += ", \(Words.number(notRun)) not run" }
        if open > 0 { text += ", \(Words.number(open)) open" }
        return text
    }

    mutating func count(_ result: StepOutcome.Result) {
        switch result {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .skipped, .interrupted: notRun += 1
        case .open: open += 1
        }
    }
}
