import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Readiness, end to end")
struct StatusTests {
    private static func report(_ outcome: Spillway.Outcome) throws -> JSONValue {
        try JSONValue(parsing: outcome.output)
    }

    @Test("a healthy pair is ready: the server accepts every mirror, clients sign in, and nothing is changed by asking")
    func ready() async throws {
        try await Stage.withPair { stage in
            let outcome = try await stage.spillway("status", "--check", "-o", "json")
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
            let takeover = try #require(Self.report(outcome)["groups"].array.first?["takeovers"].array.first)
            #expect(takeover["member"].string == "east")
            #expect(takeover["isPossible"] == .bool(true))
            #expect(takeover["mirrorsAsked"].int == 12)
            #expect(takeover["notChecked"].array.isEmpty)
            #expect(takeover["lag"]["records"].int == 0)
            #expect(takeover["expectedMilliseconds"].int ?? 0 > 0)
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["ACTIVE"] })
            #expect(try await stage.denials(on: "west") == 0)
            #expect(try await stage.mode(in: "us-east-1") == "IMPORT")
            let text = try await stage.spillway("status")
            #expect(text.output.contains("east could take over now: the server accepts 12 of 12 mirrors"))
            let metrics = try await stage.spillway("status", "-o", "prometheus")
            #expect(metrics.output.contains(#"spillway_takeover_possible{workspace="quickstart",group="payments","#))
        }
    }

    @Test("what stands against a failover is told before it is needed, by exit 4 and in words")
    func refused() async throws {
        try await Stage.withPair { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"effect": "itemErrors", "method": "POST", "path": "/kafka/v3/", "topics": ["payments.audit"], "code": 500}"#
            )
            let outcome = try await stage.spillway("status", "--check")
            #expect(outcome.code == 4, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("the server refuses payments.audit"), "\(outcome.output)")
            #expect(outcome.output.contains("A failover now would be refused: payments."))
            #expect(try await stage.spillway("status").code == 0)
        }
    }

    @Test("credentials that do not work at the standby are exit 3: it would take over, and clients could not work")
    func clients() async throws {
        try await Stage.withPair { original in
            var stage = original
            stage.spillway.environment["CHECKOUT_EAST_KEY"] = nil
            let outcome = try await stage.spillway("status", "--check")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("clients: checkout"), "\(outcome.output)")
            stage.spillway.environment["CHECKOUT_EAST_KEY"] = "WRONGKEY"
            let wrong = try await stage.spillway("status", "--check")
            #expect(wrong.code == 3, "\(wrong.output)\(wrong.diagnostics)")
            #expect(wrong.output.contains("refuses its credentials"), "\(wrong.output)")
        }
    }

    @Test(
        "with the primary silent the standby is ready still, and the silence is exit 3; with the standby silent, exit 4"
    )
    func silent() async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "down")
            let survivor = try await stage.spillway("status", "--check", "-o", "json")
            #expect(survivor.code == 3, "\(survivor.output)\(survivor.diagnostics)")
            let takeover = try Self.report(survivor)["groups"].array.first?["takeovers"].array.first
            #expect(takeover?["isPossible"] == .bool(true))
            try await stage.set("us-west-2", "up")
            try await stage.set("us-east-1", "down")
            let alone = try await stage.spillway("status", "--check")
            #expect(alone.code == 4, "\(alone.output)\(alone.diagnostics)")
            #expect(alone.output.contains("east could not take over now"), "\(alone.output)")
        }
    }

    @Test("readings are kept on request, and say how old the records are that a failover loses")
    func readings() async throws {
        try await Stage.withPair { stage in
            try await stage.lagIsKnown()
            let before = try await stage.spillway("status")
            #expect(before.output.contains("within the objective"), "\(before.output)")
            for count in 1...2 {
                let outcome = try await stage.spillway("status", "--record", "-o", "json")
                #expect(outcome.code == 0, "\(outcome.output)\(outcome.diagnostics)")
                #expect(try Self.report(outcome)["groups"].array.first?["age"]["readings"].int == count)
            }
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            #expect(try await stage.spillway("status").code == 0)
            let lost = try await stage.spillway("status", "--record")
            #expect(lost.code == 8, "\(lost.output)\(lost.diagnostics)")
            #expect(lost.diagnostics.contains("the first spillway apply creates it"), "\(lost.diagnostics)")
        }
    }

    @Test("a selector leaves the groups and bindings that carry the labels")
    func selected() async throws {
        try await Stage.withPair { stage in
            try stage.edit("manifests/group.yaml", "{name: payments}", "{name: payments, labels: {team: pay}}")
            let chosen = try await stage.spillway("status", "-l", "team=pay", "-o", "json")
            #expect(try Self.report(chosen)["groups"].array.count == 1)
            #expect(try Self.report(chosen)["bindings"].array.isEmpty)
            let nobody = try await stage.spillway("status", "-l", "team=nobody", "-o", "json")
            #expect(nobody.code == 64)
            #expect(nobody.diagnostics.contains("team=pay"), "\(nobody.diagnostics)")
        }
    }
}
