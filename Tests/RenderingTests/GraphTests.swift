import Domain
import Rendering
import TestSupport
import Testing

/// Pictures of a topology.
@Suite struct GraphTests {
    private static var workspace: Workspace {
        var workspace = Workspace(spec: WorkspaceSpec(metadata: Metadata(name: "payments")))
        for (name, region) in [("west", "us-west-2"), ("east", "us-east-1"), ("audit", "eu-west-1")] {
            var cluster = ClusterSpec(metadata: Metadata(name: name), type: .dedicated)
            cluster.environment = "prod-\(name)"
            cluster.region = region
            workspace.clusters[name] = cluster
            workspace.environments["prod-\(name)"] = EnvironmentSpec(metadata: Metadata(name: "prod-\(name)"))
        }
        var group = FailoverGroupSpec(
            metadata: Metadata(name: "payments"), placement: .declared(primary: "west", members: ["west", "east"]))
        group.schemas = SchemaSettings(subjects: ["*"])
        workspace.failoverGroups["payments"] = group
        workspace.clusterLinks["archive"] = ClusterLinkSpec(
            metadata: Metadata(name: "archive"), source: "west", destination: "audit")
        workspace.clientBindings["checkout"] = ClientBindingSpec(
            metadata: Metadata(name: "checkout"), target: .failoverGroup("payments"))
        workspace.clientBindings["audit-reader"] = ClientBindingSpec(
            metadata: Metadata(name: "audit-reader"), target: .cluster("audit"))
        return workspace
    }

    /// West serves and is fenced on a topic; a mirror on east has failed, and audit is dark.
    private static var seen: Topology {
        var observation = Observation(startedAt: Samples.moment)
        observation.sites.clusters = [
            "west": .init(id: "lkc-w"), "east": .init(id: "lkc-e"), "audit": .init(id: "lkc-a"),
        ]
        observation.sites.environments = [
            "prod-west": .init(id: "env-w", registryEndpoint: "https://sr-w"),
            "prod-east": .init(id: "env-e", registryEndpoint: "https://sr-e/"),
        ]
        let topics = ["a", "b", "__internal"].map { ($0, ObservedTopic(partitions: 1, replicationFactor: 3)) }
        var west = KafkaSnapshot(clusterID: "lkc-w", topics: Dictionary(uniqueKeysWithValues: topics))
        west.denials = [.denyWrites(to: "a", by: "User:*")]
        observation.clusters["west"] = .reachable(west)
        observation.clusters["east"] = .reachable(
            KafkaSnapshot(
                clusterID: "lkc-e", topics: Dictionary(uniqueKeysWithValues: topics),
                links: [ObservedLink(name: "payments-west-east", remoteClusterID: "lkc-w")],
                mirrors: [
                    ObservedMirror(link: "payments-west-east", topic: "a", sourceTopic: "a", status: .active),
                    ObservedMirror(link: "payments-west-east", topic: "b", sourceTopic: "b", status: .failed),
                ]))
        observation.clusters["audit"] = .unreachable(reason: "connection refused")
        observation.registries["prod-west"] = .reachable(
            RegistrySnapshot(
                modes: [.standard: .readWrite],
                exporters: [
                    ObservedExporter(
                        name: "payments", contextType: ExporterContextType.none, subjects: ["*"],
                        destinationURL: "https://sr-e", state: .running)
                ]))
        observation.registries["prod-east"] = .reachable(RegistrySnapshot(modes: [.standard: .import]))
        return Topology(seen: observation, of: workspace, holders: ["payments": "west"])
    }

    @Test("what is seen is drawn as it is: directions, mirrors that do not fetch, fences, silence")
    func drawn() {
        GoldenFile("graph-seen.mmd").expect(GraphText.mermaid(Self.seen))
        GoldenFile("graph-seen.dot").expect(GraphText.dot(Self.seen))
        GoldenFile("graph-seen.svg").expect(GraphSVG.render(Self.seen, title: "payments, now"))
    }

    @Test("what is declared is drawn without a look at anything")
    func declared() {
        GoldenFile("graph-declared.mmd").expect(GraphText.mermaid(Topology(declared: Self.workspace)))
    }

    @Test("after an apply the flow is the declared one, and what is not known is not said")
    func becoming() throws {
        var workspace = Self.workspace
        workspace.failoverGroups["payments"]?.placement = .declared(primary: "east", members: ["west", "east"])
        let after = Self.seen.becoming(Topology(declared: workspace))
        let link = try #require(after.links.first { $0.group == "payments" })
        #expect(link.source == "east" && link.destination == "west" && link.mirrors == nil)
        #expect(after.sites.first { $0.name == "audit" }?.silence == "unreachable: connection refused")
        #expect(after.clients.first { $0.name == "checkout" }?.site == "east")
    }

    @Test("nobody is drawn as primary of a group whose holder is not known")
    func unknownHolder() {
        let seen = Topology(seen: Observation(startedAt: Samples.moment), of: Self.workspace, holders: [:])
        #expect(seen.groups.isEmpty && seen.links.isEmpty)
        #expect(seen.clients.map(\.name) == ["audit-reader"])
        #expect(seen.sites.allSatisfy { $0.writableTopics == nil && $0.registryMode == nil && $0.fencedTopics == nil })
    }

    @Test("names and silences of others cannot leave their places")
    func escaping() {
        var topology = Self.seen
        topology.sites[0].silence = "<script>\"]; x --> y\n%% \u{1B}[31m & \u{202E}"
        for text in [GraphText.mermaid(topology), GraphText.dot(topology), GraphSVG.render(topology, title: "<b>")] {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
            #expect(!text.contains("not seen: <script>\"]"))
        }
        #expect(GraphText.mermaid(topology).contains("&lt;script&gt;&quot;]; x --&gt; y"))
        #expect(GraphText.dot(topology).contains("<script>\\\"]; x --> y"))
        #expect(GraphSVG.render(topology, title: "<b>").contains("&lt;script&gt;&quot;]"))
    }
}
