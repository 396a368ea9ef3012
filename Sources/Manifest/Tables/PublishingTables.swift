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

    static let publishTarget = Table(
        name: "PublishTarget",
        doc: "One store. Only the named keys are touched; generation and primary go beside them (comment, "
            + "annotation, custom metadata, tag), never among them.",
        fields: [
            Field(
                "file.path", .path, .required, .replace,
                "File, replaced atomically, relative to the workspace file and below it."),
            Field(
                "file.format", .enumeration(["Properties", "JSON", "YAML", "Dotenv"]), .value("Properties"), .yes,
                "Dotenv writes `bootstrap.servers` as `BOOTSTRAP_SERVERS`."),
            Field(
                "file.contents", .enumeration(["Properties", "Secrets", "All"]), .value("Properties"), .yes,
                "What goes in; anything but Properties makes the file 0600."),
            Field("consul.connection", .connection(.consul), .required, .yes, "Connection of type consul."),
            Field("consul.key", .string, .required, .replace, "Key, or prefix with format Keys."),
            Field(
                "consul.format", .enumeration(["JSON", "Properties", "Keys"]), .value("JSON"), .yes,
                "One document, or one key per property in one transaction."),
            Field("vault.connection", .connection(.vault), .required, .yes, "Connection of type vault."),
            Field("vault.mount", .string, .value("secret"), .replace, "KV v2 mount."),
            Field(
                "vault.path", .string, .required, .replace, "Path; merge-patched with check-and-set, other fields stay."
            ),
            Field("vault.contents", .enumeration(["Secrets", "All"]), .value("Secrets"), .yes, "What goes in."),
            Field("kubernetes.connection", .connection(.kubernetes), .required, .yes, "Connection of type kubernetes."),
            Field("kubernetes.namespace", .string, .required, .replace, "Namespace."),
            Field("kubernetes.configMap", .string, .absent, .replace, "ConfigMap for the properties."),
            Field("kubernetes.secret", .string, .absent, .replace, "Secret for the secrets."),
            Field("awsSecretsManager.connection", .connection(.aws), .required, .yes, "Connection of type aws."),
            Field("awsSecretsManager.name", .string, .required, .replace, "Secret, a JSON object; other fields stay."),
            Field(
                "awsSecretsManager.contents", .enumeration(["Secrets", "All"]), .value("Secrets"), .yes, "What goes in."
            ),
            Field("awsParameterStore.connection", .connection(.aws), .required, .yes, "Connection of type aws."),
            Field(
                "awsParameterStore.path", .string, .required, .replace,
                "Path below which each key is a parameter (secrets as SecureString)."),
            Field(
                "awsParameterStore.contents", .enumeration(["Properties", "Secrets", "All"]), .value("Properties"),
                .yes,
                "What goes in."),
            Field("etcd.connection", .connection(.etcd), .required, .yes, "Connection of type etcd."),
            Field("etcd.key", .string, .required, .replace, "Key of the JSON document."),
        ],
        choices: [
            .exactlyOne(["file", "consul", "vault", "kubernetes", "awsSecretsManager", "awsParameterStore", "etcd"]),
            .atLeastOne(["configMap", "secret"], at: "kubernetes"),
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
                "command", .list(.string), .absent, .yes,
                "argv without shell, run on the machine that applies; needs policy.allowCommands."),
        ],
        choices: [
            .exactlyOne(["kubernetes", "http", "command"]),
            .exactlyOne(["deployment", "statefulSet", "daemonSet"], at: "kubernetes"),
        ])
}
