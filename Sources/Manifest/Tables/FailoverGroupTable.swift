extension Table {
    static let failoverGroup = Table(
        name: "FailoverGroup",
        doc: "Topics, schemas and clients that are primary in one place and move together.",
        fields: [
            Field(
                "spec.primary", .reference(.cluster), .absent, .yes,
                "The member that is written to: this line is the topology."),
            Field(
                "spec.follows", .reference(.failoverGroup), .absent, .yes,
                "Takes `primary`, `members` and `failover` from that group and moves with it (one line for a region)."),
            Field(
                "spec.members", .list(.reference(.cluster)), .described("required with primary"), .yes,
                "Two or more; a member that leaves is detached first (fence, exporter, link halves), then released."),
            Field(
                "spec.failover.from", .reference(.cluster), .required, .yes,
                "Consent to lose what this member did not replicate: lets the change of primary run without it."),
            Field(
                "spec.failover.incident", .string, .required, .yes,
                "Incident or change number; the consent is spent once a transition has used it."),
            Field(
                "spec.failover.overrides",
                .list(
                    .enumeration([
                        "Alive", "BestSurvivor", "Clients", "Health", "Loss", "OpenEpoch", "QuietPeriod", "Readiness",
                        "Stores",
                    ])), .value("[]"), .yes,
                "Gates this incident may pass; shown in the plan."),
            Field(
                "spec.discard", .list(.string), .value("[]"), .yes,
                "One-time consents `member@epoch-ledger`, as the plan prints them: the copies on that member "
                    + "that lost that epoch may be destroyed by `reprotect`."),
            Field(
                "spec.reprotect", .enumeration(["Manual", "Recreate", "Restore", "Retire"]), .value("Manual"), .yes,
                "How members follow the new primary: by hand · delete and mirror anew · truncate-and-restore "
                    + "(Bidirectional) · never again (migration)."),
            Field(
                "spec.topics", .structure(.topicSelector), .absent, .yes,
                "Topics of the group, besides every Topic that names it."),
            Field(
                "spec.link", .structure(.linkSettings), .value("{}"), .yes,
                "Its cluster links, one per secondary from the primary; a group that follows another shares its "
                    + "links, and their group lists are united."),
            Field(
                "spec.schemas", .structure(.schemaSettings), .absent, .yes,
                "Its schema exporter, contextType NONE; absent = schemas are not moved; one group per pair of "
                    + "registries may have it."),
            Field(
                "spec.fence.denyWrites", .list(.string), .value("[]"), .yes,
                "Principals denied WRITE on the group's topics at the side that stops being primary, before the "
                    + "drain; `User:*` is a complete fence, a list is partial; empty with `quiet` set = somebody else "
                    + "stops the producers, Spillway verifies stillness."),
            Field(
                "spec.fence.quiet", .duration, .value("10s"), .yes,
                "Source offsets must stand still this long, whoever fences, before anything is promoted."),
            Field(
                "spec.fence.registry", .boolean, .value("true"), .yes,
                "The registry of the side that stops being primary is READONLY while it is fenced."),
            Field("spec.objectives.rpo.records", .integer(minimum: 0), .absent, .yes, "Records that may be lost."),
            Field(
                "spec.objectives.rpo.age", .duration, .absent, .yes,
                "Age of the oldest record that may be lost; checked where `status --record` keeps lag history."),
            Field("spec.objectives.rto", .duration, .absent, .yes, "Start of apply to clients moved."),
            Field(
                "spec.canary", .string, .absent, .yes,
                "Topic of the group that takes records of a move: one has to arrive before, and one proves the new primary writable."
            ),
        ],
        choices: [.exactlyOne(["primary", "follows"], at: "spec")],
        dependencies: [
            Dependency("primary", needs: "members", at: "spec"), Dependency("members", needs: "primary", at: "spec"),
            Dependency("failover", needs: "primary", at: "spec"),
        ],
        embedded: [(path: "spec.link", structure: .linkSettings)],
        excluded: ["spec.link.linkName": "a group has a link per pair of members: use `names`"])
}
