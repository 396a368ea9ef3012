extension Table {
    static let header = Table(
        name: "Header",
        doc: "Every document.",
        fields: [
            Field("apiVersion", .constant("spillway/v1"), .required, .no, "Version of the manifest format."),
            Field(
                "kind", .enumeration(ManifestKind.allCases.map(\.rawValue) + [ManifestKind.list]), .required, .no,
                "What the document describes."),
            Field(
                "metadata.name", .name, .required, .no,
                "Name other manifests refer to; unique per kind in the workspace."),
            Field("metadata.labels", .map(.text), .value("{}"), .yes, "Free pairs for `--selector`; sent nowhere."),
            Field(
                "metadata.protect", .boolean, .value("false"), .yes,
                "Every plan that would delete or recreate this object, or one expanded from it, exits 4."),
        ])

    static let list = Table(
        name: "List",
        doc: "Many documents in one; takes no metadata and no spec.",
        fields: [
            Field(
                "defaults", .any, .value("{}"), .yes,
                "Partial document merge-patched under every item; the "
                    + "item wins."),
            Field(
                "items", .list(.any), .required, .yes, "Documents; `apiVersion` and `kind` may come from `defaults`."),
        ])
}
