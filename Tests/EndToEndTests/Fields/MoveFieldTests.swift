import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Fields that only a move reads, as the simulator's log tells them")
struct MoveFieldTests {
    /// What happened in a move from west to east.
    private struct Log {
        let events: [JSONValue]
        let stage: Stage

        init(_ stage: Stage) async throws {
            self.stage = stage
            events = try await stage.http.get("\(stage.endpoints.admin)/events").array
        }

        /// Principals that were denied on a cluster.
        func denied(on cluster: String) async throws -> Set<String> {
            let id = try await stage.clusterID(cluster)
            return Set(
                events.filter { $0["event"].string == "acl" && $0["cluster"].string == id && $0["present"] == true }
                    .compactMap { $0["binding"].string?.split(separator: " ").dropFirst(3).first.map(String.init) })
        }

        /// Modes that registries were put into.
        var modes: Set<String> {
            Set(events.filter { $0["event"].string == "mode" }.compactMap { $0["mode"].string })
        }

        /// Whether clients appended to a topic of a cluster.
        func appended(to topic: String, on cluster: String) async throws -> Bool {
            let id = try await stage.clusterID(cluster)
            return events.contains {
                $0["event"].string == "append" && $0["topic"].string == topic && $0["cluster"].string == id
            }
        }

        /// Milliseconds from the first denial to the first mirror that was promoted.
        func stillness() throws -> Int {
            let fence = try #require(events.first { $0["event"].string == "acl" }?["time"].int)
            let promotion = try #require(
                events.first { $0["event"].string == "row" && $0["status"].string == "PENDING_STOPPED" }?["time"].int)
            return promotion - fence
        }
    }

    @Test("who is denied, how long stillness lasts, the registry that stays open, the record that is sent")
    func set() async throws {
        let fence = #"{denyWrites: ["User:a", "User:b"], quiet: 3s, registry: false}"#
        try await Stage.withPair(.init(reprotect: "Manual", fence: fence)) { stage in
            let outcome = try await stage.move(to: "east", from: "west")
            #expect([0, 3].contains(outcome.code), "\(outcome.output)\(outcome.diagnostics)")
            let log = try await Log(stage)
            #expect(try await log.denied(on: "west") == ["User:a", "User:b"])
            #expect(!log.modes.contains("READONLY"))
            #expect(try await log.appended(to: "payments.canary", on: "east"))
            #expect(try log.stillness() >= 3000)
            #expect(try await stage.mirrors(on: "west").isEmpty, "Manual: nothing is mirrored back")
        }
    }

    @Test(
        "others are denied, the registry is closed by default, no record is sent without a canary; too soon is refused")
    func changed() async throws {
        try await Stage.withPair { stage in
            try stage.edit("manifests/group.yaml", #"denyWrites: ["User:*"], quiet: 500ms"#, #"denyWrites: ["User:*"]"#)
            try stage.edit("manifests/group.yaml", "  canary: payments.canary\n", "")
            try stage.edit("spillway.yaml", "drain: 5s", "drain: 2m")
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let log = try await Log(stage)
            #expect(try await log.denied(on: "west") == ["User:*"])
            #expect(log.modes.contains("READONLY"))
            #expect(try await !log.appended(to: "payments.canary", on: "east"))
            #expect(try log.stillness() >= 10_000, "the default")
            #expect(try await !stage.mirrors(on: "west").isEmpty, "Recreate: it is mirrored back")
            func gates() async throws -> [String] {
                let plan = try await stage.spillway("plan", "--output", "json")
                return try JSONValue(parsing: plan.output)["refusals"].array.compactMap { $0["gate"].string }
            }
            try stage.setPrimary("west", from: "east")
            #expect(try await gates() == [])
            try stage.edit("spillway.yaml", "quietPeriod: 0s", "quietPeriod: 1h")
            #expect(try await gates() == ["QuietPeriod"])
            try stage.edit("spillway.yaml", "quietPeriod: 1h, ", "")
            #expect(try await gates() == ["QuietPeriod"], "the default is ten minutes")
        }
    }
}
