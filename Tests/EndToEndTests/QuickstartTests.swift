import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("The quickstart, end to end")
struct QuickstartTests {
    @Test("apply makes two regions converge, and nothing is left to do")
    func converges() async throws {
        try await Stage.with { stage in
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan.output)\n\(plan.diagnostics)")
            try await stage.apply()
            let again = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(again.code == 0, "\(again.output)\n\(again.diagnostics)")
            #expect(again.output.contains("No changes."))

            let east = try await stage.kafka("east")
            let mirrors = try await stage.http.get("\(east)/links/-/mirrors")["data"].array
            #expect(mirrors.count == 12)
            #expect(mirrors.allSatisfy { $0["mirror_status"].string == "ACTIVE" })
            let configs = try await stage.http.get("\(east)/links/payments-west-east/configs")["data"].array
            func config(_ name: String) -> String? { configs.first { $0["name"].string == name }?["value"].string }
            #expect(config("consumer.offset.sync.enable") == "true")
            #expect(config("consumer.offset.sync.ms") == "10000")
            #expect(config("consumer.offset.group.filters")?.contains("INCLUDE") == true)

            let bootstrap = try #require(
                try await stage.overview()["clusters"].array.first { $0["display_name"].string == "west" }?["bootstrap"]
                    .string)
            let properties = try stage.read("out/checkout.properties")
            #expect(
                properties.contains("bootstrap.servers=\(bootstrap.replacingOccurrences(of: ":", with: "\\:"))")
                    || properties.contains("bootstrap.servers=\(bootstrap)"))
            #expect(properties.contains("west-client-secret"))
            let attributes = try FileManager.default.attributesOfItem(
                atPath: stage.folder.appendingPathComponent("out/checkout.properties").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try stage.read("out/reporting.json").contains(bootstrap))
        }
    }

    @Test("schemas registered in the primary appear in the DR registry with the same ids, which is in IMPORT")
    func schemas() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            let west = try await stage.registry(in: "us-west-2")
            let east = try await stage.registry(in: "us-east-1")
            #expect(try await stage.http.get("\(east)/mode")["mode"].string == "IMPORT")
            #expect(try await stage.http.get("\(west)/mode")["mode"].string == "READWRITE")
            #expect(try await stage.http.get("\(west)/config")["compatibilityLevel"].string == "BACKWARD")
            let registered = try await stage.http.send(
                "POST", "\(west)/subjects/payments.captured-value/versions",
                #"{"schema": "{\"type\": \"record\", \"name\": \"Captured\", \"fields\": []}"}"#)
            #expect(try await stage.http.get("\(west)/exporters/payments/status")["state"].string == "RUNNING")
            let copied = try await eventually {
                let subjects = try await stage.http.get("\(east)/subjects").array
                return subjects.isEmpty
                    ? nil : try await stage.http.get("\(east)/subjects/payments.captured-value/versions/latest")
            }
            #expect(copied["id"].int == registered["id"].int)
        }
    }

    @Test("a changed manifest is shown field by field, applied, and then equal")
    func change() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            try stage.edit("manifests/topics.yaml", "retention.ms: 30d", "retention.ms: 90d")
            let plan = try await stage.spillway("plan", "--detailed-exitcode")
            #expect(plan.code == 2)
            #expect(plan.output.contains("retention.ms"))
            #expect(plan.output.contains("1 to change"), "\(plan.output)")
            try await stage.apply()
            let west = try await stage.kafka("west")
            let config = try await stage.http.get("\(west)/topics/payments.audit/configs/retention.ms")
            #expect(config["value"].string == "7776000000")
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 0)
        }
    }

    @Test("a change by hand is drift, and plan puts it back")
    func drift() async throws {
        try await Stage.with { stage in
            try await stage.apply()
            let calm = try await stage.spillway("drift")
            #expect(calm.code == 0, "\(calm.output)\(calm.diagnostics)")
            let west = try await stage.kafka("west")
            try await stage.http.send(
                "PUT", "\(west)/topics/payments.audit/configs/retention.ms", #"{"value": "1000"}"#)
            let drift = try await stage.spillway("drift")
            #expect(drift.code == 2)
            #expect(drift.output.contains("retention.ms"))
            #expect(try await stage.spillway("plan", "--detailed-exitcode").code == 2)
            try await stage.apply()
            #expect(try await stage.spillway("drift").code == 0)
        }
    }

    @Test("no secret is in any output, the ledger, or a saved plan")
    func secrets() async throws {
        try await Stage.with { stage in
            let secrets = ["simulator-secret", "west-client-secret", "east-client-secret"]
            var texts: [String] = []
            for arguments in [
                ["plan", "--out", "plan.json", "--expand"], ["apply", "--auto-approve", "-v"], ["plan", "-o", "json"],
                ["status", "-o", "json"], ["state", "list", "-o", "json"], ["runs", "-o", "json"],
                ["drift", "-o", "json"],
            ] {
                let outcome = try await stage.spillway.start(arguments).outcome()
                texts += [outcome.output, outcome.diagnostics]
            }
            texts.append(try stage.read("plan.json"))
            let state = try Data(contentsOf: stage.folder.appendingPathComponent(".spillway/state.db"))
            texts.append(String(decoding: state, as: UTF8.self))
            for secret in secrets {
                #expect(!texts.contains { $0.contains(secret) })
            }
            #expect(try stage.read("out/checkout.properties").contains("west-client-secret"))
        }
    }
}
