extension Table {
    static let clusterLink = Table(
        name: "ClusterLink",
        doc: "A link outside any group. Fields of LinkSettings, and:",
        fields: [
            Field("spec.source", .reference(.cluster), .required, .replace, "Cluster records come from."),
            Field("spec.destination", .reference(.cluster), .required, .replace, "Cluster that holds the mirrors."),
            Field("spec.prefix", .string, .absent, .replace, "`cluster.link.prefix`; not with Bidirectional."),
            Field(
                "spec.mirrorTopics", .structure(.topicSelector), .absent, .yes,
                "Topics of the source mirrored at the destination."),
            Field(
                "spec.reverseMirrorTopics", .structure(.topicSelector), .absent, .yes,
                "Bidirectional only: topics of the destination mirrored at the source (active/active)."),
            Field(
                "spec.deletionPolicy", .enumeration(["Retain", "Delete"]), .value("Retain"), .yes,
                "When it leaves the manifests; Delete is refused while it has live mirrors, which it would "
                    + "turn writable."
            ),
        ],
        embedded: [(path: "spec", structure: .linkSettings)],
        excluded: ["spec.names": "a ClusterLink is one link: use `linkName`"])
}
