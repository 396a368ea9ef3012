import Domain
import Manifest
import Planning

/// A workspace of one group with many topics, as text and as a converged pair of clusters would show it: what the
/// benchmark package, which sees nothing else of this one, has loaded and planned.
public struct TopicSample: Sendable {
    private let files: MemoryFiles

    /// - Parameter topics: How many.
    public init(topics: Int) {
        var list =
            "apiVersion: spillway/v1\nkind: List\ndefaults: {kind: Topic, spec: {failoverGroup: g, partitions: 1}}\nitems:\n"
        for number in 0..<topics { list += "  - {metadata: {name: orders.topic-\(number)}}\n" }
        files = MemoryFiles([
            "w/spillway.yaml": "apiVersion: spillway/v1\nkind: Workspace\nmetadata: {name: w}\n",
            "w/topics.yaml": list,
            "w/sites.yaml": Self.sites,
        ])
    }

    private static let sites = """
        apiVersion: spillway/v1
        kind: List
        defaults:
          kind: Cluster
          spec:
            type: ConfluentPlatform
            environment: e
            credentials: {username: {env: U}, password: {env: P}}
            linkCredentials: {username: {env: U}, password: {env: P}}
        items:
          - {metadata: {name: west}, spec: {restEndpoint: "http://west", bootstrapServers: "west:9092"}}
          - {metadata: {name: east}, spec: {restEndpoint: "http://east", bootstrapServers: "east:9092"}}
        ---
        apiVersion: spillway/v1
        kind: Environment
        metadata: {name: e}
        spec: {schemaRegistry: {endpoint: "http://registry"}}
        ---
        apiVersion: spillway/v1
        kind: FailoverGroup
        metadata: {name: g}
        spec: {primary: west, members: [west, east]}
        """

    /// Loads and validates.
    ///
    /// - Returns: How many topics there are; `nil` when the workspace does not load.
    public func load() -> Int? { workspace?.topics.count }

    /// What is planned from, made before time is taken.
    public struct Input: Sendable {
        fileprivate let input: PlanInput

        /// - Returns: How many steps there are to do.
        public func plan() -> Int { Planner.plan(input).steps.count }
    }

    /// What a plan of the workspace starts from; `nil` when it does not load.
    public var input: Input? {
        workspace.map { workspace in
            Input(
                input: PlanInput(
                    workspace: workspace, observation: Self.converged(workspace), recorded: Recorded(),
                    toolVersion: "1.0.0"))
        }
    }

    private var workspace: Workspace? { WorkspaceLoader(files: files, version: "1.0.0").load("w").loaded?.workspace }

    private static func converged(_ workspace: Workspace) -> Observation {
        var west = KafkaSnapshot(clusterID: "W")
        var east = KafkaSnapshot(clusterID: "E")
        east.links = [ObservedLink(name: "g-west-east", remoteClusterID: "W")]
        for topic in workspace.topics.values {
            west.topics[topic.topicName] = ObservedTopic(partitions: 1, replicationFactor: 3)
            east.topics[topic.topicName] = ObservedTopic(partitions: 1, replicationFactor: 3)
            east.mirrors.append(
                ObservedMirror(
                    link: "g-west-east", topic: topic.topicName, sourceTopic: topic.topicName, status: .active))
        }
        return Observation(
            startedAt: Timestamp(milliseconds: 0), clusters: ["west": .reachable(west), "east": .reachable(east)],
            sites: KnownSites(clusters: ["west": .init(id: "W"), "east": .init(id: "E")]))
    }
}
