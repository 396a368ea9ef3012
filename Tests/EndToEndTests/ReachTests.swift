import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Regions that do not answer, end to end")
struct ReachTests {
    @Test("with the primary black-holed a plan still comes, and says which endpoint is silent")
    func blackHole() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try stage.edit("spillway.yaml", "unreachableAfter: 5s", "unreachableAfter: 1s")
            try await stage.set("us-west-2", "blackhole")
            let plan = try await stage.spillway("plan")
            #expect(plan.code == 3, "\(plan.output)\(plan.diagnostics)")
            #expect(plan.output.contains("unreachable"))
            #expect(plan.output.contains("was protected until"), "\(plan.output)")
            #expect(plan.output.contains("primary: east") && plan.output.contains("failover: {from: west"))
            try await stage.set("us-west-2", "up")
            try stage.edit("spillway.yaml", "unreachableAfter: 1s", "unreachableAfter: 30s")
            try await eventually { try await stage.spillway("plan", "--detailed-exitcode").code == 0 ? () : nil }
        }
    }

    @Test("with the control plane down ids and endpoints come from the ledger")
    func controlPlaneDown() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try await stage.set("control", "down")
            try stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 90d")
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan.output)\(plan.diagnostics)")
            #expect(plan.output.contains("1 to change"), "\(plan.output)")
            let applied = try await stage.spillway("apply", "--auto-approve", "--allow-deferred")
            #expect(applied.code == 0, "\(applied.output)\(applied.diagnostics)")
        }
    }

    @Test("a registry that answers HTML is broken, and everything else goes on")
    func html() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"path": "/mode", "effect": "html", "status": 200, "body": "<html>proxy</html>"}"#)
            let plan = try await stage.spillway("plan")
            #expect(plan.code == 3, "\(plan.output)\(plan.diagnostics)")
            #expect(plan.output.contains("broken"), "\(plan.output)")
        }
    }

    @Test("credentials that are wrong are an error with its remedy, not something that passes by itself")
    func wrongCredentials() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            var stage = stage
            stage.spillway.environment["KAFKA_SECRET"] = "not-the-secret"
            for arguments in [["plan"], ["plan", "--detailed-exitcode"], ["apply", "--auto-approve"]] {
                let outcome = try await stage.spillway.start(arguments).outcome()
                #expect(outcome.code == 1, "\(outcome.output)\(outcome.diagnostics)")
                #expect(outcome.output.contains("does not pass by itself"), "\(outcome.output)")
            }
        }
    }

    @Test("the number of requests of a plan without changes does not depend on the number of topics")
    func requestCount() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            let few = try await requests(of: stage)
            var topics = try stage.read("manifests/topics.yaml")
            for number in 0..<150 {
                topics += "  - {metadata: {name: payments.more-\(number)}, spec: {partitions: 1}}\n"
            }
            try topics.write(
                to: stage.folder.appendingPathComponent("manifests/topics.yaml"), atomically: true, encoding: .utf8)
            try await stage.apply()
            #expect(try await requests(of: stage) == few)
        }
    }

    private func requests(of stage: Stage) async throws -> Int {
        try await stage.http.send("DELETE", "\(stage.endpoints.admin)/counts", nil)
        #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        let counts = try await stage.overview()["requests"]
        return counts.keys.filter { !$0.contains("_sim") }.reduce(0) { total, name in
            total + adminFree(counts[name]["byTemplate"])
        }
    }

    private func adminFree(_ templates: JSONValue) -> Int {
        templates.keys.filter { !$0.contains("_sim") }.reduce(0) { $0 + (templates[$1].int ?? 0) }
    }
}
