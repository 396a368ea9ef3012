import Domain

extension Table {
    static let bindingCredentials = Table(
        name: "BindingCredentials",
        doc: "One site's credentials of an application.",
        fields: [
            Field(
                "kafka", .structure(.credentials), .absent, .yes,
                "For the brokers: `${credentials.kafka.apiKey}` and so on."),
            Field(
                "schemaRegistry", .structure(.credentials), .absent, .yes,
                "For the registry: `${credentials.schemaRegistry.apiKey}` and so on."),
        ])

    static let restartHook = Table(
        name: "RestartHook",
        doc: "One hook.",
        fields: [
            Field("when", .reference(.cluster), .absent, .yes, "Runs only when this member is or becomes the primary."),
            Field("timeout", .duration, .described("timeouts.restart"), .yes, "Deadline."),
            Field("kubernetes.connection", .connection(.kubernetes), .required, .yes, "Connection of type kubernetes."),
            Field("kubernetes.namespace", .string, .required, .yes, "Namespace."),
            Field("kubernetes.deployment", .string, .absent, .yes, "Deployment to restart and wait for."),
            Field("kubernetes.statefulSet", .string, .absent, .yes, "StatefulSet to restart and wait for."),
            Field("kubernetes.daemonSet", .string, .absent, .yes, "DaemonSet to restart and wait for."),
            Field(
                "kubernetes.replicas", .integer(minimum: 0), .absent, .yes,
                "Scales to this number first (a standby that sleeps at 0)."),
            Field("http.method", .enumeration(["POST", "PUT", "GET"]), .value("POST"), .yes, "Method."),
            Field("http.url", .url, .required, .yes, "URL."),
            Field(
                "http.headers", .map(.textOrSecret), .value("{}"), .yes,
                "Headers; values are text or secret references."),
            Field("http.body", .text, .absent, .yes, "Body, with `${…}` references, no secrets."),
            Field(
                "http.expectStatus", .list(.integer(minimum: 100)), .value("[200, 201, 202, 204]"), .yes,
                "Statuses that mean success."),
            Field("http.tls", .structure(.tls), .absent, .yes, "TLS."),
            Field(
                "http.allowInsecure", .boolean, .value("false"), .yes,
                "Allows secret headers by plain http to another machine."),
            Field(
                "command", .list(.string), .absent, .yes,
                "argv without shell, run on the machine that applies; needs policy.allowCommands."),
        ],
        choices: [
            .exactlyOne(["kubernetes", "http", "command"]),
            .exactlyOne(["deployment", "statefulSet", "daemonSet"], at: "kubernetes"),
        ])
}
