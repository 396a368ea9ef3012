import Domain

extension Table {
    static let environment = Table(
        name: "Environment",
        doc: "A Confluent Cloud environment, or the Schema Registry of a self-managed site.",
        fields: [
            Field(
                "spec.connection", .connection(.confluentCloud), .absent, .no, "Control plane; absent = self-managed."),
            Field(
                "spec.id", .string, .described("found by displayName"), .no,
                "`env-…`; another id behind the name is an error."),
            Field("spec.displayName", .string, .described("metadata.name"), .yes, "Display name."),
            Field(
                "spec.managementPolicy", .enumeration(["Observe", "Manage"]), .value("Observe"), .yes,
                "Observe never creates, changes or deletes it; Manage does."),
            Field(
                "spec.streamGovernance.package", .enumeration(["ESSENTIALS", "ADVANCED"]), .absent, .grow,
                "Governance package."),
            Field(
                "spec.schemaRegistry.endpoint", .url, .described("discovered"), .yes,
                "Registry URL; required when self-managed."),
            Field(
                "spec.schemaRegistry.allowInsecure", .boolean, .value("false"), .yes,
                "Allows plain http to another machine, also for the token endpoint."),
            Field(
                "spec.schemaRegistry.credentials", .structure(.credentials), .absent, .yes,
                "What Spillway uses; absent = the registry is not managed."),
            Field(
                "spec.schemaRegistry.linkCredentials", .structure(.credentials), .absent, .yes,
                "What exporters of other registries use to write here; required for a destination."),
            Field(
                "spec.schemaRegistry.compatibility",
                .enumeration([
                    "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE",
                    "NONE",
                ]), .described("unmanaged"), .yes,
                "Global compatibility level."),
            Field(
                "spec.deletionPolicy", .enumeration(["Retain", "Delete"]), .value("Retain"), .yes,
                "When it leaves the manifests; Delete needs managementPolicy Manage."),
        ])
}
