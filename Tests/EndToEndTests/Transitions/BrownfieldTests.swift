import Foundation
import SimulatorServer
import Testing
import TestSupport

@Suite("Moves of what was there before, end to end")
struct BrownfieldTests {
    @Test("links, mirrors and exporters of a forgotten ledger are adopted without a change, and fail over by the line")
    func adopted() async throws {
        try await Stage.withPair { stage in
            try FileManager.default.removeItem(at: stage.folder.appendingPathComponent(".spillway"))
            let writes = try await stage.writes(at: "us-east-1/kafka").count
            let adopting = try await stage.spillway("apply", "--auto-approve")
            #expect(adopting.code == 0, "\(adopting.output)\(adopting.diagnostics)")
            #expect(try await stage.writes(at: "us-east-1/kafka").count == writes)
            let owned = try await stage.spillway("state", "list", "-o", "json")
            #expect(owned.output.contains("mirror/east/payments.ledger"), "\(owned.output)")
            try await FailoverTests.failOver(stage)
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] })
        }
    }

    @Test("a failover that was made by hand is explained by the next plan, before anything is declared")
    func explained() async throws {
        try await Stage.withPair { stage in
            let east = try await stage.kafka("east")
            let topics = try await stage.mirrors(on: "east").keys.map { "\"\($0)\"" }.joined(separator: ",")
            try await stage.http.send(
                "POST", "\(east)/links/payments-west-east/mirrors:failover", #"{"mirror_topic_names": [\#(topics)]}"#)
            try await eventually {
                try await stage.mirrors(on: "east").values.allSatisfy { $0 == ["STOPPED"] } ? () : nil
            }
            let status = try await stage.spillway("status", "--check")
            #expect([3, 4].contains(status.code), "\(status.output)\(status.diagnostics)")
            #expect(status.output.contains("NOT PROTECTED"), "\(status.output)")
            let plan = try await stage.spillway("plan")
            #expect(plan.code == 4, "\(plan.output)")
            #expect(plan.output.contains("a mirror that was stopped by hand"), "\(plan.output)")
            #expect(plan.output.contains("`primary: east`"), "\(plan.output)")
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
        }
    }

    @Test("with a fence of some principals the old copies may hold what nobody else has: they ask for a token")
    func unlisted() async throws {
        let group = Stage.Group(fence: #"{denyWrites: ["User:sa-checkout"], quiet: 500ms}"#)
        try await Stage.withPair(group) { stage in
            let outcome = try await stage.move(to: "east", from: "west")
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(outcome.output.contains("the fence is partial"), "\(outcome.output)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            try await stage.produce(to: "payments.ledger", on: "west", 4)
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 54)
            let again = try await stage.spillway("apply", "--auto-approve")
            #expect(again.code == 3, "\(again.output)\(again.diagnostics)")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 54)
            let plan = try await stage.spillway("plan", "-o", "json")
            let token = try #require(plan.output.firstMatch(of: /west@1-[0-9a-f]+/).map { String($0.0) })
            try stage.declare("discard: [\(token)]")
            let discarded = try await stage.spillway("apply", "--auto-approve")
            #expect(discarded.code == 0, "\(discarded.output)\(discarded.diagnostics)")
            try await stage.replicated("payments.ledger", to: "west")
            #expect(try await stage.records(of: "payments.ledger", on: "west") == 50)
        }
    }

    @Test("a stuck link is deleted by force on request, and its topics serve where they ended")
    func detached() async throws {
        try await Stage.withPair { stage in
            try await stage.http.send(
                "POST", "\(stage.endpoints.admin)/faults",
                #"{"effect": "itemErrors", "method": "POST", "path": "/kafka/v3/", "topics": ["payments.audit"], "code": 500}"#
            )
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            let stuck = try await stage.move(to: "east", from: "west")
            #expect(stuck.code == 7, "\(stuck.output)\(stuck.diagnostics)")
            let outcome = try await stage.runMove(to: "east", ["--detach", "east/payments-west-east"])
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=east epoch=1"))
            #expect(try await stage.http.get("\(try await stage.kafka("east"))/links")["data"].array.isEmpty)
            #expect(try await stage.records(of: "payments.ledger", on: "east") == 50)
        }
    }

    @Test("a saved failover is refused when reality moved on: nothing is done, and the reason is told")
    func stale() async throws {
        try await Stage.withPair { stage in
            try await stage.set("us-west-2", "down")
            try stage.declare(FailoverTests.consent)
            try stage.setPrimary("east", from: "west")
            let saved = try await stage.spillway("plan", "--out", "plan.json")
            #expect(saved.code == 0, "\(saved.output)\(saved.diagnostics)")
            let east = try await stage.kafka("east")
            try await stage.http.send(
                "POST", "\(east)/links/payments-west-east/mirrors:failover",
                #"{"mirror_topic_names": ["payments.audit"]}"#)
            try await eventually {
                try await stage.mirrors(on: "east")["payments.audit"] == ["STOPPED"] ? () : nil
            }
            let outcome = try await stage.spillway("apply", "plan.json")
            #expect([4, 5].contains(outcome.code), "\(outcome.output)\(outcome.diagnostics)")
            #expect(try stage.read("out/checkout.properties").contains("primary=west"))
            #expect(try await stage.mirrors(on: "east")["payments.ledger"] == ["ACTIVE"])
        }
    }
}
