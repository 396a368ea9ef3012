/// One row of a table: everything known about one field.
struct Field: Hashable, Sendable {
    /// What holds when the field is absent.
    enum Default: Hashable, Sendable {
        case required
        case absent
        /// This value, as written in YAML.
        case value(String)
        /// What the words say.
        case described(String)
    }

    /// What a change of the field means for a live object.
    enum Change: String, Hashable, Sendable {
        case yes
        /// An error that says what to do.
        case no
        /// It may only grow.
        case grow
        /// Delete and create, which needs consent.
        case replace
    }

    /// Path from the document's root, or from the structure's root: `spec.state.sqlite.path`.
    let path: String
    let type: FieldType
    let defaultValue: Default
    let change: Change
    let doc: String

    init(_ path: String, _ type: FieldType, _ defaultValue: Default, _ change: Change, _ doc: String) {
        self.path = path
        self.type = type
        self.defaultValue = defaultValue
        self.change = change
        self.doc = doc
    }
}

/// A rule about which fields of one mapping may stand together.
struct Choice: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        case exactlyOne
        case atMostOne
        case atLeastOne
        /// Exactly one way to sign in; a client certificate is one.
        case signIn
    }

    /// Path of the mapping; empty for the structure's root.
    let path: String
    let form: Form
    let fields: [String]

    static func exactlyOne(_ fields: [String], at path: String = "") -> Choice {
        Choice(path: path, form: .exactlyOne, fields: fields)
    }

    static func atMostOne(_ fields: [String], at path: String = "") -> Choice {
        Choice(path: path, form: .atMostOne, fields: fields)
    }

    static func atLeastOne(_ fields: [String], at path: String = "") -> Choice {
        Choice(path: path, form: .atLeastOne, fields: fields)
    }
}

/// `field` makes sense only beside `other`, in the mapping at `path`.
struct Dependency: Hashable, Sendable {
    let path: String
    let field: String
    let needs: String

    init(_ field: String, needs other: String, at path: String = "") {
        self.path = path
        self.field = field
        self.needs = other
    }
}

/// The fields of one kind or structure.
struct Table: Sendable {
    let name: String
    let doc: String
    let fields: [Field]
    var choices: [Choice] = []
    var dependencies: [Dependency] = []
    /// Structures whose fields stand among those of the mapping at the path.
    var embedded: [(path: String, structure: StructureName)] = []
    /// Fields of embedded structures that this table does not have, with what to write instead.
    var excluded: [String: String] = [:]
}

/// Groups of fields that several kinds share.
enum StructureName: String, Hashable, Sendable, CaseIterable {
    case secretReference = "SecretRef"
    case tls = "Tls"
    case credentials = "Credentials"
    case offsetSync = "OffsetSync"
    case aclSync = "AclSync"
    case aclFilter = "AclFilter"
    case topicSelector = "TopicSelector"
    case linkSettings = "LinkSettings"
    case schemaSettings = "SchemaSettings"
    case bindingCredentials = "BindingCredentials"
    case publishTarget = "PublishTarget"
    case restartHook = "RestartHook"
}
