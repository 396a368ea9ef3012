/// The reference page of the documentation, made from the tables.
package enum ReferencePage {
    /// Markdown with a final line break.
    package static var markdown: String {
        let intro = """
            # Manifests: every kind, every field

            <!-- Made from the field tables by `SPILLWAY_RECORD=1 swift test --filter ManifestTests`; do not edit. -->

            Every document has `apiVersion: \(ManifestKind.apiVersion)`, `kind` and `metadata`. In the column *change*,
            *no* means an error that says what to do, *grow* that the value may only grow, and *replace* that the object
            is deleted and created again, which needs consent.

            ## Forms of values

            | type | form |
            |---|---|
            | `name`, `ref(Kind)` | letters, digits, `.`, `_`, `-`; at most 249; not beginning with `.` or `-` |
            | `duration` | whole numbers with units, greatest first: `500ms`, `30s`, `1h30m`, `7d` |
            | `size` | a whole number and a unit: `512B`, `64KiB`, `1GiB`, `500MB` |
            | `url` | `http` or `https`, without user name and password |
            | `glob` | `*` any run, `?` one character, everything else literal |
            | `pattern` | a literal, or a prefix that ends in one `*` |
            | `scalar` | text, number or boolean, kept as written |
            | `secret` | a reference to a secret (SecretRef), never the secret |

            """
        let kinds = ManifestKind.allCases.map { section($0.rawValue, Table.of($0), level: "##") }
        let structures = StructureName.allCases.map { section($0.rawValue, Table.of($0), level: "###") }
        return
            ([intro, section("Header", Table.header, level: "##")] + kinds
            + [
                section("List", Table.list, level: "##"),
                "## Structures\n\nGroups of fields that several kinds share.\n",
            ]
            + structures).joined(separator: "\n")
    }

    private static func section(_ title: String, _ table: Table, level: String) -> String {
        var lines = ["\(level) \(title)", "", table.doc, ""]
        let rules =
            table.choices.map { choice in
                (choice.path.isEmpty ? "" : "In `\(choice.path)`: ") + choice.inWords
            } + table.dependencies.map { "`\($0.field)` needs `\($0.needs)`" }
            + table.embedded.map { "`\($0.path)` holds the fields of \($0.structure.rawValue)" }
        if !rules.isEmpty { lines += rules.map { "- \($0)" } + [""] }
        if !table.fields.isEmpty {
            lines += ["| field | type | default | change | |", "|---|---|---|---|---|"]
            lines += table.fields.map(row)
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ field: Field) -> String {
        let value =
            switch field.defaultValue {
            case .required: "required"
            case .absent: "–"
            case .value(let text): "`\(text)`"
            case .described(let words): words
            }
        let cells = ["`\(field.path)`", "`\(field.type.inWords)`", value, field.change.rawValue, field.doc]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}
