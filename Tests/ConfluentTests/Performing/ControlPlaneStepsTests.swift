import Confluent
import Domain
import Execution
import Planning
import Testing

@Suite struct ControlPlaneStepsTests {
    @Test("What was created is in the directory, with endpoints, when the steps return")
    func directory() async throws {
        try await Rig.with { rig in
            try await rig.buildRegions()
            let site = try #require(await rig.directory.cluster("west"))
            #expect(site.id.hasPrefix("lkc-"))
            #expect(site.restEndpoint?.hasSuffix("/kafka") == true)
            #expect(site.bootstrapServers?.contains(":9092") == true)
            let environment = try #require(await rig.directory.environment("west"))
            #expect(environment.id == site.environmentID)
            #expect(environment.registryID?.hasPrefix("lsrc-") == true)
            #expect(environment.registryEndpoint?.hasPrefix("http") == true)
        }
    }

    @Test("A create whose answer is lost takes the one that came of it, and creates no second")
    func lostAnswer() async throws {
        try await Rig.with { rig in
            for path in ["/org/v2/environments", "/cmk/v2/clusters"] {
                try await rig.spoil("control", path: path, #""method":"POST","effect":"loseResponse","count":1"#)
            }
            try await rig.buildRegions()
            let snapshot = try #require(await rig.observe().controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.count == 2)
            #expect(snapshot.clusters.count == 2)
        }
    }

    @Test("Changes of environments and clusters are visible when the step returns")
    func update() async throws {
        try await Rig.seeded { rig in
            var update = ClusterUpdate(cluster: "west")
            update.cku = 2
            update.displayName = "west-two"
            try await rig.perform(
                .cloud(
                    .updateEnvironment(EnvironmentUpdate(environment: "west", displayName: "west-new", governance: nil))
                ),
                .cloud(.updateCluster(update)))
            var rig = rig
            rig.workspace.environments["west"]?.displayName = "west-new"
            let snapshot = try #require(await rig.observe().controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.contains { $0.displayName == "west-new" })
            let cluster = try #require(snapshot.clusters.first { $0.id == "lkc-west" })
            #expect(cluster.cku == 2 && cluster.currentCKU == 2)
            #expect(cluster.displayName == "west-two")
        }
    }

    @Test("Deleted clusters and environments are gone when the step returns; deleting again is success")
    func delete() async throws {
        try await Rig.seeded { rig in
            try await rig.perform(
                .cloud(.deleteCluster(ClusterReference(cluster: "west"))),
                .cloud(.deleteCluster(ClusterReference(cluster: "west"))),
                .cloud(.deleteEnvironment(EnvironmentReference(environment: "west"))),
                .cloud(.deleteEnvironment(EnvironmentReference(environment: "west"))))
            let snapshot = try #require(await rig.observe().controlPlanes["cloud"]?.snapshot)
            #expect(snapshot.environments.map(\.id) == ["env-east"])
            #expect(snapshot.clusters.map(\.id) == ["lkc-east"])
        }
    }

    @Test("A refused key is denied, and a quota is rejected in the service's words")
    func refused() async throws {
        try await Rig.with { rig in
            try await rig.spoil(
                "control", path: "/org/v2/environments",
                #""method":"POST","effect":"status","status":402,"#
                    + #""body":{"errors":[{"id":"1","status":"402","code":"quota_exceeded","detail":"25 environments"}]}"#
            )
            let creation = EnvironmentCreation(environment: "west", displayName: "west-display", governance: nil)
            let quota = await rig.failure(of: .cloud(.createEnvironment(creation)))
            #expect(quota?.kind == .rejected)
            #expect(quota?.message == "POST /org/v2/environments: HTTP 402 (quota_exceeded): 25 environments")
            var rig = rig
            rig.secrets.values["SECRET"] = "wrong-secret"
            let denied = await rig.failure(of: .cloud(.createEnvironment(creation)))
            #expect(denied?.kind == .denied || denied?.kind == .rejected)
        }
    }
}
