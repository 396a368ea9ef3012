/// What a document is called: its kind and name.
struct ObjectKey: Hashable, Sendable {
    var kind: ManifestKind
    var name: String
}

/// One document after lists were unfolded, before it was checked.
struct RawObject: Sendable {
    var kind: ManifestKind
    /// `nil` when the name is missing or no text; the checker says so.
    var name: String?
    var node: Node

    var key: ObjectKey? { name.map { ObjectKey(kind: kind, name: $0) } }

    /// Where the document is called what it is called.
    var namePlace: Place {
        node["metadata"]?["name"]?.place ?? node.mapping?.entries.first?.keyPlace ?? node.place
    }

    /// Where fields that are missing in the whole document are reported.
    var anchor: Place {
        node.mapping?.entry("kind")?.keyPlace ?? namePlace
    }
}
