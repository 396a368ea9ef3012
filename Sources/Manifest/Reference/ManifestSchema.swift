/// JSON Schema (2020-12) of the manifests, for editors and other tools.
///
/// It is made from the tables that check and decode manifests. Rules that look at several manifests (references,
/// capabilities of clusters) are only in `spillway validate`.
package enum ManifestSchema {
    /// The schema of one kind, or of any document when no kind is given.
    ///
    /// - Returns: JSON text with a final line break.
    package static func jsonSchema(_ kind: ManifestKind? = nil) -> String {
        (kind.map(document) ?? combined).formatted
    }

    /// Files of the `schemas` folder by name, with their text.
    package static var files: [(name: String, text: String)] {
        [("spillway.json", jsonSchema())] + ManifestKind.allCases.map { ("\($0.rawValue).json", jsonSchema($0)) }
    }

    static func document(_ kind: ManifestKind) -> OrderedJSON {
        var builder = SchemaBuilder()
        let body = builder.document(kind)
        return assembled(title: kind.rawValue, body, builder.definitions())
    }

    static var combined: OrderedJSON {
        var builder = SchemaBuilder()
        var kinds = ManifestKind.allCases.map { kind in
            OrderedJSON.Member(key: kind.rawValue, value: builder.document(kind))
        }
        kinds.append(.init(key: ManifestKind.list, value: builder.list()))
        let branches = kinds.map { kind in
            OrderedJSON.fields([
                "if": .fields([
                    "properties": .fields(["kind": .fields(["const": .text(kind.key)])]),
                    "required": .texts(["kind"]),
                ]),
                "then": .fields(["$ref": .text("#/$defs/\(kind.key)")]),
            ])
        }
        let parts = ManifestKind.allCases.map { kind in
            OrderedJSON.Member(key: SchemaBuilder.partialName(kind.rawValue), value: builder.part(of: kind))
        }
        let body = OrderedJSON.fields([
            "description": .text("One document of a Spillway workspace."), "type": .text("object"),
            "properties": .fields([
                "apiVersion": .fields(["const": .text(ManifestKind.apiVersion)]),
                "kind": .fields(["enum": .texts(kinds.map(\.key))]),
            ]),
            "required": .texts(["apiVersion", "kind"]), "allOf": .array(branches),
        ])
        return assembled(title: "Manifest", body, kinds + parts + builder.definitions())
    }

    private static func assembled(
        title: String, _ body: OrderedJSON, _ definitions: [OrderedJSON.Member]
    ) -> OrderedJSON {
        guard case .object(let members) = body else { return body }
        let head: [OrderedJSON.Member] = [
            .init(key: "$schema", value: .text(SchemaBuilder.dialect)),
            .init(key: "$id", value: .text("urn:spillway:v1:\(title)")), .init(key: "title", value: .text(title)),
        ]
        let tail: [OrderedJSON.Member] =
            definitions.isEmpty ? [] : [.init(key: "$defs", value: .object(definitions))]
        return .object(head + members + tail)
    }
}
