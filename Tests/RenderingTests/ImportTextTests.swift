import Domain
import Estate
import Rendering
import TestSupport
import Testing

/// What an import tells of what it found, and of what it left out.
@Suite struct ImportTextTests {
    private static let obstacles: [GroupObstacle] = [
        .standbyTakesSchemas(environment: "prod-east"), .modeUnknown(environment: "prod-east"), .contextType(.auto),
        .prefix("west."), .autoCreate, .topicsOf(group: "orders"), .mirroredBy(link: "archive"),
        .schemasOf(group: "orders"), .bothWays, .noMirrors, .offsetSync,
    ]

    private static let remarks: [Remark] =
        [
            .linkToElsewhere(link: "copy", cluster: "east", remote: "lkc-1"),
            .linkToElsewhere(link: "copy", cluster: "east", remote: nil),
            .halfOfLink(link: "both", cluster: "east"), .linkMode(link: "new", cluster: "east", mode: "TRIANGULAR"),
            .halvesDiffer(link: "both", between: ["west", "east"], configs: ["acl.sync.ms"]),
            .leastVersion(cluster: "dc1", version: "7.5.0"),
            .linkConfigs(link: "copy", cluster: "east", names: ["a.b", "c.d"]),
            .mirrors(cluster: "east", link: "copy", status: .failed, topics: ["a", "b", "c", "d", "e", "f"]),
            .mirrorsBesideFilters(link: "copy", topics: ["odd"]),
            .topicConfigs(cluster: "west", name: "compression.type", topics: ["a"]),
            .topicNames(cluster: "west", topics: ["a_b"]),
            .exporterToElsewhere(exporter: "copy", environment: "prod-west", url: "https://sr"),
            .exporterToElsewhere(exporter: "copy", environment: "prod-west", url: nil),
            .exporterContext(exporter: "copy", environment: "prod-west"),
        ] + obstacles.map { .noGroup(link: "copy", exporter: "schemas", $0) }
        + [.left(type: "confluent_api_key", count: 2)]

    @Test("what was found, what was not read, what was left out, and what comes next")
    func outcome() {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "estate")))
        for name in ["west", "east"] {
            workspace.clusters[name] = ClusterSpec(metadata: Metadata(name: name), type: .dedicated)
        }
        workspace.failoverGroups["payments"] = FailoverGroupSpec(
            metadata: Metadata(name: "payments"), placement: .declared(primary: "west", members: ["west", "east"]))
        workspace.topics["orders"] = TopicSpec(metadata: Metadata(name: "orders"), home: .failoverGroup("payments"))
        let outcome = ImportOutcome(
            workspace: workspace, remarks: Self.remarks,
            unread: [
                .init(.cluster("east"), because: .silence("denied: 401")),
                .init(.registry("prod-east"), because: .silence("unreachable: connect timed out")),
                .init(.cluster("odd"), because: .type("Serverless")),
            ], variables: [("CLOUD_KEY", true), ("KAFKA_EAST_KEY", false), ("KAFKA_EAST_SECRET", false)])
        GoldenFile("import.txt").expect(ImportText.render(outcome, in: "estate"))
    }
}
