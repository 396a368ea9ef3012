extension Table {
    static let offsetSync = Table(
        name: "OffsetSync",
        doc: "Consumer-offset sync of a link.",
        fields: [
            Field(
                "enabled", .boolean, .value("true"), .yes,
                "`consumer.offset.sync.enable`; filters are always written before the flag."),
            Field("interval", .duration, .value("30s"), .yes, "`consumer.offset.sync.ms`."),
            Field(
                "groups.include", .list(.pattern), .value("[\"*\"]"), .yes,
                "Groups to sync: a literal name, or a prefix ending in one `*` (the wire has nothing else)."),
            Field(
                "groups.exclude", .list(.pattern), .value("[]"), .yes,
                "Groups not to sync; exclude wins; list the groups of applications that run at the destination."),
        ])

    static let aclSync = Table(
        name: "AclSync",
        doc: "ACL sync of a link.",
        fields: [
            Field(
                "enabled", .boolean, .value("false"), .yes,
                "`acl.sync.enable`; not with `prefix`; RBAC role bindings are never synced."),
            Field("interval", .duration, .value("5s"), .yes, "`acl.sync.ms`."),
            Field(
                "filters", .list(.structure(.aclFilter)), .required, .yes,
                "ACLs to sync; must match ALLOW entries only, so that a fence never travels; the server deletes "
                    + "matching ACLs at the destination that the source lacks."),
        ])

    static let aclFilter = Table(
        name: "AclFilter",
        doc: "One entry of `acl.filters`.",
        fields: [
            Field(
                "resourceType", .enumeration(["TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "ANY"]), .value("ANY"),
                .yes,
                "Kind of resource."),
            Field("resourceName", .string, .absent, .yes, "Name; absent = any."),
            Field(
                "patternType", .enumeration(["LITERAL", "PREFIXED", "ANY"]), .value("ANY"), .yes,
                "How the name matches."),
            Field("principal", .string, .absent, .yes, "`User:…`; absent = any."),
            Field(
                "operation",
                .enumeration([
                    "ANY", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION",
                    "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "IDEMPOTENT_WRITE",
                ]), .value("ANY"), .yes, "Kafka ACL operation."),
            Field("permissionType", .enumeration(["ALLOW"]), .value("ALLOW"), .no, "Only ALLOW may be synced."),
        ])

    static let topicSelector = Table(
        name: "TopicSelector",
        doc: "Which topics.",
        fields: [
            Field(
                "include", .list(.glob), .value("[]"), .yes,
                "Globs: `*` any run, `?` one character, everything else literal (`.` is a dot, this is no regex)."),
            Field("exclude", .list(.glob), .value("[]"), .yes, "Globs taken out again; exclude wins."),
            Field(
                "allowInternal", .list(.string), .value("[]"), .yes,
                "Literal names of internal topics to mirror all the same; each is a warning."),
            Field(
                "autoCreate", .boolean, .value("false"), .yes,
                "The link itself creates mirrors of new matching topics (`auto.create.mirror.topics.*`); "
                    + "`include` and `exclude` may then hold only literals and `prefix*`."),
        ])

    static let linkSettings = Table(
        name: "LinkSettings",
        doc: "A cluster link, in ClusterLink.spec and FailoverGroup.spec.link alike.",
        fields: [
            Field(
                "linkName", .string, .described("metadata.name"), .replace,
                "ClusterLink only: name of the link on the wire; the same for both halves of a bidirectional pair."),
            Field(
                "names", .map(.string), .value("{}"), .replace,
                "FailoverGroup only: link names by `source-destination` (bidirectional: the two in alphabetical "
                    + "order), to adopt existing links; default `<group>-<source>-<destination>`."),
            Field(
                "mode", .enumeration(["Unidirectional", "Bidirectional"]), .value("Unidirectional"), .replace,
                "Bidirectional can be reversed without deleting topics; both clusters need Dedicated, "
                    + "Enterprise or Confluent Platform 7.5."),
            Field(
                "initiator", .reference(.cluster), .described("the destination; Bidirectional: both"), .replace,
                "The only side that can open connections to the other (source-initiated links, firewalls)."),
            Field(
                "consumerOffsetSync", .structure(.offsetSync), .described("on in a group, off in a ClusterLink"), .yes,
                "Consumer-offset sync."),
            Field("aclSync", .structure(.aclSync), .absent, .yes, "ACL sync."),
            Field(
                "configs", .map(.scalar), .value("{}"), .yes,
                "Other link configs by wire name; keys that have a field here are an error."),
        ])

    static let schemaSettings = Table(
        name: "SchemaSettings",
        doc: "A schema exporter, in SchemaLink.spec and FailoverGroup.spec.schemas alike.",
        fields: [
            Field(
                "exporterName", .string, .described("metadata.name"), .replace,
                "Name of the exporter on the source registry."),
            Field(
                "subjects", .list(.string), .required, .yes,
                "Subjects in the registry's own notation: `*` default context, `:*:` all contexts, `orders*` prefix."),
            Field("subjectRenameFormat", .string, .value("${subject}"), .yes, "Wire field of this name."),
            Field(
                "kekRenameFormat", .string, .value("${kek}"), .yes,
                "Wire field of this name (client-side field encryption)."),
            Field("paused", .boolean, .value("false"), .yes, "Keeps the exporter PAUSED."),
        ])
}
