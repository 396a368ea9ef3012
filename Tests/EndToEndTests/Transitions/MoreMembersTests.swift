import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Groups of three members and of several groups, end to end")
struct MoreMembersTests {
    @Test("a third region is an edit of members: its cluster, link and mirrors are made, and it can take over")
    func thirdRegion() async throws {
        try await Stage.withThree { stage in
            #expect(try await stage.mirrors(on: "north").count == 12)
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["ACTIVE"] })
            let status = try await stage.spillway("status", "--check", "-o", "json")
            #expect(status.code == 0, "\(status.output)\(status.diagnostics)")
            let report = try JSONValue(parsing: status.output)
            let takeovers = report["groups"].array.first?["takeovers"].array ?? []
            #expect(takeovers.compactMap { $0["member"].string } == ["east", "north"])
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let outcome = try await stage.move(to: "north", from: "west")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=north epoch=1"))
            #expect(try await stage.records(of: "payments.ledger", on: "north") == 50)
        }
    }

    @Test("the survivor that holds more is named; and the third member follows the new primary afterwards")
    func bestSurvivor() async throws {
        try await Stage.withThree { stage in
            try await stage.http.send(
                "PUT", "\(try await stage.kafka("north"))/links/payments-west-north/configs/cluster.link.paused",
                #"{"value": "true"}"#)
            try await stage.produce(to: "payments.ledger", on: "west", 9)
            try await eventually {
                try await stage.records(of: "payments.ledger", on: "east") == 59 ? () : nil
            }
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let behind = try await stage.move(to: "north", from: "west")
            #expect(behind.code == 4, "\(behind.output)\(behind.diagnostics)")
            #expect(behind.output.contains("east holds 9 records that north does not"), "\(behind.output)")
            #expect(behind.output.contains("primary: east"))
            let outcome = try await stage.move(to: "east", from: "north")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 59)
            // Empty partitions tell nothing of how far a mirror came, so that somebody has to consent.
            let plan = try await stage.spillway("plan", "-o", "json")
            #expect(plan.output.contains("north still mirrors 12 topics"), "\(plan.output)")
            let token = try #require(plan.output.firstMatch(of: /north@1-[0-9a-f]+/).map { String($0.0) })
            try stage.declare("discard: [\(token)]")
            let repointed = try await stage.spillway("apply", "--auto-approve")
            #expect(repointed.code == 3, "\(repointed.output)\(repointed.diagnostics)")
            let rows = try await stage.http.get("\(try await stage.kafka("north"))/links/-/mirrors")["data"].array
                .filter { $0["mirror_status"].string != "STOPPED" }
            #expect(Set(rows.map { $0["link_name"].string }) == ["payments-east-north"])
            #expect(rows.count == 12)
            try await stage.replicated("payments.ledger", to: "north")
            #expect(try await stage.records(of: "payments.ledger", on: "north") == 59)
        }
    }

    @Test("groups that follow one move with its line, in one run and one epoch")
    func follows() async throws {
        try await Stage.withPair { stage in
            let follower = """
                apiVersion: spillway/v1
                kind: FailoverGroup
                metadata: {name: orders}
                spec:
                  follows: payments
                  topics: {include: ["orders.*"]}
                  fence: {denyWrites: ["User:*"], quiet: 500ms}
                ---
                apiVersion: spillway/v1
                kind: Topic
                metadata: {name: orders.placed}
                spec: {failoverGroup: orders, partitions: 1, replicationFactor: 3, configs: {min.insync.replicas: 2}}
                ---
                apiVersion: spillway/v1
                kind: ClientBinding
                metadata: {name: shop}
                spec:
                  failoverGroup: orders
                  publish: [{file: {path: out/shop.json, format: JSON}}]

                """
            try follower.write(
                to: stage.folder.appendingPathComponent("manifests/orders.yaml"), atomically: true, encoding: .utf8)
            try await stage.apply()
            try await eventually {
                try await stage.mirrors(on: "east")["orders.placed"] == ["ACTIVE"] ? () : nil
            }
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try stage.read("out/shop.json").contains("us-east-1"))
            #expect(outcome.output.components(separatedBy: "point of no return:").count == 2, "\(outcome.output)")
            #expect(try await stage.mirrors(on: "west")["orders.placed"] == ["ACTIVE"])
            #expect(try await stage.mirrors(on: "west").count == 13)
        }
    }
}

extension Stage {
    /// Runs a test in which the group has got a third member, north.
    static func withThree(_ body: @escaping @Sendable (Stage) async throws -> Void) async throws {
        try await withPair { stage in
            try stage.edit(
                "manifests/sites.yaml", "  - {metadata: {name: prod-east}}",
                "  - {metadata: {name: prod-east}}\n  - {metadata: {name: prod-north}}")
            try stage.edit(
                "manifests/sites.yaml", "region: us-east-1}}",
                "region: us-east-1}}\n  - {metadata: {name: north}, spec: {environment: prod-north, region: eu-north-1}}"
            )
            try stage.edit("manifests/group.yaml", "members: [west, east]", "members: [west, east, north]")
            try stage.edit(
                "manifests/clients.yaml",
                "kafka: {apiKey: {env: CHECKOUT_EAST_KEY}, apiSecret: {env: CHECKOUT_EAST_SECRET}}",
                """
                kafka: {apiKey: {env: CHECKOUT_EAST_KEY}, apiSecret: {env: CHECKOUT_EAST_SECRET}}
                    north:
                      kafka: {apiKey: {env: KAFKA_KEY}, apiSecret: {env: KAFKA_SECRET}}
                """)
            try await stage.apply()
            try await stage.replicated("payments.ledger", to: "north")
            try await body(stage)
        }
    }
}
