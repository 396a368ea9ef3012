import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Environments and clusters that leave the manifests, end to end")
struct SiteDeletionTests {
    /// An environment with a cluster, to be deleted when their manifest goes.
    private static let manifest = """
        apiVersion: spillway/v1
        kind: Environment
        metadata: {name: sandbox}
        spec:
          connection: confluent
          managementPolicy: Manage
          deletionPolicy: Delete
          streamGovernance: {package: ESSENTIALS}
        ---
        apiVersion: spillway/v1
        kind: Cluster
        metadata: {name: sandbox}
        spec:
          environment: sandbox
          managementPolicy: Manage
          deletionPolicy: Delete
          type: Standard
          cloud: AWS
          region: us-west-2
          availability: SINGLE_ZONE
          credentials: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
        """

    private struct Sandbox {
        let stage: Stage
        let file: URL

        /// Applies the manifest, and removes it.
        static func left(_ stage: Stage) async throws -> Sandbox {
            let file = stage.folder.appendingPathComponent("manifests/sandbox.yaml")
            try manifest.write(to: file, atomically: true, encoding: .utf8)
            try stage.edit("spillway.yaml", "policy: {", "policy: {maxDeletions: 2, ")
            try await stage.apply()
            let sandbox = Sandbox(stage: stage, file: file)
            #expect(try await sandbox.environments().count == 3)
            #expect(try await sandbox.clusters().count == 1)
            try FileManager.default.removeItem(at: file)
            return sandbox
        }

        /// Environments as the control plane lists them.
        func environments() async throws -> [JSONValue] {
            try await stage.http.get("\(stage.endpoints.controlPlane)/org/v2/environments")["data"].array
        }

        /// Id of the environment.
        func id() async throws -> String {
            try #require(try await environments().first { $0["display_name"].string == "sandbox" }?["id"].string)
        }

        /// Display names of the clusters in it.
        func clusters() async throws -> [String] {
            let path = "\(stage.endpoints.controlPlane)/cmk/v2/clusters?environment=\(try await id())"
            return try await stage.http.get(path)["data"].array.compactMap { $0["spec"]["display_name"].string }
        }
    }

    @Test("they are deleted, the cluster first, and nothing is left to do")
    func delete() async throws {
        try await Stage.with { stage in
            let sandbox = try await Sandbox.left(stage)
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan.output)\(plan.diagnostics)")
            #expect(plan.output.contains("2 to destroy"), "\(plan.output)")
            try await stage.apply()
            let names = try await sandbox.environments().compactMap { $0["display_name"].string }
            #expect(names.sorted() == ["prod-east", "prod-west"])
            let clusters = try await stage.overview()["clusters"].array.compactMap { $0["display_name"].string }
            #expect(clusters.sorted() == ["east", "west"])
            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)")
        }
    }

    @Test("an environment with a cluster of somebody else stays, with that cluster, and the way out is named")
    func foreign() async throws {
        try await Stage.with { stage in
            let sandbox = try await Sandbox.left(stage)
            let id = try await sandbox.id()
            try await stage.http.send(
                "POST", "\(stage.endpoints.controlPlane)/cmk/v2/clusters",
                """
                {"spec": {"display_name": "stranger", "availability": "LOW", "cloud": "AWS", "region": "us-west-2",
                 "config": {"kind": "Basic"}, "environment": {"id": "\(id)"}}}
                """)
            let refused = try await stage.spillway("apply", "--auto-approve")
            #expect(refused.code == 4, "\(refused.output)\(refused.diagnostics)")
            #expect(refused.output.contains("stranger"), "\(refused.output)")
            #expect(refused.output.contains("spillway state forget environment/sandbox"), "\(refused.output)")
            #expect(try await sandbox.id() == id)
            #expect(try await sandbox.clusters().contains("stranger"))

            let forgotten = try await stage.spillway("state", "forget", "--yes", "environment/sandbox")
            #expect(forgotten.code == 0, "\(forgotten.output)\(forgotten.diagnostics)")
            let after = try await stage.spillway("apply", "--auto-approve")
            #expect(after.code == 0, "\(after.output)\(after.diagnostics)")
            #expect(try await sandbox.clusters() == ["stranger"])
        }
    }
}
