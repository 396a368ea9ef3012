import Foundation
import TestSupport
import Testing

@Suite("Adopt, release, delete and the other kinds of links, end to end")
struct LifecycleTests {
    @Test("without its ledger everything is adopted as it is, and then nothing is left to do")
    func adopt() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2)
            #expect(plan.output.contains("to adopt"), "\(plan.output)")
            #expect(plan.output.contains("0 to add"), "\(plan.output)")
            try await stage.apply()
            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)")
        }
    }

    @Test("--adopt-only takes ownership of what differs and changes nothing")
    func adoptOnly() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let west = try await stage.kafka("west")
            let config = "\(west)/topics/payments.audit/configs/retention.ms"
            try await stage.http.send("PUT", config, #"{"value": "1000"}"#)
            let adopted = try await stage.spillway("apply", "--auto-approve", "--adopt-only")
            #expect(adopted.code == 0, "\(adopted.output)\(adopted.diagnostics)")
            #expect(try await stage.http.get(config)["value"].string == "1000")
            try await stage.apply()
            #expect(try await stage.http.get(config)["value"].string == "2592000000")
        }
    }

    @Test("a topic that leaves the manifests stays unless its policy is Delete and the workspace allows it")
    func leaving() async throws {
        try await Stage.with { stage in
            try stage.edit(
                "manifests/group.yaml", #"topics: {include: ["payments.*"]}"#, #"topics: {include: ["payments.a*"]}"#)
            let topics = """
                ---
                apiVersion: spillway/v1
                kind: Topic
                metadata: {name: audit-copy}
                spec: {cluster: west, partitions: 1}
                ---
                apiVersion: spillway/v1
                kind: Topic
                metadata: {name: scratch}
                spec: {cluster: west, partitions: 1, deletionPolicy: Delete}
                """
            let file = stage.folder.appendingPathComponent("manifests/extra.yaml")
            try topics.write(to: file, atomically: true, encoding: .utf8)
            try await stage.apply()
            try FileManager.default.removeItem(at: file)

            let refused = try await stage.spillway("apply", "--auto-approve")
            #expect(refused.code == 4, "\(refused.output)\(refused.diagnostics)")
            #expect(refused.output.contains("maxDeletions"))
            try stage.edit("spillway.yaml", "policy: {", "policy: {maxDeletions: 1, ")
            try await stage.apply()
            let west = try await stage.kafka("west")
            let names = try await stage.http.get("\(west)/topics")["data"].array.compactMap { $0["topic_name"].string }
            #expect(names.contains("audit-copy"))
            #expect(!names.contains("scratch"))
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("a bidirectional group has a link half on both sides and mirrors on the standby")
    func bidirectional() async throws {
        try await Stage.with { stage in
            try stage.edit(
                "manifests/group.yaml", "link: {consumerOffsetSync: {interval: 10s}}",
                "link: {mode: Bidirectional, consumerOffsetSync: {interval: 10s}}")
            try await stage.apply()
            for side in ["west", "east"] {
                let base = try await stage.kafka(side)
                let configs = try await stage.http.get("\(base)/links/payments-east-west/configs")["data"].array
                #expect(configs.first { $0["name"].string == "link.mode" }?["value"].string == "BIDIRECTIONAL")
            }
            let east = try await stage.kafka("east")
            let mirrors = try await stage.http.get("\(east)/links/-/mirrors")["data"].array
            #expect(mirrors.count == 12)
            #expect(mirrors.allSatisfy { $0["mirror_status"].string == "ACTIVE" })
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 0, "\(plan.output)")
        }
    }

    @Test("a source-initiated link with a prefix and an exporter into a context of its own converge")
    func plainLinks() async throws {
        try await Stage.with { stage in
            let links = """
                apiVersion: spillway/v1
                kind: ClusterLink
                metadata: {name: audit-hub}
                spec:
                  source: west
                  destination: east
                  initiator: west
                  prefix: west.
                  mirrorTopics: {include: ["audit.*"]}
                ---
                apiVersion: spillway/v1
                kind: Topic
                metadata: {name: audit.logins}
                spec: {cluster: west, partitions: 2}
                ---
                apiVersion: spillway/v1
                kind: SchemaLink
                metadata: {name: west-to-hub}
                spec: {source: prod-west, destination: prod-east, contextType: CUSTOM, context: west, subjects: ["audit*"]}
                """
            for file in ["topics.yaml", "group.yaml", "clients.yaml"] {
                try FileManager.default.removeItem(at: stage.folder.appendingPathComponent("manifests/\(file)"))
            }
            try links.write(
                to: stage.folder.appendingPathComponent("manifests/links.yaml"), atomically: true, encoding: .utf8)
            try await stage.apply()
            try await stage.apply()
            let east = try await stage.kafka("east")
            let mirrors = try await stage.http.get("\(east)/links/audit-hub/mirrors")["data"].array
            #expect(mirrors.compactMap { $0["mirror_topic_name"].string } == ["west.audit.logins"])
            let registry = try await stage.registry(in: "us-east-1")
            #expect(try await stage.http.get("\(registry)/mode/:.west:")["mode"].string == "IMPORT")
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 0, "\(plan.output)")
        }
    }

    @Test("a changed client secret is published again, a foreign edit is put back, other keys stay")
    func bindings() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            let file = stage.folder.appendingPathComponent("out/checkout.properties")
            let text = try stage.read("out/checkout.properties")
                .replacingOccurrences(of: "security.protocol=SASL_SSL", with: "security.protocol=PLAINTEXT")
            try ("# ours\nclient.id=checkout-7\n" + text).write(to: file, atomically: true, encoding: .utf8)
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 2)
            var spillway = stage.spillway
            spillway.environment["CHECKOUT_WEST_SECRET"] = "rotated-client-secret"
            let outcome = try await spillway("apply", "--auto-approve")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let now = try stage.read("out/checkout.properties")
            #expect(now.contains("rotated-client-secret") && !now.contains("west-client-secret"))
            #expect(now.contains("security.protocol=SASL_SSL"))
            #expect(now.contains("# ours\nclient.id=checkout-7\n"))
        }
    }

    @Test("a change of primary that a gate stands against is refused, and nothing moves")
    func changeOfPrimary() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try stage.edit("manifests/group.yaml", "primary: west", "primary: east")
            try stage.edit("manifests/group.yaml", #"fence: {denyWrites: ["User:*"]}"#, "")
            let outcome = try await stage.spillway("apply", "--auto-approve", "--confirm-primary", "payments=east")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("manifests/group.yaml:"), "\(outcome.output)")
            #expect(try stage.read("out/checkout.properties").contains("primary=west"))
        }
    }
}
