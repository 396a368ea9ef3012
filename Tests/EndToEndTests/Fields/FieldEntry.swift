import SimulatorServer
import TestSupport

/// What is shown of one field: it is set, changed and removed, and each time the live systems are asked, not the product.
struct FieldEntry: Sendable {
    /// What is written into the field (`nil`: it is not there), and what comes of it.
    enum Step: Sendable {
        /// The wire then shows this.
        case shows(JSONValue?, JSONValue)
        /// The validation's code or the plan's gate says that it cannot be so.
        case refused(JSONValue?, by: String)

        var written: JSONValue? {
            switch self {
            case .shows(let value, _), .refused(let value, _): value
            }
        }

        /// What the wire shows; `nil` when the step is refused.
        var shown: JSONValue? {
            if case .shows(_, let value) = self { value } else { nil }
        }
    }

    /// How one asks the live systems.
    typealias Wire = @Sendable (Stage) async throws -> JSONValue

    /// Table and path, as in `Topic spec.partitions`.
    let field: String
    /// The document that has it, as in `Topic/orders`.
    let document: String
    /// Where it stands in that document.
    let path: String
    let set: Step
    let changed: Step
    let removed: Step
    /// Further values that are refused once it is set.
    let never: [Step]
    let wire: Wire

    init(
        _ field: String, of document: String, at path: String? = nil, set: Step, changed: Step, removed: Step,
        never: [Step] = [], wire: @escaping Wire
    ) {
        self.field = field
        self.document = document
        self.path = path ?? String(field.split(separator: " ").last ?? "")
        self.set = set
        self.changed = changed
        self.removed = removed
        self.never = never
        self.wire = wire
    }

    /// What must be refused once everything is set.
    var refusals: [Step] {
        ([changed, removed] + never).filter { $0.shown == nil }
    }
}

/// Fields that are shown on one stage: set together, changed together, removed together.
struct FieldChapter: Sendable, CustomStringConvertible {
    /// What is done with the manifests.
    enum Mode: Sendable {
        /// They are applied, until nothing is left to do.
        case applied
        /// The same, and hooks are run each time.
        case appliedWithHooks
        /// They are planned, and whatever is declared is asked for.
        case planned
    }

    let name: String
    /// What is there before anything is applied, for the simulator's `POST /_sim/estate`.
    var estate: JSONValue = .null
    /// The documents without the fields that are shown.
    let documents: @Sendable (Stage) async throws -> [JSONValue]
    let entries: [FieldEntry]
    /// What is in the environment beside the credentials of the sites.
    var environment: [String: String] = [:]
    /// Files of the workspace beside its manifests.
    var files: [String: String] = [:]
    var mode = Mode.applied
    /// Exits of an apply that has done what is declared: 3 where that itself leaves a group without protection.
    var codes: Set<Int32> = [0]
    /// Words in values that stand for what only the stage knows, as addresses.
    var words: @Sendable (Stage) async throws -> [String: String] = { _ in [:] }

    var description: String { name }
}

/// Fields that a test with a story of its own shows: the test itself stands for them, so that it cannot go away unseen.
struct FieldTest: Sendable {
    let fields: [String]
    /// Where it stands, if in the tests of another room: file below `Tests`, and function.
    let elsewhere: (file: String, function: String)?

    init<Suite>(_ test: (Suite) -> () async throws -> Void, shows fields: String...) {
        self.fields = fields
        elsewhere = nil
    }

    init<Suite, Argument>(_ test: (Suite) -> (Argument) async throws -> Void, shows fields: String...) {
        self.fields = fields
        elsewhere = nil
    }

    init(in file: String, _ function: String, shows fields: String...) {
        self.fields = fields
        elsewhere = (file, function)
    }
}
