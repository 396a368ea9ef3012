import Benchmark
import Domain
import Manifest
import Planning

/// A workspace of one group with many topics, as text.
private func manifests(topics: Int) -> [String: String] {
    var list =
        "apiVersion: spillway/v1\nkind: List\ndefaults: {kind: Topic, spec: {failoverGroup: g, partitions: 1}}\nitems:\n"
    for number in 0..<topics { list += "  - {metadata: {name: orders.topic-\(number)}}\n" }
    return [
        "w/spillway.yaml": "apiVersion: spillway/v1\nkind: Workspace\nmetadata: {name: w}\n",
        "w/topics.yaml": list,
        "w/sites.yaml": """
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
        """,
    ]
}

/// What a converged pair of clusters would tell about a workspace.
private func converged(_ workspace: Workspace) -> Observation {
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

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .peakMemoryResident], maxDuration: .seconds(10), maxIterations: 20)
    let files = MemoryFiles(manifests(topics: 10_000))

    Benchmark("load and validate 10,000 topics") { _ in
        blackHole(WorkspaceLoader(files: files, version: "1.0.0").load("w"))
    }

    Benchmark("plan 10,000 topics and their mirrors") { benchmark in
        guard let loaded = WorkspaceLoader(files: files, version: "1.0.0").load("w").loaded else {
            return benchmark.error("the workspace does not load")
        }
        let input = PlanInput(
            workspace: loaded.workspace, observation: converged(loaded.workspace), recorded: Recorded(),
            toolVersion: "1.0.0")
        benchmark.startMeasurement()
        blackHole(Planner.plan(input))
        benchmark.stopMeasurement()
    }
}
