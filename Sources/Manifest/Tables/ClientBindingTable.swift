extension Table {
    static let clientBinding = Table(
        name: "ClientBinding",
        doc: "What one application needs to find its cluster, and where it is published.",
        fields: [
            Field(
                "spec.failoverGroup", .reference(.failoverGroup), .absent, .yes, "Follows the primary of this group."),
            Field(
                "spec.cluster", .reference(.cluster), .absent, .yes, "Pinned to this cluster (standby applications)."),
            Field(
                "spec.uses", .list(.reference(.failoverGroup)), .value("[]"), .yes,
                "Further groups the application touches; they must have the same primary."),
            Field(
                "spec.credentials", .mapByName(.cluster, .structure(.bindingCredentials)), .value("{}"), .yes,
                "The application's own credentials, by Cluster name."),
            Field(
                "spec.properties", .map(.text), .described("bootstrap.servers, schema.registry.url"), .yes,
                "What is published, plain: text with `${…}` references."),
            Field(
                "spec.secrets", .map(.text), .value("{}"), .yes,
                "What is published as secret: text with `${…}` references."),
            Field(
                "spec.publish", .list(.structure(.publishTarget)), .required, .yes,
                "Stores; secrets are written everywhere before any property is."),
            Field(
                "spec.restart", .list(.structure(.restartHook)), .value("[]"), .yes,
                "After publishing, in order; failures exit 3 and are retried by the next apply."),
        ],
        choices: [.exactlyOne(["failoverGroup", "cluster"], at: "spec")])
}
