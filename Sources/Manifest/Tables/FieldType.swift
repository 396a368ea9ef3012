import Domain

/// The type of one field: what may be written, and how it is checked, explained and described in JSON Schema.
indirect enum FieldType: Hashable, Sendable {
    /// Text that may be empty.
    case text
    /// Text that may not be empty.
    case string
    case boolean
    /// A whole number, not below the minimum.
    case integer(minimum: Int)
    /// A name of a manifest: see ``ValueForm/name``.
    case name
    /// A path relative to the workspace file.
    case path
    /// An `http` or `https` URL.
    case url
    /// Whole numbers with units, greatest first: `500ms`, `30s`, `1h30m`, `7d`.
    case duration
    /// A whole number and a unit: `512B`, `64KiB`, `1GiB`, `500MB`.
    case size
    /// Text, number or boolean, kept as written.
    case scalar
    /// Anything.
    case any
    /// A pattern of topic names.
    case glob
    /// A literal, or a prefix that ends in one `*`.
    case pattern
    /// A reference to a secret.
    case secret
    /// Text or a reference to a secret.
    case textOrSecret
    case enumeration([String])
    case constant(String)
    /// The name of another manifest.
    case reference(ManifestKind)
    /// The name of a Connection to a system of this type.
    case connection(ConnectionType)
    case list(FieldType)
    case map(FieldType)
    /// A mapping whose keys are names of manifests.
    case mapByName(ManifestKind, FieldType)
    case structure(StructureName)
}

extension FieldType {
    /// The type as the reference shows it: `ref(Cluster)`, `[glob]`, `map(string)`.
    var inWords: String {
        switch self {
        case .text, .string: "string"
        case .boolean: "bool"
        case .integer(let minimum): minimum == 0 ? "int" : "int (at least \(minimum))"
        case .name: "name"
        case .path: "path"
        case .url: "url"
        case .duration: "duration"
        case .size: "size"
        case .scalar: "scalar"
        case .any: "any"
        case .glob: "glob"
        case .pattern: "pattern"
        case .secret: "secret"
        case .textOrSecret: "string or secret"
        case .enumeration(let words): words.joined(separator: " | ")
        case .constant(let word): word
        case .reference(let kind): "ref(\(kind.rawValue))"
        case .connection(let type): "ref(Connection), \(type.rawValue)"
        case .list(let item): "[\(item.inWords)]"
        case .map(let value): "map(\(value.inWords))"
        case .mapByName(let kind, let value): "map(\(kind.rawValue) name to \(value.inWords))"
        case .structure(let name): name.rawValue
        }
    }
}
