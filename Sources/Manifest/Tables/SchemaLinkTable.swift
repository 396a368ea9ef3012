extension Table {
    static let schemaLink = Table(
        name: "SchemaLink",
        doc: "A schema exporter outside any group. Fields of SchemaSettings, and:",
        fields: [
            Field("spec.source", .reference(.environment), .required, .replace, "Registry that holds the exporter."),
            Field("spec.destination", .reference(.environment), .required, .replace, "Registry it writes to."),
            Field(
                "spec.contextType", .enumeration(["NONE", "AUTO", "CUSTOM"]), .value("AUTO"), .replace,
                "Where schemas land: same contexts, a context named after the source, or `context`."),
            Field(
                "spec.context", .string, .absent, .replace,
                "Context at the destination, without the leading dot; CUSTOM only."),
            Field(
                "spec.destinationMode", .enumeration(["IMPORT", "Unmanaged"]), .value("IMPORT"), .yes,
                "Puts the destination context into IMPORT; where it already holds subjects this is shown and "
                    + "refused unless it is Unmanaged or `--override ImportMode` is given."),
            Field(
                "spec.deletionPolicy", .enumeration(["Retain", "Delete"]), .value("Retain"), .yes,
                "When it leaves the manifests."),
        ],
        embedded: [(path: "spec", structure: .schemaSettings)])
}
