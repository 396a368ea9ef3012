import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Migrations, end to end")
struct MigrationTests {
    @Test(
        "topics of an Apache Kafka move to Confluent by the line, with every record, and nothing is left behind there")
    func retire() async throws {
        try await Stage.with { stage in
            let seeded = try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/estate",
                """
                {"environments": [{"id": "env-m", "display_name": "prod-cloud"}],
                 "keys": [{"id": "link", "secret": "link-secret", "resource": "lkc-onprem", "owner": "link"}],
                 "clusters": [
                  {"id": "lkc-onprem", "display_name": "onprem", "kind": "ApacheKafka", "region": "basement",
                   "topics": [{"name": "billing.invoices", "partitions": 3, "records": 40},
                              {"name": "billing.events.paid", "partitions": 2, "records": 20}]},
                  {"id": "lkc-cloud", "display_name": "cloud", "kind": "Dedicated", "region": "us-east-1",
                   "environment": "env-m"}]}
                """)
            #expect(seeded["clusters"].int == 2)
            let onprem = try #require(
                try await stage.overview()["clusters"].array.first { $0["id"].string == "lkc-onprem" })
            for file in ["group", "sites", "topics", "clients"] {
                try FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests/\(file).yaml"))
            }
            let manifests = Self.manifests(stage, bootstrap: try #require(onprem["bootstrap"].string))
            try manifests.write(
                to: stage.folder.appendingPathComponent("manifests/billing.yaml"), atomically: true, encoding: .utf8)
            var stage = stage
            stage.spillway.environment["LINK_USER"] = "link"
            stage.spillway.environment["LINK_PASSWORD"] = "link-secret"
            let first = try await stage.spillway("apply", "--auto-approve")
            #expect([0, 3].contains(first.code), "\(first.output)\(first.diagnostics)")
            try await eventually {
                let mirrors = try await stage.mirrors(on: "cloud")
                return mirrors.count == 2 && mirrors.values.allSatisfy { $0 == ["ACTIVE"] } ? () : nil
            }
            try await stage.replicated("billing.invoices", to: "cloud")
            try await stage.replicated("billing.events.paid", to: "cloud")
            try stage.edit("manifests/billing.yaml", "primary: onprem", "primary: cloud")
            let process = try stage.spillway.start(
                ["apply", "--auto-approve", "--confirm-primary", "billing=cloud"])
            let moved = try await process.outcome()
            #expect(moved.code == 0, "\(moved.output)\(moved.diagnostics)")
            let cloud = try await stage.overview()["clusters"].array.first { $0["id"].string == "lkc-cloud" }
            let bootstrap = try #require(cloud?["bootstrap"].string)
            #expect(try stage.read("out/billing.json").contains(bootstrap))
            #expect(try await stage.mirrors(on: "cloud").values.allSatisfy { $0 == ["STOPPED"] })
            #expect(try await stage.records(of: "billing.invoices", on: "cloud") == 120)
            #expect(try await stage.records(of: "billing.events.paid", on: "cloud") == 40)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    private static func manifests(_ stage: Stage, bootstrap: String) -> String {
        """
        apiVersion: spillway/v1
        kind: Connection
        metadata: {name: confluent}
        spec:
          confluentCloud:
            endpoint: \(stage.endpoints.controlPlane)
            apiKey: {env: CLOUD_KEY}
            apiSecret: {env: CLOUD_SECRET}
        ---
        apiVersion: spillway/v1
        kind: Environment
        metadata: {name: prod-cloud}
        spec: {connection: confluent}
        ---
        apiVersion: spillway/v1
        kind: Cluster
        metadata: {name: onprem}
        spec:
          type: ApacheKafka
          id: lkc-onprem
          bootstrapServers: \(bootstrap)
          linkCredentials: {username: {env: LINK_USER}, password: {env: LINK_PASSWORD}}
        ---
        apiVersion: spillway/v1
        kind: Cluster
        metadata: {name: cloud}
        spec:
          environment: prod-cloud
          type: Dedicated
          credentials: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
        ---
        apiVersion: spillway/v1
        kind: FailoverGroup
        metadata: {name: billing}
        spec:
          primary: onprem
          members: [onprem, cloud]
          reprotect: Retire
          topics: {include: [billing.invoices, "billing.events.*"], autoCreate: true}
          fence: {quiet: 500ms}
        ---
        apiVersion: spillway/v1
        kind: ClientBinding
        metadata: {name: billing}
        spec:
          failoverGroup: billing
          properties: {bootstrap.servers: "${cluster.bootstrapServers}"}
          publish: [{file: {path: out/billing.json, format: JSON}}]

        """
    }
}
